import { expect, it } from '@jest/globals';
import { setUpOperator } from './set-up-operator.ts';

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
    'The configuration was not read again; nothing changed, that of before is still in force.',
  ]);
  writeFile({ debugMode: true });
  expect(run('reload')).toEqual(['The configuration was read again; changed: debugMode.']);
});
