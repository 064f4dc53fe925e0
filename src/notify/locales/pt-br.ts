import type { Locale } from './en.ts';

export const ptBr: Locale = {
  occasions: {
    '911': {
      title: '{callTitle}',
      message: '{call.caller} em {call.location}: {call.description}',
      plural: 'chamadas 911',
    },
    panic: {
      title: 'Botão de pânico',
      message: '{unitName} precisa de ajuda agora! Último local conhecido: {unit.location}',
      plural: 'alarmes de pânico',
    },
    panicReset: {
      title: 'Botão de pânico',
      message: '{unitName} cancelou o alarme de pânico.',
      plural: 'alarmes cancelados',
    },
    attached: {
      title: 'Designado para a ocorrência {call.callId}',
      message: '{call.code} {call.title} – {place}. {call.description}',
      plural: 'ocorrências designadas',
    },
    detached: {
      title: 'Retirado da ocorrência {call.callId}',
      message: '{call.title} – {place}',
      plural: 'retiradas de ocorrência',
    },
    note: { title: 'Ocorrência {call.callId}: nota de {note.label}', message: '{note.content}', plural: 'notas' },
    callEdited: { title: 'Ocorrência {call.callId} alterada', message: '{changes}', plural: 'ocorrências alteradas' },
    callClosed: {
      title: 'Ocorrência {call.callId} encerrada',
      message: '{call.title} – {place}',
      plural: 'ocorrências encerradas',
    },
    responding: {
      title: 'A ajuda está a caminho',
      message: '{unitName} está atendendo a sua chamada.',
      plural: 'unidades a caminho',
    },
    tone: { title: 'Toque', message: 'A central emitiu um toque para a sua unidade.', plural: 'toques' },
    page: { title: 'Pager: {natureTitle}', message: '{body}', plural: 'mensagens de pager' },
    stationAlert: { title: 'Alerta na base', message: '{stations}', plural: 'alertas na base' },
    accountLinked: {
      title: 'Conta vinculada',
      message: 'Sua conta do CAD agora está vinculada a este servidor.',
      plural: 'contas vinculadas',
    },
    streetSign: {
      title: 'Painel de via',
      message: '{signData.text1} {signData.text2} {signData.text3}',
      plural: 'painéis de via',
    },
  },
  callTitles: {
    '911': 'Chamada de emergência (911)',
    '311': 'Chamada sem urgência (311)',
    '511': 'Chamada de serviço viário (511)',
  },
  natures: { emergency: 'emergência', nonemergency: 'sem urgência', administrative: 'administrativo' },
  changes: { priority: 'Prioridade: {after}', address: 'Endereço: {after}', postal: 'Código postal: {after}' },
  other: { plural: 'outras mensagens' },
  summary: { title: 'Aconteceu mais', entry: '{count} × {what}' },
  preferences: {
    title: 'Notificações do CAD',
    on: 'As notificações estão ligadas.',
    off: 'As notificações estão desligadas. "/cadnotify on" liga de novo.',
    muted: 'Notificações silenciadas por {minutes} min.',
    usage: 'Use /cadnotify on, /cadnotify off ou /cadnotify mute 10m.',
    gpsOn: 'As ocorrências para as quais você é designado são marcadas no seu GPS.',
    gpsOff: 'As ocorrências não são mais marcadas no seu GPS. "/dn gps on" volta a marcar.',
    gpsUsage: 'Use /dn gps on ou /dn gps off.',
  },
};
