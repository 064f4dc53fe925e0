import { quoteText } from '../../lib/text.ts';
import { idOf, type ServerList, textOf } from './server-list.ts';

const MAX_NAMED_SERVERS = 5;

/** @returns the first servers of a list by id and name */
export function describeServers(list: ServerList): string {
  const shown = list
    .slice(0, MAX_NAMED_SERVERS)
    .map((entry) => `${shownAsIs(idOf(entry))} ${shownName(textOf(entry, 'name'))}`);
  return `${shown.join(', ')}${list.length > MAX_NAMED_SERVERS ? ', …' : ''}`;
}

/** @returns a name in double quotes */
export function shownName(text: string): string {
  const quoted = quoteText(text);
  return quoted.startsWith('"') ? quoted : `"${quoted}"`;
}

/** @returns text of the CAD's as it is, or in double quotes when something in it had to be made safe */
export function shownAsIs(text: string): string {
  const quoted = quoteText(text);
  return quoted === `"${text.replaceAll('"', '\\"')}"` ? text : quoted;
}

export const withoutDot = (sentence: string): string => sentence.replace(/\.$/, '');
