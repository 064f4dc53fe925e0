import { afterEach, expect, it } from '@jest/globals';
import type { EventBody, ServerWorld } from '../../../packages/fakecad/src/index.ts';
import { until } from '../../until.ts';
import { closeLinks, type Linked, link, register } from './set-up.ts';

/** The fields by which this test distinguishes events. Their presence depends on the type. */
interface FiredData {
  readonly identId?: number;
  readonly identIds?: readonly number[];
  readonly idents?: readonly number[];
  readonly unit?: { readonly id: number };
  readonly callId?: number;
  readonly callIds?: readonly number[];
  readonly call?: { readonly callId: number };
  readonly dispatch?: { readonly callId: number; readonly title?: string };
  readonly note?: { readonly content: string };
  readonly isPanic?: boolean;
  readonly status?: number;
  readonly url?: string;
}

/** An event that the fake CAD sends. */
type Fired = EventBody & { readonly data: FiredData };

/**
 * Returns a text that is equal for events of equal content. The recorder resource runs the source of this function too.
 */
function tagOf(type: string, data: FiredData): string {
  const ids = [
    data.identId,
    data.identIds,
    data.unit?.id,
    data.callId,
    data.callIds,
    data.call?.callId,
    data.dispatch?.callId,
  ];
  return [type, ...ids, data.idents, data.isPanic, data.status, data.dispatch?.title, data.note?.content, data.url]
    .join(' ')
    .replace(/ +/g, ' ');
}

/** Lists the units and calls that an event is about. */
function subjectsOf(data: FiredData): string[] {
  const units = [data.identId, data.identIds, data.unit?.id, data.idents].flat();
  const calls = [data.callId, data.callIds, data.call?.callId, data.dispatch?.callId].flat();
  const named = (kind: string, ids: unknown[]) => ids.filter((id) => id !== undefined).map((id) => `${kind} ${id}`);
  return [...named('unit', units), ...named('call', calls)];
}

const UNITS = 12;
const STREETS = ['Alta Street', 'Forum Drive', 'Vespucci Boulevard'];

/**
 * Creates random events of a community: units sign in and out, change status and set panics; calls are created, get
 * units and notes, and are closed; a tone is played repeatedly. Except for tones and notes, no event equals the one
 * before it, because it would change nothing and could not be distinguished from a duplicate.
 */
function createTraffic(world: ServerWorld, random: () => number): () => Fired {
  let lastCall = 100;
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];
  const fired = (type: string, data: object): Fired => ({ type: `EVENT_${type}`, data });

  function aboutUnits(): Fired {
    const id = 1 + Math.floor(random() * UNITS);
    const unit = world.units.find((other) => other.id === id);
    if (unit === undefined) {
      const data = { apiIds: [`steam:${id}`], unitNum: `1-ADAM-${id}`, name: `Officer ${id}` };
      const login = { id, accId: `account-${id}`, status: 2, isPanic: false, isDispatch: false, location: '', data };
      return fired('UNIT_LOGIN', { unit: login });
    }
    const what = random();
    if (what < 0.1) return fired('UNIT_LOGOUT', { identId: id });
    if (what < 0.5) return fired('UNIT_PANIC', { identIds: [id], isPanic: unit.isPanic !== true });
    return fired('UNIT_STATUS', { identIds: [id], status: (Number(unit.status) + 1 + Math.floor(random() * 4)) % 5 });
  }

  function aboutCalls(): Fired {
    const call = pick(world.dispatchCalls);
    if (call === undefined || (world.dispatchCalls.length < 8 && random() < 0.2)) {
      lastCall += 1;
      const about = {
        callId: lastCall,
        origin: 0,
        status: 1,
        priority: 2,
        title: `Call ${lastCall}`,
        address: pick(STREETS),
      };
      return fired('DISPATCH_NEW', { dispatch: { ...about, notes: [], idents: [], metaData: {} } });
    }
    const { callId, idents } = call;
    const what = random();
    if (what < 0.1) return fired('DISPATCH_CLOSED', { callIds: [callId] });
    if (what < 0.3) {
      const note = { time: '21:04:10', label: 'DISPATCH', type: 'text', content: pick(['On the way', 'Code 4']) };
      return fired('DISPATCH_NOTE', { callId, note });
    }
    if (what < 0.4) {
      const title = call.title.endsWith('!') ? `Call ${callId}` : `Call ${callId}!`;
      return fired('DISPATCH_EDIT', { dispatch: { ...call, title } });
    }
    const unit = pick(world.units)?.id ?? 1;
    return fired(idents.includes(unit) ? 'DISPATCH_UNIT_DETACH' : 'DISPATCH_UNIT_ATTACH', { callId, idents: [unit] });
  }

  function aboutEmergencies(): Fired {
    const call = pick(world.emergencyCalls);
    if (call !== undefined && random() < 0.5) return fired('REMOVE_911', { callIds: [call.callId] });
    lastCall += 1;
    const about = {
      callId: lastCall,
      isEmergency: true,
      caller: `Caller ${lastCall}`,
      location: '',
      description: 'Help!',
    };
    return fired('911', { call: { ...about, metaData: {} } });
  }

  return () => {
    const what = random();
    if (what < 0.1) return fired('TONE', { url: 'https://cad.example/a.mp3', playTonesTo: [] });
    if (what < 0.55) return aboutUnits();
    return what < 0.9 ? aboutCalls() : aboutEmergencies();
  };
}

