import { describe, expect, it } from '@jest/globals';
import { createReloadCommand } from '../../src/commands/inspect-commands.ts';
import { createLiveConfig } from '../../src/config/live-config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createKeyRing } from '../../src/events/api-keys.ts';
import { receiveEvent } from '../../src/events/receive.ts';
import { setUpOperator } from './set-up-operator.ts';

const KEY = 'a-key-for-testing';

/** A server on which these events came in. */
function setUp(...events: (readonly [type: string, data: object])[]) {
  const operator = setUpOperator();
  const received = events.map(([type, data]) => {
    const raw = Buffer.from(JSON.stringify({ key: KEY, type, data }));
    const result = receiveEvent(raw, createKeyRing([KEY]), 'http', operator.clock.now());
    if (!result.accepted) throw new Error(result.reason);
    operator.recorder.received(result.event, raw, 0);
    return result.event;
  });
  operator.clock.advance(3_000);
  const run = async (line: string, shown = /^(?!sonorancad )/) => {
    const lines = operator.run(line);
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    return [...lines, ...operator.run('')].filter((each) => shown.test(each));
  };
  return { ...operator, received, run };
}

const CALL = ['EVENT_911', { call: { callId: 7, caller: 'Lamar Davis' } }] as const;

it('inspect prints a link once, which a player does not get, and which ends when the operator says so', () => {
  const { run } = setUpOperator();
  const [link = '', holds] = run('inspect');
  expect([link, holds]).toEqual([
    expect.stringMatching(/^http:\/\/203\.0\.113\.5:30120\/sonorancad\/#[\w-]{43}$/),
    expect.stringContaining('12 hours'),
  ]);
  expect(run('inspect', 3)).toEqual(['"sonorancad inspect" is for the server\'s own console.']);
  expect([run('inspect off'), run('inspect OFF')]).toEqual([
    ['The link does not work any more.'],
    ['There was no link.'],
  ]);
});

it('inspect says that there is no page where it is switched off', () => {
  const { run, configure } = setUpOperator();
  configure({ inspector: false });
  expect(run('inspect')).toEqual(['There is no page: inspector is false in config.json.']);
});

it('events lists the last events, and those with a text', async () => {
  const { run } = setUp(CALL, ['EVENT_UNIT_LOGOUT', { identId: 'x' }]);
  expect(await run('events')).toEqual([
    'no  received  type               by    understood  bytes  what',
    '1   3 s ago   EVENT_911          http  yes         98     911 from Lamar Davis',
    '2   3 s ago   EVENT_UNIT_LOGOUT  http  no          77     data.identId: expected a number, got text "x"',
  ]);
  expect(await run('events lamar davis')).toHaveLength(2);
  expect(await run('events nobody')).toEqual(['No event that is kept has this text.']);
});

it('events show says what became of one', async () => {
  const { run, recorder, received } = setUp(CALL, ['EVENT_UNIT_LOGOUT', { identId: 'x' }]);
  const [call] = received;
  if (call === undefined) throw new Error('nothing came in');
  recorder.called(call, { resource: 'dispatch-ui', form: 'event', ms: 1.5, failed: 'no such call' });
  recorder.told(call.id, 'notification', '911', [3, 4]);
  recorder.finished(call, 2);
  const report = { id: call.id, type: call.type, target: 'bot', attempt: 1, next: 'again in 2.0 s', isFailure: true };
  recorder.attempted({ ...report, result: { kind: 'failed', code: 'ECONNREFUSED', certificate: false, ms: 4 } });
  const silence = { kind: 'timeout', requestSent: true, ms: 1_000 } as const;
  recorder.attempted({ ...report, target: 'listener', next: 'unconfirmed', isFailure: false, result: silence });
  expect(await run('events show 1')).toEqual([
    `EVENT_911 by http, 3 s ago, 98 bytes, id ${call.id}`,
    'dispatched in 2 ms',
    'dispatch-ui: 1.5 ms, failed: no such call',
    'notification 911: players 3, 4, 3 s later',
    'bot: attempt 1 failed (ECONNREFUSED) in 4 ms, again in 2.0 s',
    'listener: attempt 1 taken in silence in 1000 ms, unconfirmed',
  ]);
  expect(await run('events show 2')).toContain('not understood: data.identId: expected a number, got text "x"');
  expect(await run('events show 9')).toEqual(['This event is not kept any more.']);
});

it('events says that it has failed where the fault is our own', async () => {
  const { run, recorder, received } = setUp(CALL);
  recorder.called(received[0] as never, { resource: 'dispatch-ui', form: 'event', ms: 1, failed: 7 as never });
  expect(await run('events show 1', /replace/)).toEqual(['sonorancad events failed: failed.replace is not a function']);
});

it('events payload, curl and again take the number of an event', async () => {
  const { run, dispatched } = setUp(CALL);
  expect((await run('events payload 1')).join('\n')).toBe(JSON.stringify({ type: CALL[0], data: CALL[1] }, null, 2));
  expect((await run('events curl 1')).join('\n')).toContain('"key":"YOUR_API_KEY","type":"EVENT_911"');
  expect(await run('events again 1')).toEqual([expect.stringContaining('as a simulated event')]);
  expect(dispatched().map(({ name }) => name)).toContain('sonorancad:pushEvent');
});

it('config shows where each value comes from, and no secret', () => {
  const { run, configure } = setUpOperator();
  configure({ apiKey: 'a-key-for-testing', serverId: 4, healthToken: 'a-token-for-testing' });
  const lines = run('config').map((line) => line.replaceAll(/ +/g, ' '));
  expect(lines).toContain('apiKey config.json ***');
  expect(lines).toContain('apiKeys default []');
  expect(lines).toContain('serverId config.json 4');
  expect(lines).toContain('mode default "production"');
  expect(lines).toContain('healthToken config.json ***');
  expect(lines.join()).not.toContain(KEY);
});

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
      loadConfig({
        readFile: (path) => (path === 'config.json' ? JSON.stringify(file) : null),
        hasFile: () => false,
        convar: () => null,
      }),
    );
    const keys = live.derive(({ apiKeys }) => [...apiKeys]);
    const first = keys();
    const reported: string[] = [];
    const command = createReloadCommand({
      live,
      applyConfig: () => void reported.push(...live.problems().map(({ line }) => line)),
    });
    expect(command.run([], 0)).toEqual(['The configuration was read again; nothing changed.']);
    expect(keys()).toEqual(first);
    file = { apiKey: 'another-key-for-testing', serverId: 'many', debugMode: true };
    expect(command.run([], 0)).toEqual(['The configuration was read again; changed: apiKey, debugMode, registration.']);
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
