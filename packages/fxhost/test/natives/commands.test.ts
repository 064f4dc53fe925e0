import { describe, expect, it } from '@jest/globals';
import { createAccessControl } from '../../src/natives/access-control.ts';
import { createCommands } from '../../src/natives/commands.ts';
import { splitCommands, tokenize } from '../../src/natives/console-line.ts';
import { createConvars } from '../../src/natives/convars.ts';

function setup() {
  const printed: string[] = [];
  const offered: unknown[][] = [];
  const print = (text: string) => printed.push(text);
  const accessControl = createAccessControl();
  const convars = createConvars();
  const commands = createCommands({
    accessControl,
    convars,
    print,
    offer(...command) {
      offered.push(command);
      return command[0] === 'scripted';
    },
  });
  const calls: unknown[][] = [];
  const handler =
    (label: string) =>
    (...args: unknown[]) =>
      calls.push([label, ...args]);
  const asConsole = (text: string) => accessControl.runAs(['system.console'], () => commands.run(text));
  const as = (principal: string, line: string, source = 0) =>
    accessControl.runAs([principal], () => commands.execute(line, { source }));
  return { printed, offered, accessControl, convars, commands, calls, handler, asConsole, as };
}

describe('a command that nobody registered', () => {
  it('is offered to scripts, and unknown when none of them runs it', () => {
    const { offered, printed, asConsole, as } = setup();
    asConsole('scripted "a b" c');
    asConsole('nobody');
    as('player.3', 'nobody', 3);
    expect(offered).toEqual([
      ['scripted', ['a b', 'c'], 'scripted "a b" c', 0],
      ['nobody', [], 'nobody', 0],
      ['nobody', [], 'nobody', 3],
    ]);
    expect(printed).toEqual(['No such command nobody.']);
  });
});

describe('commands of resources', () => {
  it('get the source, the words and the whole line', () => {
    const { commands, calls, handler, asConsole, as } = setup();
    commands.register('cad', 'Panic', handler('panic'), false);
    asConsole('panic one "two three"');
    as('player.3', 'PANIC', 3);
    expect(calls).toEqual([
      ['panic', 0, ['one', 'two three'], 'panic one "two three"'],
      ['panic', 3, [], 'PANIC'],
    ]);
  });

  it('are for their resource, the console and whom an entry allows when they are restricted', () => {
    const { accessControl, commands, calls, handler, asConsole, as, printed } = setup();
    commands.register('cad', 'reload', handler('reload'), true);
    as('player.3', 'reload', 3);
    as('resource.other', 'reload');
    expect(calls).toEqual([]);
    expect(printed).toEqual(['Access denied for command reload.', 'Access denied for command reload.']);
    asConsole('reload');
    as('resource.cad', 'reload');
    accessControl.addAce('player.3', 'command.reload', 'allow');
    as('player.3', 'reload', 3);
    expect(calls).toHaveLength(3);
  });

  it('get another handler when another resource registers them, but keep their owner and access', () => {
    const { commands, calls, handler, asConsole, as } = setup();
    commands.register('first', 'x', handler('first'), true);
    commands.register('second', 'x', handler('second'), false);
    asConsole('x');
    as('player.3', 'x', 3);
    expect(calls).toEqual([['second', 0, [], 'x']]);
    commands.unregisterAllOf('second');
    asConsole('x');
    expect(calls).toHaveLength(2);
    commands.unregisterAllOf('first');
    asConsole('x');
    expect(calls).toHaveLength(2);
  });

  it('go with their resource, and so does the access they brought', () => {
    const { accessControl, commands, handler, asConsole, printed } = setup();
    commands.register('cad', 'x', handler('x'), false);
    accessControl.addAce('group.admin', 'command.x', 'allow');
    commands.unregisterAllOf('cad');
    asConsole('x');
    expect(printed).toEqual(['No such command x.']);
    expect(accessControl.principalMay('player.3', 'command.x')).toBe(false);
    expect(accessControl.principalMay('resource.cad', 'command.x')).toBe(false);
    expect(accessControl.principalMay('group.admin', 'command.x')).toBe(true);
  });

  it('cannot replace a command of the server or a convar', () => {
    const { commands, convars, calls, handler, asConsole } = setup();
    commands.define('ensure', handler('server'));
    convars.set('taken', '1');
    commands.register('cad', 'ensure', handler('cad'), false);
    commands.register('cad', 'taken', handler('cad'), false);
    asConsole('ensure a; taken 2');
    expect(calls).toEqual([['server', 0, ['a'], 'ensure a']]);
    expect(convars.get('taken')).toBe('2');
    expect(commands.names()).toEqual(['ensure']);
  });
});

describe('the console', () => {
  it('shows a convar by its name', () => {
    const { convars, printed, asConsole } = setup();
    convars.set('Name', 'value');
    asConsole('name');
    expect(printed).toEqual([' "Name" is "value"']);
  });

  it('complains about unknown commands, but not about those of players', () => {
    const { printed, asConsole, as } = setup();
    as('player.3', 'nope', 3);
    asConsole('nope');
    expect(printed).toEqual(['No such command nope.']);
  });

  it('counts the words of a command that takes a fixed number', () => {
    const { commands, calls, handler, asConsole, printed } = setup();
    commands.define('pair', handler('pair'), 2);
    asConsole('pair a; pair a b c; pair a b');
    expect(printed).toEqual([
      'Argument count mismatch (passed 1, wanted 2)',
      'Argument count mismatch (passed 3, wanted 2)',
    ]);
    expect(calls).toHaveLength(1);
  });
});

describe('splitting console text into commands', () => {
  it.each([
    ['a; b\nc\r\nd', ['a', ' b', 'c', 'd']],
    ['set a "x;y"; b', ['set a "x;y"', ' b']],
    ['set a "open\nb;c', ['set a "open', 'b', 'c']],
    ['set a {"k":";"};b', ['set a {"k":";"}', 'b']],
    ['set a [1;b', ['set a [1', 'b']],
    ['\n ;\n', []],
    ['set a {\n"k": 1\n}\nb', ['set a {\n"k": 1\n}', 'b']],
  ])('splits %j', (text, commands) => {
    expect(splitCommands(text)).toEqual(commands);
  });
});

describe('splitting a command into words', () => {
  it.each([
    ['  set  a\tb ', ['set', 'a', 'b']],
    ['set a "b c"', ['set', 'a', 'b c']],
    ['set a ""', ['set', 'a', '']],
    ['set a "say \\"hi\\""', ['set', 'a', 'say "hi"']],
    ['set a "c:\\dir"', ['set', 'a', 'c:\\dir']],
    ['set a "open', ['set', 'a', 'open']],
    ['set a b"c d"', ['set', 'a', 'b', 'c d']],
    ['set a http://b#c', ['set', 'a', 'http://b#c']],
    ['set a b # note', ['set', 'a', 'b']],
    ['set a b // note', ['set', 'a', 'b']],
    ['set a b /* note', ['set', 'a', 'b']],
    ['# note', []],
    ['// note', []],
    ['', []],
    ['set a [{"k": "x y", "z": "]"}] tail', ['set', 'a', '[{"k": "x y", "z": "]"}]', 'tail']],
    ['set a {not json}', ['set', 'a', '{not', 'json}']],
    ['set a {open', ['set', 'a', '{open']],
  ])('splits %j', (line, words) => {
    expect(tokenize(line)).toEqual(words);
  });
});
