import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readArguments, readFault } from '../../src/program/arguments.ts';
import { readSettings } from '../../src/program/settings.ts';

const KEY = 'a-key-of-sixteen-letters';
const file = join(tmpdir(), `sonorancad-settings-${process.pid}`);

/** @returns what it is told to receive, or the sentence about what is wrong, with the exit code */
function settingsOf(args: readonly string[], env = {}) {
  try {
    const command = readArguments(['listen', ...args]);
    return command.kind === 'listen' ? readSettings(command.given, { SONORANCAD_KEY: KEY, ...env }) : null;
  } catch (error) {
    return readFault(error);
  }
}

describe('what the program is told about receiving', () => {
  beforeAll(() => writeFileSync(file, 'short\n'));
  afterAll(() => rmSync(file));

  it.each([
    [['--path', 'x'], {}, '--path: expected a path such as "/sonorancad/event", without a query.'],
    [
      [],
      { SONORANCAD_KEY: undefined },
      'The API key that the CAD sends is missing: put it into the environment variable',
    ],
    [[], { SONORANCAD_KEY: 'YOUR_API_KEY' }, 'SONORANCAD_KEY is a placeholder, not a key.'],
    [['--key', ''], {}, '--key is empty.'],
    [['--key-file', file], {}, '--key-file: its key is too short: 5 characters, expected 16 to 256.'],
    [['--key-file', `${file}.none`], {}, '--key-file: the file cannot be read (ENOENT).'],
    [['--secret-file', file], {}, '--secret-file: expected "whsec_"'],
  ])('is refused in one sentence: %j with the environment %j', (args, env, sentence) => {
    const fault = settingsOf(args, env);
    expect(fault).toEqual({ exitCode: 2, sentence: expect.stringContaining(sentence) });
    expect(JSON.stringify(fault)).not.toContain('\\n');
  });

  it('has the key from the environment where it is given nowhere else', () => {
    expect(settingsOf([])).toMatchObject({ apiKeys: [KEY] });
    expect(settingsOf(['--key', 'another-key-of-letters'])).toMatchObject({ apiKeys: ['another-key-of-letters'] });
  });
});
