import { describe, expect, it } from '@jest/globals';
import { createReloadCommand } from '../../src/commands/inspect-commands.ts';
import { createLiveConfig } from '../../src/config/live-config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { setUpOperator } from './set-up-operator.ts';

describe('the command debug', () => {
  it('switches debug lines on and off, whatever the file says, until the file is read again', () => {
    const { run } = setUpOperator();
    expect(run('debug')).toEqual(['Debug lines are off; see "sonorancad debug on | off".']);
    expect(run('debug ON')).toEqual(['Debug lines are on until a restart or reload.']);
    expect(run('debug')).toEqual(['Debug lines are on; see "sonorancad debug on | off".']);
    run('reload');
    expect(run('debug')).toEqual(['Debug lines are off; see "sonorancad debug on | off".']);
    run('debug on');
    expect(run('debug off')).toEqual(['Debug lines are off until a restart or reload.']);
    expect(run('debug maybe')).toEqual(['Debug lines are off; see "sonorancad debug on | off".']);
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

it('reload says what changed, and that commands keep their names until a restart', () => {
  const { run, writeFile } = setUpOperator();
  expect(run('reload')).toEqual(['The configuration was read again; nothing changed.']);
  writeFile({ debugMode: true });
  expect(run('reload')).toEqual(['The configuration was read again; changed: debugMode.']);
  const afterRestart = 'A new name of a command holds after a restart of the resource.';
  writeFile({ debugMode: true, linkCommand: 'account' });
  expect(run('reload')).toEqual(['The configuration was read again; changed: linkCommand.', afterRestart]);
  writeFile({ debugMode: false, linkCommand: 'account', unitCommands: { name: 'unit' } });
  expect(run('reload')).toEqual(['The configuration was read again; changed: debugMode, unitCommands.', afterRestart]);
});

it('reload says that a file was not taken which cannot be read, and that everything stays as it is', () => {
  const { run, writeText, writeFile } = setUpOperator();
  writeText('{ "debugMode": true');
  expect(run('reload')).toEqual([
    'config.json cannot be read as JSON (line 1, column 20: it ends too early: } is missing).',
    'The configuration was not read again; nothing has changed.',
  ]);
  writeFile({ debugMode: true });
  expect(run('reload')).toEqual(['The configuration was read again; changed: debugMode.']);
});
