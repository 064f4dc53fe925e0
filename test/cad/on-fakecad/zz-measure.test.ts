import { afterEach, expect, it, jest } from '@jest/globals';
import { until } from '../../hardening/recorders.ts';
import { closeLinks, type Linked, link, register } from './set-up.ts';
import { createTraffic, type Fired, subjectsOf, tagOf } from './traffic.ts';

jest.setTimeout(60_000);
afterEach(closeLinks);

const EVENTS = 1_000;
const DROPS = 50;

/** Tells of each event by what it says and which way it came. */
const RECORDER = `
  const tagOf = ${tagOf};
  let taken = [];
  const subscribe = () => exports.sonorancad.onPushEvent('*', ({ type, data, source }) => taken.push([source, tagOf(type, data)]));
  on('sonorancad:ready', subscribe);
  if (GetResourceState('sonorancad') === 'started') subscribe();
  exports('taken', () => taken.splice(0));
`;

/** The same numbers at each run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

function createCounts() {
  const counts = new Map<string, number>();
  return {
    add: (tag: string) => void counts.set(tag, (counts.get(tag) ?? 0) + 1),
    of: (tag: string) => counts.get(tag) ?? 0,
    total: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
    tags: () => [...counts.keys()],
  };
}

/** What scripts see of the state, in the CAD's words. */
function stateOf({ host }: Linked) {
  const ask = (name: string) => host.callExport('sonorancad', name) as Record<string, unknown>[];
  return {
    units: ask('getUnits')
      .map(({ id, status, isPanic }) => [id, status, isPanic])
      .sort(byText),
    calls: ask('getCalls')
      .filter(({ status }) => status !== 2)
      .map(({ callId, title, idents, notes }) => [callId, title, idents, notes])
      .sort(byText),
    emergencies: ask('getEmergencyCalls')
      .map(({ callId, caller }) => [callId, caller])
      .sort(byText),
  };
}

function truthOf({ cad }: Linked): ReturnType<typeof stateOf> {
  const { units, dispatchCalls, emergencyCalls } = cad.world.at(1);
  return {
    units: units.map(({ id, status, isPanic }) => [id, status, isPanic]).sort(byText),
    calls: dispatchCalls.map(({ callId, title, idents, notes }) => [callId, title, idents, notes]).sort(byText),
    emergencies: emergencyCalls.map(({ callId, caller }) => [callId, caller]).sort(byText),
  };
}

const byText = (one: unknown, other: unknown) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);

