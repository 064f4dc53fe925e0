import { shownText } from './shown-text.mjs';

/**
 * @template {import('sonorancad/listener').PushEventType} Type @typedef
 * {import('sonorancad/listener').KnownPushEvent<Type>} Event
 */
/** @typedef {(ident: number) => string} NameOf */
/** @typedef {readonly [name: string, value: string | number | undefined]} Field */

// Discord's limits: https://docs.discord.com/developers/resources/message#embed-object-embed-limits
const MAX_TITLE = 256;
const MAX_DESCRIPTION = 4_096;
const MAX_VALUE = 1_024;
const MAX_IN_ALL = 6_000;

const RED = 0xe53935;
const ORANGE = 0xfb8c00;
const GREY = 0x78909c;

/** Creates the message about a new 911 call. @param {Event<'EVENT_911'>} event */
export function emergencyMessage({ data: { call }, receivedAt }) {
  const kind = call.isEmergency ? '911' : 'Non-emergency';
  return message(receivedAt, `${kind} call ${call.callId}`, call.isEmergency ? RED : ORANGE, call.description, [
    ['Caller', call.caller],
    ['Location', call.location],
    ['Postal', call.metaData?.postal],
  ]);
}

/** Creates the message about a panic button. @param {Event<'EVENT_UNIT_PANIC'>} event @param {NameOf} nameOf */
export function panicMessage({ data: { identIds, isPanic }, receivedAt }, nameOf) {
  return message(receivedAt, isPanic ? 'Panic button pressed' : 'Panic over', isPanic ? RED : GREY, '', [
    [identIds.length === 1 ? 'Unit' : 'Units', identIds.map(nameOf).join(', ')],
  ]);
}

/** Creates the message about closed calls. @param {Event<'EVENT_DISPATCH_CLOSED'>} event @param {NameOf} nameOf */
export function closedMessage({ data: { callIds, eventOriginIdent }, receivedAt }, nameOf) {
  const calls = callIds.length === 1 ? 'Call' : 'Calls';
  return message(receivedAt, `${calls} closed`, GREY, '', [
    [calls, callIds.join(', ')],
    ['By unit', eventOriginIdent === undefined ? undefined : nameOf(eventOriginIdent)],
  ]);
}

/**
 * Creates the JSON body of a message: typed text is escaped and truncated, empty fields are left out, and nobody is
 * pinged.
 *
 * @param {number} receivedAt milliseconds since 1970
 * @param {string} title a fixed text of the relay, which is not escaped
 * @param {number} color
 * @param {string} typed the description, as people typed it
 * @param {readonly Field[]} fields fixed names, with values as people typed them
 * @returns {string} JSON
 */
function message(receivedAt, title, color, typed, fields) {
  const description = shownText(typed, MAX_DESCRIPTION);
  let left = MAX_IN_ALL - title.length - description.length;
  const shown = [];
  for (const [name, content] of fields) {
    const room = Math.min(MAX_VALUE, left - name.length);
    const value = content === undefined || room < 1 ? '' : shownText(String(content), room);
    if (value === '') continue;
    left -= name.length + value.length;
    shown.push({ name, value, inline: true });
  }
  const embed = {
    title: title.slice(0, MAX_TITLE),
    ...(description !== '' && { description }),
    color,
    fields: shown,
    timestamp: new Date(receivedAt).toISOString(),
  };
  return JSON.stringify({ embeds: [embed], allowed_mentions: { parse: [] } });
}
