import type { PushEvent } from '../../push-events/push-event.ts';

/**
 * What JSON allows inside of a text and what is better not sent to a terminal, or to a reader of lines: control characters beyond
 * ASCII, separators that some take for the end of a line, marks of direction.
 */
const UNSAFE = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** @returns an event, exactly as it is handed to subscribers, as JSON on one line */
export function eventJson(event: PushEvent): string {
  return JSON.stringify(event).replace(UNSAFE, escaped);
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
