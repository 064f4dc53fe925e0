import { describe, expect, it } from '@jest/globals';
import { simulateEvent } from '../../src/commands/test-command.ts';
import { catalogue, type PushEventType } from '../../src/events/catalogue/catalogue.ts';
import { normalise } from '../../src/events/normalise.ts';
import { setUpOperator } from './set-up-operator.ts';

const types = Object.keys(catalogue) as PushEventType[];
const NEVER = [
  'EVENT_RECORD_ADD',
  'EVENT_RECORD_EDIT',
  'EVENT_RECORD_REMOVE',
  'EVENT_PRINT_RECORD',
  'EVENT_NEW_CALLOUT',
];

/** A server with a unit of player 1, a call, subscribers of both kinds, and what they got. */
function setUp() {
  const operator = setUpOperator({ 1: ['license:a'], 2: ['license:b'] });
  operator.push('EVENT_UNIT_LOGIN', { unit: { id: 12, data: { apiIds: ['license:a'], unitNum: 'A-12' } } });
  operator.push('EVENT_DISPATCH_NEW', { dispatch: { callId: 501, idents: [12] } });
  const got: unknown[] = [];
  operator.subscriptions.subscribe('*', ({ type, source }) => got.push([type, source]), 'consumer');
  for (const type of types)
    operator.subscriptions.subscribeToBody(type, ({ type: named }) => got.push(named), 'consumer');
  return { ...operator, got };
}

/** With `--all`, past the warning. */
function runForAll({ run }: Pick<ReturnType<typeof setUp>, 'run'>, type: string, who: number): string[] {
  run(`test ${type} --all`, who);
  return run(`test ${type} --all`, who);
}

describe('the samples', () => {
  it.each(types)('of %s are understood', (type) => {
    const { event, body } = simulateEvent(type, 0, false, 1_700_000_000_000);
    expect(normalise(type, body)).toMatchObject({ valid: true });
    expect(event).toMatchObject({ type, source: 'simulated', valid: true, receivedAt: 1_700_000_000_000 });
    expect(event.data).toMatchObject({});
  });

  it('have what matters of GET_LOGS beside the data, as the CAD does', () => {
    expect(simulateEvent('GET_LOGS', 0, false, 0).body).toEqual({ type: 'GET_LOGS', logKey: 'simulated' });
  });

  it('name no unit, player or record that could exist', () => {
    const samples = Object.values(catalogue).map(({ sample }) => sample);
    const numbers = JSON.stringify(samples).match(/"(?:id|identId|ident|callId|eventOriginIdent)":(\d+)/g) ?? [];
    const small = numbers.filter((text) => Number(text.split(':')[1]) < 990_000_000);
    // The character of EVENT_CHAR_SELECTED is one of a made-up account.
    expect(small).toEqual(['"id":1']);
  });
});

