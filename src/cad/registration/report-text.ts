import { quoteText } from '../../lib/text.ts';
import { idOf, type ServerList, textOf } from './server-list.ts';

/** Upper bound of servers named in a sentence. Further ones become an ellipsis. */
const MAX_NAMED_SERVERS = 5;

/** Lists the first servers by id and name. */
export function describeServers(list: ServerList): string {
  const shown = list
    .slice(0, MAX_NAMED_SERVERS)
    .map((entry) => `${escapeUnsafe(idOf(entry))} ${quoteName(textOf(entry, 'name'))}`);
  return `${shown.join(', ')}${list.length > MAX_NAMED_SERVERS ? ', …' : ''}`;
}

/** Puts a name in double quotes. */
export function quoteName(text: string): string {
  const quoted = quoteText(text);
  return quoted.startsWith('"') ? quoted : `"${quoted}"`;
}

/** Returns safe text unchanged. Text with control characters is quoted and escaped for the console. */
export function escapeUnsafe(text: string): string {
  const quoted = quoteText(text);
  return quoted === `"${text.replaceAll('"', '\\"')}"` ? text : quoted;
}

/** Removes the final dot of a sentence, so that the sentence can be continued. */
export const withoutDot = (sentence: string): string => sentence.replace(/\.$/, '');
