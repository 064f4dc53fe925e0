import type { Locale } from './en.ts';

export const de: Locale = {
  occasions: {
    '911': { title: '{callTitle}', message: '{call.caller}, {call.location}: {call.description}', plural: 'Notrufe' },
    panic: {
      title: 'Paniktaste',
      message: '{unitName} braucht sofort Hilfe! Zuletzt gemeldet: {unit.location}',
      plural: 'Panikalarme',
    },
    panicReset: {
      title: 'Paniktaste',
      message: '{unitName} hat den Panikalarm zurückgenommen.',
      plural: 'zurückgenommene Alarme',
    },
    attached: {
      title: 'Einsatz {call.callId} zugeteilt',
      message: '{call.code} {call.title} – {place}. {call.description}',
      plural: 'zugeteilte Einsätze',
    },
    detached: {
      title: 'Von Einsatz {call.callId} abgezogen',
      message: '{call.title} – {place}',
      plural: 'Abzüge von Einsätzen',
    },
    note: { title: 'Einsatz {call.callId}: Notiz von {note.label}', message: '{note.content}', plural: 'Notizen' },
    callEdited: { title: 'Einsatz {call.callId} geändert', message: '{changes}', plural: 'geänderte Einsätze' },
    callClosed: {
      title: 'Einsatz {call.callId} beendet',
      message: '{call.title} – {place}',
      plural: 'beendete Einsätze',
    },
    responding: { title: 'Hilfe ist unterwegs', message: '{unitName} fährt zu Ihnen.', plural: 'anfahrende Einheiten' },
    tone: { title: 'Tonruf', message: 'Die Leitstelle hat einen Tonruf für Ihre Einheit gesendet.', plural: 'Tonrufe' },
    page: { title: 'Meldeempfänger: {natureTitle}', message: '{body}', plural: 'Meldungen' },
    stationAlert: { title: 'Wachenalarm', message: '{stations}', plural: 'Wachenalarme' },
    accountLinked: {
      title: 'Konto verknüpft',
      message: 'Ihr CAD-Konto ist jetzt mit diesem Server verknüpft.',
      plural: 'verknüpfte Konten',
    },
    streetSign: {
      title: 'Anzeigetafel',
      message: '{signData.text1} {signData.text2} {signData.text3}',
      plural: 'Anzeigetafeln',
    },
  },
  callTitles: { '911': 'Notruf (911)', '311': 'Anruf ohne Notfall (311)', '511': 'Anruf Straßendienst (511)' },
  natures: { emergency: 'Notfall', nonemergency: 'kein Notfall', administrative: 'Verwaltung' },
  changes: { priority: 'Priorität: {after}', address: 'Adresse: {after}', postal: 'Postleitzahl: {after}' },
  other: { plural: 'weitere Meldungen' },
  summary: { title: 'Es ist noch mehr geschehen', entry: '{count} × {what}' },
  preferences: {
    title: 'CAD-Meldungen',
    on: 'Meldungen sind eingeschaltet.',
    off: 'Meldungen sind ausgeschaltet. Mit "/cadnotify on" kommen sie wieder.',
    muted: 'Meldungen sind für {minutes} min stumm.',
    usage: 'Möglich sind /cadnotify on, /cadnotify off und /cadnotify mute 10m.',
    gpsOn: 'Ihre Einsätze werden im GPS markiert.',
    gpsOff: 'Einsätze werden nicht mehr im GPS markiert. Mit "/dn gps on" wieder schon.',
    gpsUsage: 'Möglich sind /dn gps on und /dn gps off.',
  },
};
