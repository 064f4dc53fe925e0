import { afterEach, expect, it } from '@jest/globals';
import type { EventBody } from '../../../scripts/fakecad/pushes.ts';
import type { ServerWorld } from '../../../scripts/fakecad/world/world.ts';
import { until } from '../../until.ts';
import { closeLinks, type Linked, link, register } from './set-up.ts';

/** What the data of the events here is told apart by; which of it is there depends on the type. */
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

/** An event as the CAD fires it. */
type Fired = EventBody & { readonly data: FiredData };

/** A text that two events share when they say the same. Its source runs in a recorder too. */
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

/** The units and calls that an event is about. */
function subjectsOf(data: FiredData): string[] {
  const units = [data.identId, data.identIds, data.unit?.id, data.idents].flat();
  const calls = [data.callId, data.callIds, data.call?.callId, data.dispatch?.callId].flat();
  const named = (kind: string, ids: unknown[]) => ids.filter((id) => id !== undefined).map((id) => `${kind} ${id}`);
  return [...named('unit', units), ...named('call', calls)];
}

const UNITS = 12;
const STREETS = ['Alta Street', 'Forum Drive', 'Vespucci Boulevard'];

/**
 * What happens in a community, one thing after the other: units sign in and out, change their status, press their panic button; calls
 * come, get units and notes, and end; one and the same tone is played again and again. But for tones and notes, nothing is said twice in
 * a row: that would change nothing, and could not be told from a repeat.
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
/** What somebody may well do twice in a row. */
const ACTS: ReadonlySet<string> = new Set(['EVENT_TONE', 'EVENT_DISPATCH_NOTE']);

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
  /** Those that had to be noticed: the event had come, and the loss of the socket was known. */
  const plainRepeats = createCounts();
  const notTaken: unknown[] = [];
  let marks = 0;

  const collect = () => {
    for (const [source, tag] of host.callExport('recorder', 'taken') as [string, string][])
      taken[source === 'websocket' ? 'session' : 'http'].add(tag);
  };
  /** Waits until a tone of its own has come over the session: what was sent by either way before it comes before it, or not at all. */
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
  /** Cuts the socket after an event, or so soon that it may take the event with it. @returns whether the event has come for certain */
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
  /** The CAD cannot know what has arrived. */
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
    // Two of five are sudden, every other one is followed by a repeat, and half of those come when the loss is noticed.
    const isKnown = await drop(event, drops % 5 < 2);
    if (drops % 2 === 0) await repeat(event, isKnown, drops % 4 === 0);
  }
  await linked.laterUntil(() => cad.sessions.length === 1, 1_000);
  await arrived();

  expect(notTaken).toEqual([]);
  const tags = [...new Set([...sent.session.tags(), ...sent.http.tags()])];
  expect(sent.session.total() + sent.http.total()).toBe(EVENTS);
  // More go each way, how many more is a matter of how busy the machine is: an event before and one after each drop.
  for (const way of ['session', 'http'] as const) expect(sent[way].total()).toBeGreaterThanOrEqual(DROPS);
  // What was answered with 200 is processed, and nothing is taken for a repeat that is none.
  for (const way of ['session', 'http'] as const)
    expect(tags.filter((tag) => taken[way].of(tag) < sent[way].of(tag) - atRisk.of(tag))).toEqual([]);
  // A sudden drop, and what comes next about the two that an event may be about.
  expect(atRisk.total()).toBeLessThanOrEqual(3 * SUDDEN_DROPS);
  // Nothing is processed twice but what the CAD sent twice, and of that not what is plain.
  expect(tags.filter((tag) => taken.session.of(tag) > sent.session.of(tag))).toEqual([]);
  expect(plainRepeats.total()).toBeGreaterThan(0);
  const mayComeByHttp = (tag: string) => sent.http.of(tag) + repeats.of(tag) - plainRepeats.of(tag);
  expect(tags.filter((tag) => taken.http.of(tag) > mayComeByHttp(tag))).toEqual([]);

  await linked.reconciled();
  expect(truthOf(linked).units.length).toBeGreaterThan(3);
  expect(stateOf(linked)).toEqual(truthOf(linked));
  expect(cad.requests.filter(({ status }) => status === 429)).toEqual([]);
});
