import type { Locale } from './en.ts';

export const es: Locale = {
  occasions: {
    '911': {
      title: '{callTitle}',
      message: '{call.caller} en {call.location}: {call.description}',
      plural: 'llamadas al 911',
    },
    panic: {
      title: 'Botón de pánico',
      message: '¡{unitName} necesita ayuda ya! Último lugar conocido: {unit.location}',
      plural: 'alarmas de pánico',
    },
    panicReset: {
      title: 'Botón de pánico',
      message: '{unitName} ha anulado la alarma de pánico.',
      plural: 'alarmas anuladas',
    },
    attached: {
      title: 'Asignado al aviso {call.callId}',
      message: '{call.code} {call.title} – {place}. {call.description}',
      plural: 'avisos asignados',
    },
    detached: {
      title: 'Retirado del aviso {call.callId}',
      message: '{call.title} – {place}',
      plural: 'avisos retirados',
    },
    note: { title: 'Aviso {call.callId}: nota de {note.label}', message: '{note.content}', plural: 'notas' },
    callEdited: { title: 'Aviso {call.callId} modificado', message: '{changes}', plural: 'avisos modificados' },
    callClosed: { title: 'Aviso {call.callId} cerrado', message: '{call.title} – {place}', plural: 'avisos cerrados' },
    responding: {
      title: 'La ayuda está en camino',
      message: '{unitName} acude a su llamada.',
      plural: 'unidades en camino',
    },
    tone: { title: 'Tono', message: 'La central ha emitido un tono para su unidad.', plural: 'tonos' },
    page: { title: 'Busca: {natureTitle}', message: '{body}', plural: 'mensajes de busca' },
    stationAlert: { title: 'Alerta en la estación', message: '{stations}', plural: 'alertas de estación' },
    accountLinked: {
      title: 'Cuenta vinculada',
      message: 'Su cuenta del CAD ya está vinculada con este servidor.',
      plural: 'cuentas vinculadas',
    },
    streetSign: {
      title: 'Panel de carretera',
      message: '{signData.text1} {signData.text2} {signData.text3}',
      plural: 'paneles de carretera',
    },
  },
  callTitles: {
    '911': 'Llamada de emergencia (911)',
    '311': 'Llamada no urgente (311)',
    '511': 'Llamada de servicio vial (511)',
  },
  natures: { emergency: 'emergencia', nonemergency: 'no urgente', administrative: 'administrativo' },
  changes: { priority: 'Prioridad: {after}', address: 'Dirección: {after}', postal: 'Código postal: {after}' },
  other: { plural: 'otros mensajes' },
  summary: { title: 'Han ocurrido más cosas', entry: '{count} × {what}' },
  preferences: {
    title: 'Notificaciones del CAD',
    on: 'Las notificaciones están activadas.',
    off: 'Las notificaciones están desactivadas. Con "/cadnotify on" vuelven.',
    muted: 'Notificaciones en silencio durante {minutes} min.',
    usage: 'Use /cadnotify on, /cadnotify off o /cadnotify mute 10m.',
    gpsOn: 'Los avisos que se le asignen se marcan en su GPS.',
    gpsOff: 'Los avisos ya no se marcan en su GPS. Con "/dn gps on" vuelven a marcarse.',
    gpsUsage: 'Use /dn gps on o /dn gps off.',
  },
};
