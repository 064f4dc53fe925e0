import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ProgramFault, readArguments } from '../../src/program/arguments.ts';
import { readSettings } from '../../src/program/settings.ts';

/** Calls a function that may throw a ProgramFault. @returns the fault's sentence and exit code, or null */
function catchFault(call: () => unknown) {
  try {
    call();
  } catch (error) {
    if (!(error instanceof ProgramFault)) throw error;
    return { sentence: error.message, exitCode: error.exitCode };
  }
  return null;
}

const faultOf = (...args: string[]) => catchFault(() => readArguments(args));

describe('readArguments', () => {
  it('fills in the default of each option of listen', () => {
    expect(readArguments(['listen'])).toEqual({
      kind: 'listen',
      given: {
        port: 30_150,
        host: '127.0.0.1',
        path: '/sonorancad/event',
        json: false,
        noColour: false,
        forwardUrls: [],
        forwardDir: 'sonorancad-outbox',
        exec: null,
        key: null,
        keyFile: null,
        secretFile: null,
        from: null,
      },
    });
  });

  it('reads each option of listen, and collects every --forward', () => {
    const args = '--port 0 --host [::1] --path /x --json --no-colour --forward http://a --forward http://b'.split(' ');
    const files = '--forward-dir here --exec cat --key-file keys --secret-file secrets'.split(' ');
    expect(readArguments(['listen', ...args, ...files])).toEqual({
      kind: 'listen',
      given: {
        port: 0,
        host: '::1',
        path: '/x',
        json: true,
        noColour: true,
        forwardUrls: ['http://a', 'http://b'],
        forwardDir: 'here',
        exec: 'cat',
        key: null,
        keyFile: 'keys',
        secretFile: 'secrets',
        from: null,
      },
    });
  });

  it('recognises --help and --version with and without a command', () => {
    for (const command of [[], ['listen']]) {
      expect(readArguments([...command, '--help']).kind).toBe('help');
      expect(readArguments([...command, '--version']).kind).toBe('version');
    }
  });

  it.each([
    [
      [],
      'The command is missing: write "sonorancad listen". Type "sonorancad --help" to see all commands and options.',
    ],
    [['lissen'], 'There is no such command. Did you mean "sonorancad listen"? Type "sonorancad --help"'],
    [['sned'], 'There is no such command. Did you mean "sonorancad send"? Type "sonorancad --help"'],
    [['an-api-key-of-mine'], 'There is no such command. Type "sonorancad --help"'],
    [['listen', '--port', '65536'], '--port: expected a whole number from 0 to 65535.'],
    [['listen', '--port', '0x10'], '--port: expected'],
    [['listen', '--port=-1'], '--port: expected'],
    [['listen', '--port'], '--port lacks its value'],
    [['listen', '--port', '--json'], '--port lacks its value'],
    [['listen', '--json=yes'], '--json takes no value'],
    [['listen', '--host', 'a b'], '--host: expected'],
    [['listen', '--exec', ' '], '--exec: the value is empty.'],
    [['listen', '--key', 'a', '--key-file', 'b'], 'Give either --key or --key-file, not both.'],
    [['listen', '--forward-dir', 'a'], '--forward-dir has no effect without --forward'],
    [['listen', '--stream', 'x'], '--stream works only together with --from'],
    [['listen', '--from', 'nats://broker.example', '--port', '1'], '--port does not work together with --from'],
    [['listen', '--from', 'nats://broker.example', '--concurrency', 'x'], '--concurrency: expected a whole number'],
  ])('refuses %j with one line and exit code 2', (args, sentence) => {
    const fault = faultOf(...args);
    expect(fault?.exitCode).toBe(2);
    expect(fault?.sentence).toContain(sentence);
    expect(fault?.sentence).not.toContain('\n');
  });

  it('never quotes a refused argument, since it may be a key', () => {
    for (const args of [
      ['listen', '--key', 'first', 'hidden-part'],
      ['listen', '--kye=hidden-part'],
      ['listen', '--kye', 'hidden-part'],
      ['hidden-part'],
      ['listen', '--json=hidden-part'],
      ['listen', '--port', 'hidden-part'],
    ]) {
      const fault = faultOf(...args);
      expect(fault).not.toBeNull();
      expect(fault?.sentence).not.toContain('hidden-part');
    }
    expect(faultOf('listen', '--kye=x')?.sentence).toContain('There is no option --kye');
  });
});

const KEY = 'a-key-of-sixteen-letters';
const file = join(tmpdir(), `sonorancad-settings-${process.pid}`);

function readSettingsOf(args: readonly string[], env = {}) {
  const command = readArguments(['listen', ...args]);
  return command.kind === 'listen' ? readSettings(command.given, { SONORANCAD_KEY: KEY, ...env }) : null;
}

describe('readSettings', () => {
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
    [['--key-file', file], {}, '--key-file: the key is too short: 5 characters, expected 16 to 256.'],
    [['--key-file', `${file}.none`], {}, '--key-file: the file cannot be read (ENOENT).'],
    [['--secret-file', file], {}, '--secret-file: expected "whsec_"'],
  ])('refuses %j with the environment %j in one line', (args, env, sentence) => {
    const fault = catchFault(() => readSettingsOf(args, env));
    expect(fault).toEqual({ exitCode: 2, sentence: expect.stringContaining(sentence) });
    expect(JSON.stringify(fault)).not.toContain('\\n');
  });

  it('takes the API key from SONORANCAD_KEY only if no option gives a key', () => {
    expect(readSettingsOf([])).toMatchObject({ apiKeys: [KEY] });
    expect(readSettingsOf(['--key', 'another-key-of-letters'])).toMatchObject({ apiKeys: ['another-key-of-letters'] });
  });
});
