/** The texts for players in English. The other languages have the same shape. */
export const en = {
  /**
   * Templates of notifications (see docs/notifications.md). `plural` names several of a kind in the summary of a
   * burst.
   */
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
    attached: { title: 'Attached to call {call.callId}', plural: 'attached calls' },
    detached: { title: 'Detached from call {call.callId}', plural: 'detached calls' },
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
  summary: { title: 'More notifications', entry: '{count} × {what}' },
  preferences: {
    title: 'CAD notifications',
    on: 'Notifications are on.',
    off: 'Notifications are off. Switch them on with "/cadnotify on".',
    muted: 'Notifications are muted for {minutes} min.',
    usage: 'Use /cadnotify on, /cadnotify off or /cadnotify mute 10m.',
    gpsOn: 'Calls that you are attached to are marked on your GPS.',
    gpsOff: 'Calls are no longer marked on your GPS. Switch this on with "/{name} gps on".',
    gpsUsage: 'Use /{name} gps on or /{name} gps off.',
  },
  requests: {
    title: 'CAD',
    tooMany: 'Too many requests. Try again in a minute.',
    callFailed: 'Your call did not get through. Try again in a minute.',
    notOnDuty: 'This is for units on duty that are signed in to the CAD.',
    respondUsage: 'Use /{name} {respond} with the number of a call.',
    noteUsage: 'Use /{name} {note} with a text.',
    dispatcherDecides: 'A dispatcher is online and assigns the calls.',
    noSuchCall: 'There is no open call {callId}.',
    beingAnswered: 'Another unit is already answering call {callId}.',
    alreadyAttached: 'You are already attached to call {callId}.',
    responding: 'You are responding to call {callId}.',
    notAttached: 'You are not attached to any call.',
    noted: 'Note added to call {callId}.',
    refused: 'The CAD did not accept the request. Try again in a minute.',
    link: 'Open {url} and enter the code {code} within {minutes} min to link your CAD account.',
    alreadyLinked: 'Your CAD account is linked with this server.',
    noIdentifier: 'This server cannot identify you: it needs an identifier of the kind {kind}.',
  },
};

type Texts<Of> = { readonly [Name in keyof Of]: Of[Name] extends string ? string : Texts<Of[Name]> };

/** The texts for players in one language. */
export type Locale = Texts<typeof en>;
