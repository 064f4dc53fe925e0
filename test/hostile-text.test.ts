import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { isApiUrl } from '../src/cad/settings.ts';
import { parseDeadLetterKey } from '../src/forward/outbox/store-keys.ts';
import { nextReplayId } from '../src/forward/signed-headers.ts';
import { shownText } from '../src/forward/targets/discord-message.ts';
import { maskWebhookToken } from '../src/forward/targets/target-addresses.ts';
import { hostInUrl, networkOf, refusedAddress } from '../src/lib/addresses.ts';
import { consoleText, displayText, endingRun, printableJson, quoteText } from '../src/lib/text.ts';
import { escapeChat, escapeHtml, escapeMarkdown, escapeNative } from '../src/notify/texts.ts';
import { printableText } from '../src/program/output.ts';

/** What patterns look for again and again: each stands in the text so often that quadratic time would be minutes. */
const PUMPS = [' ', '\n', ' \n', '\r', '\t', '\\', '/', ':', '.', '=', '^', '~', '{', '<', '-', '%', '0', 'a', 'A'];
const LENGTH = 200_000;
const TEXTS = PUMPS.flatMap((pump) => {
  const pumped = pump.repeat(LENGTH / pump.length);
  return [pumped, `x${pumped}!`, `::${pumped}x`, pumped + 'z'.repeat(2 * LENGTH)];
});
/** Linear time is some milliseconds. */
const DEADLINE_MS = 60_000;

describe('text from outside, however long and whatever it repeats, is read in linear time by', () => {
  it.each<[string, (text: string) => unknown]>([
    ['endingRun', (text) => endingRun(text, '/')],
    ['printableText', (text) => printableText(text, 80)],
    ['escapeChat', escapeChat],
    ['escapeHtml', escapeHtml],
    ['escapeMarkdown', escapeMarkdown],
    ['escapeNative', escapeNative],
    ['displayText', (text) => displayText(text, 500)],
    ['quoteText', quoteText],
    ['consoleText', consoleText],
    ['printableJson', (text) => printableJson({ text })],
    ['hostInUrl', hostInUrl],
    ['networkOf', networkOf],
    ['refusedAddress', refusedAddress],
    ['shownText', (text) => shownText(text, text.length)],
    ['maskWebhookToken', maskWebhookToken],
    ['nextReplayId', nextReplayId],
    ['parseDeadLetterKey', parseDeadLetterKey],
    ['isApiUrl', isApiUrl],
  ])('%s', (_name, read) => {
    // A pattern that does not come to an end holds its thread: only the engine can end it.
    const readAll = () => TEXTS.forEach((text) => void read(text));
    expect(() => runInContext('readAll()', createContext({ readAll }), { timeout: DEADLINE_MS })).not.toThrow();
  });
});
