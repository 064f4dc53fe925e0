import { describe, expect, it } from '@jest/globals';
import { createCommand } from '../../src/commands/create-command.ts';
import { createReloadCommand } from '../../src/commands/reload-command.ts';
import { createLiveConfig } from '../../src/config/live-config.ts';
import { loadConfig } from '../../src/config/load.ts';

describe('createCommand', () => {
  function setUp() {
    const printed: string[] = [];
    const echo = { description: 'says it again', run: (words: readonly string[]) => words };
    return { printed, run: createCommand('cad', { echo }, (line) => printed.push(line)) };
  }

  it('runs the subcommand, in any case, with the words that follow', () => {
    const { printed, run } = setUp();
    run(['ECHO', 'one', 'two']);
    expect(printed).toEqual(['one', 'two']);
  });

  it.each([[[]], [['help']], [['constructor']], [['ech']]])('lists what there is for %j', (words) => {
    const { printed, run } = setUp();
    run(words);
    expect(printed).toEqual(['cad help: what there is', 'cad echo: says it again']);
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
    const command = createReloadCommand(live, (problems) => reported.push(...problems.map(({ line }) => line)));
    expect(command.run([])).toEqual(['The configuration was read again; nothing changed.']);
    expect(keys()).toEqual(first);
    file = { apiKey: 'another-key-for-testing', serverId: 'many', debugMode: true };
    expect(command.run([])).toEqual(['The configuration was read again; changed: apiKey, apiKeys, debugMode.']);
    expect(keys()).toEqual(['another-key-for-testing']);
    expect(keys()).toBe(keys());
    expect(reported).toHaveLength(1);
    expect(reported[0]).toContain('serverId');
  });
});
