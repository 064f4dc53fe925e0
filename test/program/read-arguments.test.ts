import { describe, expect, it } from '@jest/globals';
import { readArguments, readFault } from '../../src/program/arguments.ts';

function faultOf(...args: string[]) {
  try {
    readArguments(args);
  } catch (error) {
    return readFault(error);
  }
  return null;
}

describe('the arguments of the program', () => {
  it('have defaults', () => {
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

  it('are taken as they are given, and --forward as often as it is', () => {
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

  it('ask for help or the version with or without a command', () => {
    for (const command of [[], ['listen']]) {
      expect(readArguments([...command, '--help']).kind).toBe('help');
      expect(readArguments([...command, '--version']).kind).toBe('version');
    }
  });

  it.each([
    [[], 'The command is missing: write "sonorancad listen"; --help shows all commands and options.'],
    [['lissen'], 'There is no such command. Did you mean "sonorancad listen"? --help'],
    [['sned'], 'There is no such command. Did you mean "sonorancad send"? --help'],
    [['an-api-key-of-mine'], 'There is no such command. --help'],
    [['listen', '--port', '65536'], '--port: expected a whole number from 0 to 65535.'],
    [['listen', '--port', '0x10'], '--port: expected'],
    [['listen', '--port=-1'], '--port: expected'],
    [['listen', '--port'], '--port lacks its value'],
    [['listen', '--port', '--json'], '--port lacks its value'],
    [['listen', '--json=yes'], '--json takes no value'],
    [['listen', '--host', 'a b'], '--host: expected'],
    [['listen', '--exec', ' '], '--exec: its value is empty.'],
    [['listen', '--key', 'a', '--key-file', 'b'], '--key and --key-file are both given'],
    [['listen', '--forward-dir', 'a'], '--forward-dir is given without --forward'],
    [['listen', '--stream', 'x'], '--stream goes only with --from'],
    [['listen', '--from', 'nats://broker.example', '--port', '1'], '--port goes not with --from'],
    [['listen', '--from', 'nats://broker.example', '--concurrency', 'x'], '--concurrency: expected a whole number'],
  ])('%j are refused in one sentence', (args, sentence) => {
    const fault = faultOf(...args);
    expect(fault?.exitCode).toBe(2);
    expect(fault?.sentence).toContain(sentence);
    expect(fault?.sentence).not.toContain('\n');
  });

  it('are never repeated when they are refused, since any of them may be a key', () => {
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