afterEach(closeLinks);

const EVENTS = 1_000;
const DROPS = 50;
const SUDDEN_DROPS = (DROPS / 5) * 2;
/** Types of events that people may cause twice in a row. */
const ACTS: ReadonlySet<string> = new Set(['EVENT_TONE', 'EVENT_DISPATCH_NOTE']);

/** A script that records the transport and the content of each event. */
const RECORDER = `
  const tagOf = ${tagOf};
  let taken = [];
  const subscribe = () => exports.sonorancad.onPushEvent('*', ({ type, data, source }) => taken.push([source, tagOf(type, data)]));
  on('sonorancad:ready', subscribe);
  if (GetResourceState('sonorancad') === 'started') subscribe();
  exports('taken', () => taken.splice(0));
`;

/** Creates a pseudo-random generator with a fixed seed. */
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

/** Returns the resource's state in the format of `truthOf`. */
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

it(`the resource accepts ${EVENTS} events over a socket that is dropped ${DROPS} times, and ends in the state of the CAD`, async () => {
  const linked = await link();
  const { cad, host, served } = linked;
  register(linked);
  served.add('recorder', RECORDER);
  host.ensure('recorder');
  host.addPlayer();
  await linked.start();

  const random = createRandom(20_260);
  const nextEvent = createTraffic(cad.world.at(1), random);
  // Random positions with at least one event between two drops.
  const dropsAt = new Set(
    Array.from({ length: DROPS }, (_, drop) => Math.floor((drop + random() * 0.75) * (EVENTS / DROPS))),
  );
  const taken = { session: createCounts(), http: createCounts() };
  const sent = { session: createCounts(), http: createCounts() };
  /** Events that may be lost with a socket, or may look like duplicates because the event before them is lost. */
  const atRisk = createCounts();
  const unsure = new Set<string>();
  const repeats = createCounts();
  /** Duplicates that must be dropped: the first event had arrived, and the loss of the socket was noticed. */
  const plainRepeats = createCounts();
  const notTaken: unknown[] = [];
  let marks = 0;

  const collect = () => {
    for (const [source, tag] of host.callExport('recorder', 'taken') as [string, string][])
      taken[source === 'websocket' ? 'session' : 'http'].add(tag);
  };
  /** Waits until a unique tone has arrived over the session. All earlier events have then arrived too, or are lost. */
  const arrived = async () => {
    marks += 1;
    const [type, data] = ['EVENT_TONE', { url: `mark ${marks}`, playTonesTo: [] }];
    expect(await cad.push(type, data)).toBe('session');
    const mark = tagOf(type, data);
    await until(() => {
      collect();
      return taken.session.of(mark) > 0 || cad.sessions.length === 0;
    });
    expect(taken.session.of(mark)).toBe(1);
  };
  const fire = async (event: Fired) => {
    const tag = tagOf(event.type, event.data);
    const { outcome, answer } = await cad.fire(event);
    if (outcome !== 'session' && (outcome !== 'http' || answer !== '200 ok')) notTaken.push([tag, outcome, answer]);
    sent[outcome === 'session' ? 'session' : 'http'].add(tag);
    const subjects = subjectsOf(event.data);
    const isAtRisk = subjects.some((subject) => unsure.has(subject));
    if (isAtRisk) atRisk.add(tag);
    for (const subject of subjects) unsure.delete(subject);
    return { isAtRisk };
  };
  /**
   * Drops the socket after an event, or so suddenly that the event may be lost.
   *
   * @returns whether the event certainly arrived
   */
  const drop = async (event: Fired, isSudden: boolean) => {
    await linked.laterUntil(() => cad.sessions.length === 1, 1_000);
    if (isSudden) await arrived();
    const { isAtRisk } = await fire(event);
    if (isSudden) {
      atRisk.add(tagOf(event.type, event.data));
      for (const subject of subjectsOf(event.data)) unsure.add(subject);
    } else await arrived();
    expect(cad.dropSessions(random() < 0.5)).toBe(1);
    return !isSudden && !isAtRisk;
  };
  /** Sends an event again by HTTP, like the CAD, which does not know whether the event arrived. */
  const repeat = async ({ type, data }: Fired, isKnown: boolean, isLate: boolean) => {
    if (isLate) while (cad.sessions.length === 0 && (await linked.health()).link.session.state === 'open');
    const tag = tagOf(type, data);
    repeats.add(tag);
    if (isLate && isKnown && !ACTS.has(type)) plainRepeats.add(tag);
    expect(await cad.push(type, data, { via: 'http' })).toBe('http');
  };

  for (let number = 0, drops = 0; number < EVENTS; number += 1) {
    const event = nextEvent();
    if (!dropsAt.has(number)) {
      await fire(event);
      if (cad.sessions.length === 0 && random() < 0.1) await linked.later(random() < 0.8 ? 1_300 : 11_000);
      continue;
    }
    drops += 1;
    // Two of five drops are sudden. Every second one is followed by a duplicate, half of them after the loss is
    // noticed.
    const isKnown = await drop(event, drops % 5 < 2);
    if (drops % 2 === 0) await repeat(event, isKnown, drops % 4 === 0);
  }
  await linked.laterUntil(() => cad.sessions.length === 1, 1_000);
  await arrived();

  expect(notTaken).toEqual([]);
  const tags = [...new Set([...sent.session.tags(), ...sent.http.tags()])];
  expect(sent.session.total() + sent.http.total()).toBe(EVENTS);
  // At least one event was sent by each transport for each drop. The exact number depends on the machine's speed.
  for (const way of ['session', 'http'] as const) expect(sent[way].total()).toBeGreaterThanOrEqual(DROPS);
  // Every event answered with 200 is processed, and no genuine event is dropped as a duplicate.
  for (const way of ['session', 'http'] as const)
    expect(tags.filter((tag) => taken[way].of(tag) < sent[way].of(tag) - atRisk.of(tag))).toEqual([]);
  // Each sudden drop endangers its event, and the next events about its unit and its call.
  expect(atRisk.total()).toBeLessThanOrEqual(3 * SUDDEN_DROPS);
  // Only events that the CAD sent twice may be processed twice, except for the duplicates that must be dropped.
  expect(tags.filter((tag) => taken.session.of(tag) > sent.session.of(tag))).toEqual([]);
  expect(plainRepeats.total()).toBeGreaterThan(0);
  const mayComeByHttp = (tag: string) => sent.http.of(tag) + repeats.of(tag) - plainRepeats.of(tag);
  expect(tags.filter((tag) => taken.http.of(tag) > mayComeByHttp(tag))).toEqual([]);

  await linked.reconciled();
  expect(truthOf(linked).units.length).toBeGreaterThan(3);
  expect(stateOf(linked)).toEqual(truthOf(linked));
  expect(cad.requests.filter(({ status }) => status === 429)).toEqual([]);
});
