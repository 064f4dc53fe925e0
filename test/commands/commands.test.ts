import { describe, expect, it } from '@jest/globals';
import { createReloadCommand } from '../../src/commands/debug-command.ts';
import { createCommand, createRegisterCommand } from '../../src/commands/operator-command.ts';
import { createLiveConfig } from '../../src/config/live-config.ts';
import { loadConfig } from '../../src/config/load.ts';

describe('createCommand', () => {
  function setUp() {
    const printed: (readonly [line: string, source: number])[] = [];
    const echo = { description: 'says it again', run: (words: readonly string[]) => words };
    const whose = {
      usage: '[name]',
      description: 'says who asks',
      run: (_words: readonly string[], source: number) => [`${source}`],
    };
    return { printed, run: createCommand('cad', { echo, whose }, (line, source) => printed.push([line, source])) };
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

  const HELP = ['cad echo: says it again', 'cad whose [name]: says who asks', 'cad help: what there is'];

  it.each([[[]], [['help']], [['HELP']]])('lists what there is for %j', (words) => {
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
    expect(printed.map(([line]) => line)).toEqual([`There is no "${shown}".`, ...HELP]);
  });

  it('does not fill the chat of a player who asks with more than 30 lines', () => {
    const { printed, run } = setUp();
    run(7, ['echo', ...Array.from({ length: 40 }, (_, index) => `line ${index}`)]);
    expect(printed).toHaveLength(41);
    expect(printed.filter(([, source]) => source === 7)).toHaveLength(31);
    expect(printed.at(-1)).toEqual(["… and 10 more lines in the server's console", 7]);
  });
});

describe('createReloadCommand', () => {
  it('takes an edited file, says what changed by name, and reports what is wrong with it', () => {
    let file: object = { apiKey: 'a-key-for-testing', serverId: 1 };
    const live = createLiveConfig(() =>
      loadConfig({ readFile: (path) => (path === 'config.json' ? JSON.stringify(file) : null), convar: () => null }),
    );
    const keys = live.derive(({ apiKeys }) => [...apiKeys]);
    const first = keys();
    const reported: string[] = [];
    const command = createReloadCommand({
      live,
      reloaded: (problems) => void reported.push(...problems.map(({ line }) => line)),
    });
    expect(command.run([], 0)).toEqual(['The configuration was read again; nothing changed.']);
    expect(keys()).toEqual(first);
    file = { apiKey: 'another-key-for-testing', serverId: 'many', debugMode: true };
    expect(command.run([], 0)).toEqual([
      'The configuration was read again; changed: apiKey, apiKeys, debugMode, registration.',
    ]);
    expect(keys()).toEqual(['another-key-for-testing']);
    expect(keys()).toBe(keys());
    expect(reported).toHaveLength(1);
    expect(reported[0]).toContain('serverId');
  });
});

describe('createRegisterCommand', () => {
  it('is for the console, and not for players', () => {
    let registered = 0;
    const { run } = createRegisterCommand({
      name: 'sonorancad',
      register() {
        registered += 1;
      },
    });
    expect([run([], 7), registered]).toEqual([['"sonorancad register" is for the server\'s own console.'], 0]);
    expect([run([], 0), registered]).toEqual([[expect.stringContaining('the outcome follows here')], 1]);
  });
});
