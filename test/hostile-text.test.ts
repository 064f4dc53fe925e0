import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const run = promisify(execFile);

/** What patterns look for again and again: each stands in the text so often that quadratic time would be minutes. */
const PUMPS = [' ', '\n', ' \n', '\r', '\t', '\\', '/', ':', '.', '=', '^', '~', '{', '<', '-', '%', '0', 'a', 'A'];
const LENGTH = 200_000;
/** Linear time is some milliseconds. */
const DEADLINE_MS = 60_000;

/** Runs in a process of its own, which can be ended: a pattern that does not come to an end holds its thread. */
async function takesHostileText(file: string, call: string): Promise<string> {
  const script = `
    const parts = await import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, '../src', file)).href)});
    for (const pump of ${JSON.stringify(PUMPS)}) {
      for (const [before, after] of [['', ''], ['x', '!'], ['::', 'x'], ['', 'z'.repeat(${2 * LENGTH})]]) {
        const text = before + pump.repeat(${LENGTH} / pump.length) + after;
        parts.${call};
      }
    }
    process.stdout.write('done');`;
  const { stdout } = await run(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], {
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
  });
  return stdout;
}

describe('text from outside, however long and whatever it repeats, is read in linear time by', () => {
  it.each([
    ['lib/text.ts', "endingRun(text, '/')"],
    ['program/lines.ts', 'printableText(text, 80)'],
    ['notify/texts.ts', 'escapeChat(text)'],
    ['notify/texts.ts', 'escapeHtml(text)'],
    ['notify/texts.ts', 'escapeMarkdown(text)'],
    ['notify/texts.ts', 'escapeNative(text)'],
    ['lib/text.ts', 'displayText(text, 500)'],
    ['lib/text.ts', 'quoteText(text)'],
    ['lib/text.ts', 'consoleText(text)'],
    ['lib/text.ts', 'printableJson({ text })'],
    ['lib/addresses.ts', 'hostInUrl(text)'],
    ['lib/addresses.ts', 'networkOf(text)'],
    ['lib/addresses.ts', 'refusedAddress(text)'],
    ['forward/targets/discord-message.ts', 'shownText(text, text.length)'],
    ['forward/targets/target-addresses.ts', 'maskWebhookToken(text)'],
    ['forward/signed-headers.ts', 'nextReplayId(text)'],
    ['forward/outbox/store-keys.ts', 'parseDeadLetterKey(text)'],
    ['cad/settings.ts', 'isApiUrl(text)'],
  ])('%s: %s', async (file, call) => {
    expect(await takesHostileText(file, call)).toBe('done');
  });
});
