import { expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/load.ts';
import { createKeyRing } from '../../src/events/api-keys.ts';
import { Forwarding } from '../../src/forward/forwarding.ts';
import { loadInstalledClient } from '../../src/listener/stream-connection.ts';
import { eventOfBody } from '../event-of.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingLog } from '../recording-log.ts';
import { createMemoryStore } from './memory-store.ts';

const BOT = { name: 'bot', url: 'https://bot.example/events' };
const META = { name: 'meta', url: 'http://169.254.169.254/' };

function setUp(file: object) {
  const current = { file };
  const log = createRecordingLog();
  const clock = createManualClock();
  const forwarding = new Forwarding({
    config: () =>
      loadConfig({
        readFile: (path) => (path === 'config.json' ? JSON.stringify(current.file) : null),
        hasFile: () => false,
        convar: () => null,
      }).config,
    own: { port: 30120, resourceName: 'cad2', addresses: [] },
    version: '5.0.0',
    loadNats: loadInstalledClient,
    store: createMemoryStore(),
    keys: () => createKeyRing([]),
    holds: { measure: (work) => work() },
    clock,
    log,
  });
  return { current, log, clock, forwarding };
}

it('forwarding keeps what is wrong with its targets, until the configuration is read again', () => {
  const { current, log, forwarding } = setUp({ enablePushEventForwarding: true, pushEventForwardTargets: [BOT, META] });
  const line = expect.stringMatching(/^the target meta .*: this target is off$/);
  expect(forwarding.problems()).toEqual([{ level: 'error', line }]);
  expect(log.lines).toContainEqual({ level: 'error', message: line, fields: {} });
  current.file = { enablePushEventForwarding: true, pushEventForwardTargets: [BOT] };
  forwarding.applyConfig();
  expect(forwarding.problems()).toEqual([]);
  forwarding.stop();
});

it.each<[object, string | null]>([
  [{}, null],
  [{ enablePushEventForwarding: true, pushEventForwardTargets: [BOT, META] }, null],
  [
    { pushEventForwardUrl: BOT.url },
    'pushEventForwardUrl is set, but enablePushEventForwarding is false: nothing is forwarded.',
  ],
  [
    { pushEventForwardUrl: BOT.url, pushEventForwardTargets: [BOT] },
    'pushEventForwardUrl and pushEventForwardTargets are set, but enablePushEventForwarding is false: nothing is forwarded.',
  ],
  [{ enablePushEventForwarding: true }, null],
  [
    { enablePushEventForwarding: true, pushEventForwardTargets: [META] },
    'None of the configured targets can be used: nothing is forwarded.',
  ],
])('forwarding says with %j why nothing is forwarded', (file, why) => {
  const { forwarding } = setUp(file);
  expect(forwarding.idleBecause()).toBe(why);
  forwarding.stop();
});

it("forwarding names commands by the resource's own name", () => {
  const target = { name: 'bot', url: 'http://127.0.0.1:9/events' };
  const { current, log, clock, forwarding } = setUp({
    enablePushEventForwarding: true,
    pushEventForwardTargets: [target],
  });
  clock.advance(10);
  const body = { type: 'EVENT_UNIT_LOGOUT', data: { identId: 1 } };
  forwarding.enqueue(eventOfBody(body), Buffer.from(JSON.stringify(body)), 0);
  current.file = {};
  forwarding.applyConfig();
  forwarding.stop();
  expect(log.lines.at(-1)?.message).toContain('"cad2 forward replay all <another target>"');
});