describe('the command test', () => {
  it.each(types)('hands %s to subscribers and to nobody else, and changes nothing', (type) => {
    const { run, dispatched, got, sent, state, traffic } = setUp();
    const before = [state.snapshot(), traffic.report()];
    expect(run(`test ${type}`)).toEqual([`A simulated ${type} goes to subscribers. Nothing is stored or forwarded.`]);
    const emitted = dispatched();
    expect(emitted.map(({ name }) => name)).toEqual(['sonorancad:pushEvent', `sonorancad:pushEvent:${type}`]);
    expect(emitted[0]?.args).toEqual([expect.objectContaining({ type, source: 'simulated', valid: true })]);
    expect(emitted[1]?.args).toEqual([expect.anything(), expect.objectContaining({ source: 'simulated' })]);
    expect(got).toEqual([[type, 'simulated']]);
    expect(sent()).toEqual([]);
    expect([state.snapshot(), traffic.report()]).toEqual(before);
  });

  it.each(['911', 'event_911', 'EVENT_911'])('takes "%s"', (word) => {
    expect(setUp().run(`test ${word}`)[0]).toContain('A simulated EVENT_911 ');
  });

  it('names the types that are spelt like an unknown one', () => {
    const { run, dispatched } = setUp();
    expect(run('test unit_statsu')).toEqual([
      'There is no type of that name; did you mean EVENT_UNIT_STATUS, EVENT_UNIT_UPDATE, EVENT_UNIT_PANIC?',
    ]);
    expect(run('test qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq')).toEqual([
      'There is no type of that name; see "sonorancad test"',
    ]);
    expect(dispatched()).toEqual([]);
  });

  it.each(['test', 'test TONE 911', 'test TONE --al', 'test TONE --all --all', 'test --all'])(
    'lists the types for "%s"',
    (line) => {
      const { run, dispatched } = setUp();
      expect(run(line)).toEqual(['sonorancad test <TYPE> [--all] | alert', `types: ${types.join(', ')}`]);
      expect(dispatched()).toEqual([]);
    },
  );

  it('shows the player who ran it what others would be told, and nobody else', () => {
    const { run, dispatched, sent } = setUp();
    expect(run('test 911', 2)[0]).toContain('You see the notification that players would get.');
    sent();
    dispatched();
    const notified = sent();
    expect(notified.map(({ target }) => target)).toEqual(notified.map(() => 2));
    expect(notified.map(({ name }) => name)).toContain('ox_lib:notify');
  });

  it('warns before it reaches all, and waits 30 s for being asked again', () => {
    const { run, dispatched, clock } = setUp();
    const warning = run('test TONE --all');
    expect(warning[0]).toMatch(/^Warning: /);
    expect(run('test TONE --all', 2)[0]).toMatch(/^Warning: /);
    expect(run('test 911 --all', 2)[0]).toMatch(/^Warning: /);
    clock.advance(29_999);
    expect(dispatched()).toEqual([]);
    expect(run('test 911 --all', 2)[0]).toContain('A simulated EVENT_911 ');
    expect(dispatched().length).toBeGreaterThan(2);
    expect(run('test 911 --all', 2)[0]).toMatch(/^Warning: /);
    clock.advance(30_000);
    expect(run('test 911 --all', 2)[0]).toMatch(/^Warning: /);
  });

  it.each(types.filter((type) => !NEVER.includes(type)))(
    'hands %s with --all to scripts that cannot tell it from a real one, and changes nothing',
    (type) => {
      const operator = setUp();
      const before = [operator.state.snapshot(), operator.traffic.report()];
      expect(runForAll(operator, type, 0)[0]).toContain('SonoranCAD events');
      const names = operator.dispatched().map(({ name }) => name);
      expect(names.filter((name) => name.startsWith('SonoranCAD::pushevents:')).length).toBeGreaterThan(0);
      expect(names.filter((name) => name.startsWith('SonoranCAD::core:'))).toEqual([]);
      expect(operator.got).toEqual([[type, 'simulated'], type]);
      expect([operator.state.snapshot(), operator.traffic.report()]).toEqual(before);
    },
  );

  it.each([
    [true, true, 'subscribers, RegisterPushEvent handlers, SonoranCAD events and net events'],
    [true, false, 'subscribers, RegisterPushEvent handlers and net events'],
    [false, false, 'subscribers and net events'],
  ])(
    'says whom it reaches with --all (as the official resource: %s, with its events: %s)',
    (actsAsOfficial, emitsLegacy, whom) => {
      const operator = setUp();
      Object.assign(operator.stand, { actsAsOfficial, emitsLegacy });
      expect(runForAll(operator, 'TONE', 0)).toEqual([
        `A simulated EVENT_TONE goes to ${whom}. Nothing is stored or forwarded.`,
      ]);
    },
  );

  it('sends with --all net events as configured, and to who ran it, but notifies only them', () => {
    const operator = setUp();
    runForAll(operator, 'UNIT_STATUS', 2);
    operator.sent();
    operator.dispatched();
    const ran = operator.sent();
    expect(ran.filter(({ name }) => name === 'sonorancad:pushEvent').map(({ target }) => target)).toEqual([2]);
    runForAll(operator, '911', 2);
    operator.sent();
    operator.dispatched();
    const onDuty = operator.sent().filter(({ name }) => name === 'sonorancad:pushEvent');
    expect(onDuty.map(({ target }) => target)).toEqual([1, 2]);
    operator.configure({ netEvents: { EVENT_911: 'all' } });
    runForAll(operator, '911', 2);
    operator.sent();
    operator.dispatched();
    const sent = operator.sent();
    expect(sent.filter(({ name }) => name === 'sonorancad:pushEvent').map(({ target }) => target)).toEqual([-1]);
    const notified = sent.filter(({ name }) => name !== 'sonorancad:pushEvent');
    expect(notified.length).toBeGreaterThan(0);
    expect(notified.map(({ target }) => target)).toEqual(notified.map(() => 2));
    operator.configure({ netEvents: { EVENT_911: 'none' } });
    runForAll(operator, '911', 2);
    operator.sent();
    operator.dispatched();
    expect(operator.sent().filter(({ name }) => name === 'sonorancad:pushEvent')).toEqual([]);
  });

  it.each(NEVER)('never hands %s to all', (type) => {
    const operator = setUp();
    expect(runForAll(operator, type, 0)).toEqual([
      `${type} is never simulated for all: scripts would fine people, print paper or spawn peds.`,
    ]);
    expect(operator.dispatched()).toEqual([]);
    expect(operator.got).toEqual([]);
  });
});
