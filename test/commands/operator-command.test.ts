import { describe, expect, it } from '@jest/globals';
import { createRegisterCommand, OperatorCommand, printAnswerLine } from '../../src/commands/operator-command.ts';
import { createRecordingClients } from '../recording-clients.ts';

describe('createCommand', () => {
  function setUp() {
    const printed: (readonly [line: string, source: number])[] = [];
    const echo = { description: 'says it again', run: (words: readonly string[]) => words };
    const whose = {
      usage: '[name]',
      description: 'says who asks',
      run: (_words: readonly string[], source: number) => [`${source}`],
    };
    const command = new OperatorCommand('cad', { echo, whose }, (line, source) => printed.push([line, source]));
    return { printed, run: (source: number, words: readonly string[]) => command.run(source, words) };
  }

  it('runs the subcommand, in any case, with the words that follow, and says who asks', () => {
    const { printed, run } = setUp();
    run(0, ['ECHO', 'one', 'two']);
    run(7, ['whose']);
    expect(printed).toEqual([
      ['one', 0],
      ['two', 0],
      ['7', 7],
    ]);
  });

  const HELP = ['cad echo: says it again', 'cad whose [name]: says who asks', 'cad help: all commands'];

  it.each([[[]], [['help']], [['HELP']]])('lists all commands for %j', (words) => {
    const { printed, run } = setUp();
    run(0, words);
    expect(printed.map(([line]) => line)).toEqual(HELP);
  });

  it.each([
    ['constructor', 'constructor'],
    ['ech', 'ech'],
    ['x'.repeat(41), 'x'.repeat(40)],
  ])('says first that there is no "%s"', (word, shown) => {
    const { printed, run } = setUp();
    run(0, [word]);
    expect(printed.map(([line]) => line)).toEqual([`There is no command "${shown}".`, ...HELP]);
  });

  it('does not fill the chat of a player who asks with more than 30 lines', () => {
    const { printed, run } = setUp();
    run(7, ['echo', ...Array.from({ length: 40 }, (_, index) => `line ${index}`)]);
    expect(printed).toHaveLength(41);
    expect(printed.filter(([, source]) => source === 7)).toHaveLength(31);
    expect(printed.at(-1)).toEqual(["… and 10 more lines in the server's console", 7]);
  });
});

describe('a subcommand whose answer takes a while', () => {
  it.each([
    ['an error', new Error('the CAD is gone'), 'the CAD is gone'],
    ["another resource's text", 'gone', 'gone'],
    ['nothing that says why', undefined, 'no reason given'],
  ])('says that it failed, and why, to whoever asked: %s', async (_what, thrown, reason) => {
    const printed: unknown[][] = [];
    const doctor = { description: 'looks', run: () => Promise.reject(thrown) };
    const command = new OperatorCommand('sonorancad', { doctor }, (...line) => void printed.push(line));
    command.run(7, ['Doctor']);
    await new Promise(setImmediate);
    expect(printed).toEqual([[`sonorancad doctor failed: ${reason}`, 7]]);
  });
});

describe('createRegisterCommand', () => {
  it('is for the console, and not for players', () => {
    let registered = 0;
    const { run } = createRegisterCommand({
      name: 'sonorancad',
      link: {
        register() {
          registered += 1;
        },
      },
    });
    expect([run([], 7), registered]).toEqual([['"sonorancad register" can be run only in the server\'s console.'], 0]);
    expect([run([], 0), registered]).toEqual([[expect.stringContaining('The result appears here')], 1]);
  });
});

const HOSTILE = '^1red ^*bold \u001b[31m \u202eback\nsecond <b>line</b>';

function setUp() {
  const written: string[] = [];
  const clients = createRecordingClients();
  const parts = { write: (line: string) => written.push(line), mask: (text: string) => text, clients };
  return { written, clients, print: (line: string, source: number) => printAnswerLine(line, source, parts) };
}

describe('a line of an answer', () => {
  it('goes to the console alone when the console asks', () => {
    const { written, clients, print } = setUp();
    print('ident  unit', 0);
    expect(written).toEqual(['ident  unit']);
    expect(clients.sent).toEqual([]);
  });

  it('goes to the chat of the player who asks too, with columns that do not run together', () => {
    const { written, clients, print } = setUp();
    print('ident  unit', 7);
    expect(written).toEqual(['ident  unit']);
    expect(clients.sent).toEqual([
      { name: 'chat:addMessage', target: 7, args: [{ args: ['ident · unit'] }], isSlow: false },
    ]);
  });

  it('shows what people typed as they typed it, on one line, without colours', () => {
    const { written, clients, print } = setUp();
    print(HOSTILE, 7);
    expect(written).toEqual(['^\\1red ^\\*bold \\u{1b}[31m \\u{202e}back\\nsecond <b>line</b>']);
    expect(clients.sent[0]?.args).toEqual([{ args: ['^\u200b1red ^\u200b*bold [31m back / second <b>line</b>'] }]);
  });
});
