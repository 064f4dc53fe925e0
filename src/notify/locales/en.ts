/** Every fixed text that players see, in English. The other languages have the same shape. */
export const en = {
  /** Templates, see docs/notifications.md; `plural` is what many of them are called in the summary of a burst. */
  triggers: {
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
    attached: { title: 'Attached to call {call.callId}', plural: 'calls attached to' },
    detached: { title: 'Detached from call {call.callId}', plural: 'calls detached from' },
    note: { title: 'Call {call.callId}: note by {note.label}', plural: 'notes' },
    callEdited: { title: 'Call {call.callId} was changed', plural: 'changed calls' },
    callClosed: { title: 'Call {call.callId} was closed', plural: 'closed calls' },
    responding: {
      title: 'Help is on the way',
      message: '{unitName} is responding to your call.',
      plural: 'responding units',
    },
    tone: { title: 'Tone', message: 'Dispatch has sounded a tone for your unit.', plural: 'tones' },
    page: { title: 'Page: {natureTitle}', plural: 'pages' },
    stationAlert: { title: 'Station alert', plural: 'station alerts' },
    accountLinked: {
      title: 'Account linked',
      message: 'Your CAD account is linked with this server now.',
      plural: 'linked accounts',
    },
    streetSign: { title: 'Street sign', plural: 'street signs' },
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
    gpsOff: 'Calls are not marked on your GPS any more. "/{name} gps on" brings that back.',
    gpsUsage: 'Use /{name} gps on or /{name} gps off.',
  },
  requests: {
    title: 'CAD',
    tooMany: 'That was too often: try again in a minute.',
    callFailed: 'Your call did not get through: try again in a minute.',
    notOnDuty: 'This is for units on duty that are signed in to the CAD.',
    respondUsage: 'Use /{name} {respond} and the number of a call.',
    noteUsage: 'Use /{name} {note} and what to note.',
    dispatcherDecides: 'A dispatcher is online and assigns the calls.',
    noSuchCall: 'There is no open call {callId}.',
    beingAnswered: 'Another unit is just taking call {callId}.',
    alreadyAttached: 'You are attached to call {callId} already.',
    responding: 'You are responding to call {callId}.',
    notAttached: 'You are attached to no call.',
    noted: 'Noted on call {callId}.',
    refused: 'The CAD has not taken that: try again in a minute.',
    link: 'Open {url} and enter the code {code} within {minutes} min to link your CAD account.',
    alreadyLinked: 'Your CAD account is linked with this server.',
    noIdentifier: 'This server cannot tell who you are: it asks for an identifier of the kind {kind}.',
  },
};

type Texts<Of> = { readonly [Name in keyof Of]: Of[Name] extends string ? string : Texts<Of[Name]> };

/** The fixed texts of one language. */
export type Locale = Texts<typeof en>;
