import type { EventBody } from '../../../scripts/fakecad/pushes.ts';
import type { ServerWorld } from '../../../scripts/fakecad/world/world.ts';

/** What the data of the events here is told apart by; which of it is there depends on the type. */
export interface FiredData {
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
export type Fired = EventBody & { readonly data: FiredData };

/** A text that two events share when they say the same. Its source runs in a recorder too. */
export function tagOf(type: string, data: FiredData): string {
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
export function subjectsOf(data: FiredData): string[] {
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
export function createTraffic(world: ServerWorld, random: () => number): () => Fired {
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
