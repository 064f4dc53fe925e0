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
