import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { describeNotificationSystem } from '../../src/commands/status-command.ts';
import { type NotificationSettings, notificationsSchema } from '../../src/notify/settings.ts';
import { setUpOperator } from './set-up-operator.ts';

describe('the command status', () => {
  it('says that nothing has come in, goes out or is known', () => {
    expect(setUpOperator().run('status')).toEqual([
      'sonorancad 5.0.0, running for 0 s',
      'received: nothing yet',
      'refused: nothing',
      'forwarding: no target',
      'known: 0 units, 0 dispatch calls (and 0 closed), 0 911 calls, 0 dispatchers',
      'players: 0, 0 matched with a unit',
      'notifications: ox_lib (chosen by auto)',
      'transport: Events come in by HTTP only.',
      'registration: not checked yet',
      'API: off',
      'config: nothing is wrong with it',
    ]);
  });

  it('counts what came in by way and type, what was refused, and what is known', () => {
    const { run, push, traffic, clock } = setUpOperator({ 3: ['license:a'], 4: ['license:b'] });
    push('EVENT_UNIT_LOGIN', { unit: { id: 12, data: { apiIds: ['license:a'] } }, isDispatch: true });
    for (const callId of [501, 502]) push('EVENT_DISPATCH_NEW', { dispatch: { callId } });
    push('EVENT_DISPATCH_CLOSED', { callIds: [502] });
    push('EVENT_911', { call: { callId: 302 } });
    traffic.refused('wrong-key');
    traffic.refused('wrong-key');
    traffic.refused('lost');
    clock.advance(200_000);
    expect(run('status').slice(0, 7)).toEqual([
      'sonorancad 5.0.0, running for 3 min',
      'received by HTTP: 5, the last 3 min ago',
      'by type: EVENT_DISPATCH_NEW 2, EVENT_UNIT_LOGIN 1, EVENT_DISPATCH_CLOSED 1, EVENT_911 1',
      'refused: 2 with a wrong key, 1 lost by the game server',
      'forwarding: no target',
      'known: 1 unit, 1 dispatch call (and 1 closed), 1 911 call, 1 dispatcher',
      'players: 2, 1 matched with a unit',
    ]);
  });

  it('shows the ten most frequent types', () => {
    const { run, push } = setUpOperator();
    for (let index = 0; index < 12; index += 1) push(`EVENT_OTHER_${index}`, {});
    push('EVENT_OTHER_11', {});
    const line = run('status').find((text) => text.startsWith('by type: '));
    expect(line).toMatch(/^by type: EVENT_OTHER_11 2, EVENT_OTHER_0 1, .* EVENT_OTHER_8 1 and 2 more types$/);
  });

  it('has a line for each target, and one for each thing that is wrong with the configuration', () => {
    const { run, status, faults, configure } = setUpOperator();
    configure({ serverId: 'many' });
    faults.push({ level: 'error', line: 'the target meta is http://169.254.1.1/: this target is off' });
    const counts = { delivered: 7 } as (typeof status.targets)[number]['counts'];
    const bot = { target: 'bot', state: 'parked', reason: 'it answers 401', queued: 12, deadLetters: 3, counts };
    status.targets = [
      bot,
      { ...bot, target: 'other', state: 'open', reason: null, deadLetters: 1 },
    ] as unknown as typeof status.targets;
    const lines = run('status');
    expect(lines).toContain('forwarding to bot: parked (it answers 401), 7 delivered, 12 waiting, 3 dead letters');
    expect(lines).toContain('forwarding to other: open, 7 delivered, 12 waiting, 1 dead letter');
    expect(lines.at(-2)).toMatch(/^config error: .*serverId/);
    expect(lines.at(-1)).toBe('config error: the target meta is http://169.254.1.1/: this target is off');
  });
});

describe('the notification system in use', () => {
  const describeWith = (
    settings: object,
    notificationSystem: Parameters<typeof describeNotificationSystem>[0]['notificationSystem'],
    ...started: string[]
  ) =>
    describeNotificationSystem(
      { notifications: v.parse(notificationsSchema, settings) as NotificationSettings, notificationSystem },
      (name) => started.includes(name),
    );

  it.each([
    ['off', 'off when notifications are', { enabled: false }, 'auto', []],
    ['none', 'none when that is configured', {}, 'none', []],
    ['pNotify (chosen by auto)', 'the first one that is started', {}, 'auto', ['qb-core', 'pNotify']],
    ['native (chosen by auto)', "the game's own when none is", {}, 'auto', []],
    ['ox_lib', 'the configured one', {}, 'ox_lib', ['ox_lib']],
    ['chat', "that of the notifications' own settings first", { system: 'chat' }, 'ox_lib', ['chat', 'ox_lib']],
    ['native, since ox_lib is not started', 'not one that is not started', {}, 'ox_lib', ['chat']],
  ] as const)('is %s: %s', (expected, _why, settings, system, started) => {
    expect(describeWith(settings, system, ...started)).toBe(expected);
  });
});
