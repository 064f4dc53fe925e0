import type { Locale } from './en.ts';

export const fr: Locale = {
  occasions: {
    '911': {
      title: '{callTitle}',
      message: '{call.caller}, {call.location} : {call.description}',
      plural: 'appels au 911',
    },
    panic: {
      title: 'Bouton panique',
      message: "{unitName} a besoin d'aide immédiatement ! Dernier lieu connu : {unit.location}",
      plural: 'alertes panique',
    },
    panicReset: { title: 'Bouton panique', message: "{unitName} a levé l'alerte panique.", plural: 'alertes levées' },
    attached: {
      title: "Affecté à l'intervention {call.callId}",
      message: '{call.code} {call.title} – {place}. {call.description}',
      plural: 'interventions affectées',
    },
    detached: {
      title: "Retiré de l'intervention {call.callId}",
      message: '{call.title} – {place}',
      plural: "retraits d'intervention",
    },
    note: { title: 'Intervention {call.callId} : note de {note.label}', message: '{note.content}', plural: 'notes' },
    callEdited: {
      title: 'Intervention {call.callId} modifiée',
      message: '{changes}',
      plural: 'interventions modifiées',
    },
    callClosed: {
      title: 'Intervention {call.callId} terminée',
      message: '{call.title} – {place}',
      plural: 'interventions terminées',
    },
    responding: {
      title: 'Les secours arrivent',
      message: '{unitName} répond à votre appel.',
      plural: 'unités en route',
    },
    tone: { title: 'Tonalité', message: 'Le central a émis une tonalité pour votre unité.', plural: 'tonalités' },
    page: { title: 'Bip : {natureTitle}', message: '{body}', plural: 'messages de bip' },
    stationAlert: { title: 'Alerte en caserne', message: '{stations}', plural: 'alertes en caserne' },
    accountLinked: {
      title: 'Compte lié',
      message: 'Votre compte CAD est maintenant lié à ce serveur.',
      plural: 'comptes liés',
    },
    streetSign: {
      title: 'Panneau routier',
      message: '{signData.text1} {signData.text2} {signData.text3}',
      plural: 'panneaux routiers',
    },
  },
  callTitles: {
    '911': "Appel d'urgence (911)",
    '311': 'Appel non urgent (311)',
    '511': 'Appel service routier (511)',
  },
  natures: { emergency: 'urgence', nonemergency: 'non urgent', administrative: 'administratif' },
  changes: { priority: 'Priorité : {after}', address: 'Adresse : {after}', postal: 'Code postal : {after}' },
  other: { plural: 'autres messages' },
  summary: { title: "Ce n'est pas tout", entry: '{count} × {what}' },
  preferences: {
    title: 'Notifications du CAD',
    on: 'Les notifications sont activées.',
    off: 'Les notifications sont désactivées. "/cadnotify on" les rétablit.',
    muted: 'Notifications en sourdine pendant {minutes} min.',
    usage: 'Utilisez /cadnotify on, /cadnotify off ou /cadnotify mute 10m.',
    gpsOn: 'Vos interventions sont indiquées sur votre GPS.',
    gpsOff: 'Les interventions ne sont plus indiquées sur votre GPS. "/dn gps on" rétablit cela.',
    gpsUsage: 'Utilisez /dn gps on ou /dn gps off.',
  },
};