it(`takes ${EVENTS} events over a socket that is dropped ${DROPS} times, and then knows what the CAD knows`, async () => {
  const linked = await link();
  const { cad, host, served } = linked;
  register(linked);
  served.add('recorder', RECORDER);
  host.ensure('recorder');
  host.addPlayer();
  await linked.start();

  const random = createRandom(20_260);
  const nextEvent = createTraffic(cad.world.at(1), random);
  // At random, but with something in between.
  const dropsAt = new Set(
    Array.from({ length: DROPS }, (_, drop) => Math.floor((drop + random() * 0.75) * (EVENTS / DROPS))),
  );
  const taken = { session: createCounts(), http: createCounts() };
  const sent = { session: createCounts(), http: createCounts() };
  /** What may have gone down with a socket, or looks like a repeat because what came before it has. */
  const atRisk = createCounts();
  const unsure = new Set<string>();
  const repeats = createCounts();
  let onTheWay: string[] = [];
  let suddens = 0;
  let earlyTrue = 0;

  const collect = () => {
    for (const [source, tag] of host.callExport('recorder', 'taken') as [string, string][])
      taken[source === 'websocket' ? 'session' : 'http'].add(tag);
  };
  const hasArrived = (tag: string) =>
    taken.session.of(tag) + taken.http.of(tag) >= sent.session.of(tag) + sent.http.of(tag) - atRisk.of(tag);
  const allArrived = () => {
    collect();
    return onTheWay.every(hasArrived);
  };
  const fire = async (event: Fired) => {
    const tag = tagOf(event.type, event.data);
    const { outcome, answer } = await cad.fire(event);
    if (outcome === 'session') onTheWay.push(tag);
    else expect([outcome, answer]).toEqual(['http', '200 ok']);
    sent[outcome === 'session' ? 'session' : 'http'].add(tag);
    const subjects = subjectsOf(event.data);
    if (subjects.some((subject) => unsure.has(subject))) atRisk.add(tag);
    for (const subject of subjects) unsure.delete(subject);
  };
  /** Cuts the socket after an event, or so soon that it may take the event with it. */
  const drop = async (event: Fired, isSudden: boolean) => {
    await linked.laterUntil(() => cad.sessions.length === 1);
    await until(allArrived);
    onTheWay = [];
    await fire(event);
    if (isSudden) {
      suddens += 1;
      for (const tag of onTheWay.splice(0)) atRisk.add(tag);
      for (const subject of subjectsOf(event.data)) unsure.add(subject);
    }
    await until(allArrived);
    if (onTheWay.some((tag) => taken.session.of(tag) < sent.session.of(tag) - atRisk.of(tag))) earlyTrue += 1;
    expect(cad.dropSessions(random() < 0.5)).toBe(1);
  };
  /** The CAD cannot know what has arrived. */
  const repeat = async ({ type, data }: Fired) => {
    if (random() < 0.5) while ((await linked.health()).link.session.state === 'open');
    repeats.add(tagOf(type, data));
    expect(await cad.push(type, data, { via: 'http' })).toBe('http');
  };

  for (let number = 0; number < EVENTS; number += 1) {
    const event = nextEvent();
    if (!dropsAt.has(number)) {
      await fire(event);
      if (cad.sessions.length === 0 && random() < 0.1) await linked.later(random() < 0.8 ? 1_300 : 11_000);
      continue;
    }
    await drop(event, random() < 0.4);
    if (random() < 0.5) await repeat(event);
  }
  await linked.laterUntil(() => cad.sessions.length === 1);
  await until(allArrived);

  {
    const tags0 = [...new Set([...sent.session.tags(), ...sent.http.tags()])];
    const lost = { session: 0, http: 0 };
    for (const way of ['session', 'http'] as const)
      for (const tag of tags0) lost[way] += Math.max(0, sent[way].of(tag) - taken[way].of(tag));
    (await import('node:fs')).appendFileSync(
      '/tmp/handover/measure',
      JSON.stringify({
        s: sent.session.total(),
        h: sent.http.total(),
        rep: repeats.total(),
        risk: atRisk.total(),
        lost,
        again: taken.http.total() - sent.http.total(),
        sudden: suddens,
        early: earlyTrue,
        inv: 0,
      }) + '\n',
    );
  }
  const tags = [...new Set([...sent.session.tags(), ...sent.http.tags()])];
  expect(sent.session.total() + sent.http.total()).toBe(EVENTS);
  // How many go which way is a matter of how busy the machine is.
  for (const way of ['session', 'http'] as const) expect(sent[way].total()).toBeGreaterThan(EVENTS / 20);
  expect(repeats.total()).toBeGreaterThan(DROPS / 10);
  // What was answered with 200 is processed, and nothing is taken for a repeat that is none.
  for (const way of ['session', 'http'] as const)
    expect(tags.filter((tag) => taken[way].of(tag) < sent[way].of(tag) - atRisk.of(tag))).toEqual([]);
  expect(atRisk.total()).toBeLessThan(2 * DROPS);
  // Nothing is processed twice but what the CAD sent twice, and of that not all.
  expect(tags.filter((tag) => taken.session.of(tag) > sent.session.of(tag))).toEqual([]);
  expect(tags.filter((tag) => taken.http.of(tag) > sent.http.of(tag) + repeats.of(tag))).toEqual([]);
  const processedAgain = taken.http.total() - sent.http.total();
  expect(processedAgain).toBeLessThan(repeats.total());

  await linked.reconciled();
  expect(truthOf(linked).units.length).toBeGreaterThan(3);
  expect(stateOf(linked)).toEqual(truthOf(linked));
  expect(cad.requests.filter(({ status }) => status === 429)).toEqual([]);
});
