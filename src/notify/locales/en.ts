/** Every fixed text that players see, in English. The other languages have the same shape. */
export const en = {
  occasions: {
    '911': {
      title: '{callTitle}',
      message: '{call.caller} at {call.location}: {call.description}',
      plural: '911 calls',
    },
    panic: {
      title: 'Panic button',
      message: '{unitName} needs help now! Last known place: {unit.location}',
      plural: 'panic alarms',
    },
    panicReset: { title: 'Panic button', message: '{unitName} has reset the panic button.', plural: 'panic resets' },
    attached: {
      title: 'Attached to call {call.callId}',
      message: '{call.code} {call.title} – {place}. {call.description}',
      plural: 'calls attached to',
    },
    detached: {
      title: 'Detached from call {call.callId}',
      message: '{call.title} – {place}',
      plural: 'calls detached from',
    },
    note: { title: 'Call {call.callId}: note by {note.label}', message: '{note.content}', plural: 'notes' },
    callEdited: { title: 'Call {call.callId} was changed', message: '{changes}', plural: 'changed calls' },
    callClosed: { title: 'Call {call.callId} was closed', message: '{call.title} – {place}', plural: 'closed calls' },
    responding: {
      title: 'Help is on the way',
      message: '{unitName} is responding to your call.',
      plural: 'responding units',
    },
    tone: { title: 'Tone', message: 'Dispatch has sounded a tone for your unit.', plural: 'tones' },
    page: { title: 'Page: {natureTitle}', message: '{body}', plural: 'pages' },
    stationAlert: { title: 'Station alert', message: '{stations}', plural: 'station alerts' },
    accountLinked: {
      title: 'Account linked',
      message: 'Your CAD account is linked with this server now.',
      plural: 'linked accounts',
    },
    streetSign: {
      title: 'Street sign',
      message: '{signData.text1} {signData.text2} {signData.text3}',
      plural: 'street signs',
    },
  },
  callTitles: { '911': 'Emergency call (911)', '311': 'Non-emergency call (311)', '511': 'Road service call (511)' },
  natures: { emergency: 'emergency', nonemergency: 'non-emergency', administrative: 'administrative' },
  changes: { priority: 'Priority: {after}', address: 'Address: {after}', postal: 'Postal: {after}' },
  other: { plural: 'other messages' },
  summary: { title: 'More has happened', entry: '{count} × {what}' },
  preferences: {
    title: 'CAD notifications',
    on: 'Notifications are on.',
    off: 'Notifications are off. "/cadnotify on" brings them back.',
    muted: 'Notifications are muted for {minutes} min.',
    usage: 'Use /cadnotify on, /cadnotify off or /cadnotify mute 10m.',
    gpsOn: 'Calls that you are attached to are marked on your GPS.',
    gpsOff: 'Calls are not marked on your GPS any more. "/dn gps on" brings that back.',
    gpsUsage: 'Use /dn gps on or /dn gps off.',
  },
};

interface OccasionTexts {
  /** Templates, see docs/notifications.md. */
  readonly title: string;
  readonly message: string;
  /** What many of them are called in the summary of a burst. */
  readonly plural: string;
}

/** The fixed texts of one language. */
export type Locale = {
  readonly occasions: { readonly [Name in keyof (typeof en)['occasions']]: OccasionTexts };
} & {
  readonly [Part in Exclude<keyof typeof en, 'occasions'>]: { readonly [Name in keyof (typeof en)[Part]]: string };
};
