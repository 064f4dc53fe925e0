import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type FakeCad, startFakeCad } from '../../../scripts/fakecad/fake-cad.ts';
import { unregisteredServer } from '../../../scripts/fakecad/world/world.ts';
import { Duplicates } from '../../../src/cad/session/duplicates.ts';
import { Session } from '../../../src/cad/session/session.ts';
import { createKeyRing } from '../../../src/events/key-ring.ts';
import { type ReceivedEvent, receiveEvent, receivePayload } from '../../../src/events/receive.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { listenerClock } from '../../../src/listener/create-push-event-listener.ts';
import { type LocalServer, openLocally } from '../../local-server.ts';
import { createRecordingLog } from '../../recording-log.ts';
import { until } from '../../until.ts';

const KEY = 'a-key-for-testing';
const COMMUNITY = 'mycommunity';
const EVENTS = 1_000;
const DROPS = 50;

interface Taken {
  readonly source: string;
  readonly text: string;
}

let gameServer: LocalServer;
let cad: FakeCad;
let session: Session;
let taken: Taken[];
/** Whether the event that came by HTTP last was taken. */
let tookLastOfHttp: boolean;

const keys = createKeyRing([KEY]);
const clock = listenerClock;
/** Waits before coming back are over soon; deadlines and pings are as they are. */
const hurried: Clock = {
  ...clock,
  after: (milliseconds, callback) => clock.after(milliseconds < 10_000 ? milliseconds / 20 : milliseconds, callback),
};

beforeEach(async () => {
  taken = [];
  const duplicates = new Duplicates({ clock, isNeeded: () => true });
  const take = (received: ReceivedEvent): boolean => {
    if (duplicates.isDuplicate(received)) return false;
    const { type, source, data } = received.event;
    taken.push({ source, text: JSON.stringify([type, data]) });
    return true;
  };
  const listener = createServer(async (request, response) => {
    const result = receiveEvent(Buffer.concat(await request.toArray()), keys, 'http', clock.now());
    if (result.accepted) tookLastOfHttp = take(result);
    response.writeHead(result.accepted ? 200 : 400).end('ok');
  });
  gameServer = await openLocally(listener);
  const listenerPort = String(gameServer.port);
  cad = await startFakeCad({
    apiKey: KEY,
    communityId: COMMUNITY,
    servers: [{ ...unregisteredServer(1), mapIp: '127.0.0.1', listenerPort }],
  });
  session = new Session({
    config: () => ({
      ...{ transport: 'auto', apiSendEnabled: true, communityID: COMMUNITY, apiKeys: [KEY], serverId: 1 },
      ...{ mode: 'production', apiUrl: cad.url },
    }),
    mayConnect: () => true,
    receive(payload) {
      const result = receivePayload(payload, keys, KEY, clock.now());
      if (result.accepted) take(result);
    },
    clock: hurried,
    random: Math.random,
    log: createRecordingLog(),
  });
  session.onChange(() => duplicates.connectionChanged());
  session.apply();
});
afterEach(async () => {
  session.stop();
  await cad.close();
  await gameServer.close();
});

/** The same numbers at each run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

it(`loses none of ${EVENTS} events over a socket that is dropped ${DROPS} times, but what went down with it`, async () => {
  const random = createRandom(20_260);
  const dropsAt = new Set<number>();
  while (dropsAt.size < DROPS) dropsAt.add(Math.floor(random() * EVENTS));
  const panicking = new Set<number>();
  const counts = { session: 0, http: 0, both: 0, none: 0 };
  let droppedSessions = 0;
  let repeatsDropped = 0;

  for (let number = 0; number < EVENTS; number += 1) {
    const [type, data] = nextEvent(random, panicking);
    const isDrop = dropsAt.has(number);
    // A drop needs a session, and now and then the CAD sends again by HTTP what it has just sent over it.
    if (isDrop) await until(() => cad.sessions.length === 1 && session.status().state === 'open');
    const outcome = await cad.push(type, data, isDrop ? { via: 'both' } : {});
    counts[outcome] += 1;
    if (outcome === 'http') expect([number, tookLastOfHttp]).toEqual([number, true]);
    if (outcome === 'both') {
      const text = JSON.stringify([type, data]);
      await until(() => taken.some((event) => event.text === text));
      if (!tookLastOfHttp) repeatsDropped += 1;
    }
    if (isDrop) droppedSessions += cad.dropSessions(random() < 0.5);
  }

  expect(counts).toMatchObject({ both: DROPS, none: 0 });
  expect(droppedSessions).toBe(DROPS);
  // How many go which way is a matter of how busy the machine is.
  expect(counts.http).toBeGreaterThan(DROPS / 10);
  expect(counts.session).toBeGreaterThan(DROPS / 10);
  expect(repeatsDropped).toBeGreaterThan(0);
  // What is answered with 200 has been taken, or had been when it came over the session.
  const byHttp = taken.filter(({ source }) => source === 'http').length;
  expect(byHttp).toBe(counts.http + counts.both - repeatsDropped);
  // Nothing is taken twice but what was sent twice.
  expect(taken.length - byHttp).toBeLessThanOrEqual(counts.session + counts.both);
});

/** Units press and reset their panic button, and dispatchers play one and the same tone. */
function nextEvent(random: () => number, panicking: Set<number>): readonly [type: string, data: unknown] {
  if (random() < 0.2) return ['EVENT_TONE', { url: 'https://cad.example/a.mp3', playTonesTo: [] }];
  const unit = Math.floor(random() * 10);
  const isPanic = !panicking.delete(unit);
  if (isPanic) panicking.add(unit);
  return ['EVENT_UNIT_PANIC', { identIds: [unit], isPanic }];
}
