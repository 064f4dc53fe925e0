import * as v from 'valibot';
import { bareIdentity, isSameIdentity } from '../../events/catalogue/people.ts';
import { identitiesOfUnit, type Unit, type UnitChange, unit as unitSchema } from '../../events/catalogue/units.ts';
import type { KnownPushEvent } from '../../events/push-event.ts';
import { ManyToMany } from '../players/identities.ts';
import type { PlayerLookup } from '../players/players.ts';
import { type Applied, type Change, RecordStore } from './records.ts';

/** A unit; or what events said about one that nothing has introduced yet, which is not shown. */
export type UnitRecord =
  | { readonly known: true; readonly unit: Unit /** Milliseconds, monotonic: its login. */; readonly since: number }
  | { readonly known: false; readonly unit: UnitChange };

/** A player who became a unit or no longer is it. */
export interface Pairing {
  /** Server id. */
  readonly source: number;
  readonly unit: Unit;
}

/** What a change did to a unit, and to who is who. */
export interface AppliedToUnit extends Applied<UnitRecord> {
  readonly joined: readonly Pairing[];
  readonly left: readonly Pairing[];
}

/** What is kept of a unit while the resource restarts. */
export interface UnitSnapshot {
  readonly unit: Unit;
  readonly wasSeen: boolean;
}

const DAY = 86_400_000;

const STAGES = {
  known: { most: 10_000, maxAge: 7 * DAY, ageFrom: 'change' },
  unknown: { most: 1_000, maxAge: DAY, ageFrom: 'change' },
} as const;

/** A unit whose player has not been seen is shown for so long after its login: they may be loading. */
const SHOWN_UNSEEN_MS = 60_000;

/** Units, and which players are which of them. Each call about one unit takes constant time, however many there are. */
export class UnitTable {
  readonly #players: PlayerLookup;
  readonly #unitsByIdentity = new ManyToMany<string, number>();
  readonly #unitsByPlayer = new ManyToMany<number, number>();
  /** Units whose player was connected at some time since their login. */
  readonly #seen = new Set<number>();
  readonly #dispatchers = new Set<number>();
  readonly #store = new RecordStore<keyof typeof STAGES, UnitRecord>({
    stages: STAGES,
    stageOf: ({ known }) => (known ? 'known' : 'unknown'),
    dropped: (ident) => this.#forget(ident),
  });
  #leaving: number | null = null;

  constructor(players: PlayerLookup) {
    this.#players = players;
  }

  /** @returns undefined for a unit that nothing has introduced */
  get(ident: number): Unit | undefined {
    const record = this.#store.get(ident);
    return record?.known ? record.unit : undefined;
  }

  apply(change: Change<UnitRecord>, now: number): AppliedToUnit {
    const applied = this.#store.apply(change, now);
    const { id, before, after } = applied;
    if (before?.known && !after?.known) {
      return { ...applied, joined: [], left: this.#forget(id).map((source) => ({ source, unit: before.unit })) };
    }
    if (!after?.known) return { ...applied, joined: [], left: [] };
    const { unit } = after;
    if (unit.isDispatch) this.#dispatchers.add(id);
    else this.#dispatchers.delete(id);
    const isLogin = !before?.known || before.since !== after.since;
    if (!isLogin && sameIdentities(before.unit, unit)) return { ...applied, joined: [], left: [] };
    const { joined, left } = this.#pair(id, identitiesFor(unit), isLogin);
    const present = this.playersOf(id);
    if (isLogin) this.#seen.delete(id);
    if (present.length > 0) this.#seen.add(id);
    const paired = (sources: readonly number[]) => sources.map((source) => ({ source, unit }));
    return { ...applied, joined: paired(isLogin ? present : joined), left: paired(left) };
  }

  purge(now: number): void {
    this.#store.purge(now);
  }

  /** @returns all that were introduced, and whether their player was there at some time since their login */
  snapshot(): UnitSnapshot[] {
    return [...this.#known()].map(({ unit }) => ({ unit, wasSeen: this.#seen.has(unit.id) }));
  }

  /** Takes a unit as it was before. @returns the players who are it */
  restore({ unit, wasSeen }: UnitSnapshot, now: number): readonly Pairing[] {
    // Its login was some time ago.
    const since = now - SHOWN_UNSEEN_MS;
    const { joined } = this.apply({ id: unit.id, next: () => ({ known: true, unit, since }) }, now);
    if (wasSeen) this.#seen.add(unit.id);
    return joined;
  }

  /** @returns all that were introduced, in the order of their login */
  all(): Unit[] {
    return [...this.#known()].map(({ unit }) => unit);
  }

  /** @returns those that the official resource would have in its cache: whose player is or was there, and new ones */
  cached(now: number): Unit[] {
    return [...this.#known()].flatMap(({ unit, since }) =>
      this.#seen.has(unit.id) || now - since < SHOWN_UNSEEN_MS || unit.id === this.#leaving ? [unit] : [],
    );
  }

  /** Keeps a unit among the cached ones while its logout is announced; null ends that. */
  setLeaving(ident: number | null): void {
    this.#leaving = ident;
  }

  dispatchers(): { readonly id: number; readonly isInGame: boolean }[] {
    return [...this.#dispatchers].map((id) => ({ id, isInGame: this.playersOf(id).length > 0 }));
  }

  hasDispatcher(): boolean {
    return this.#dispatchers.size > 0;
  }

  /** To be called when a player joined or became known by another identity. @returns the units that they became */
  addPlayer(source: number): Pairing[] {
    const before = this.#unitsByPlayer.rightOf(source);
    const isTheirs = (unit: Unit) => this.#players.sourcesOfIdentities(identitiesFor(unit)).includes(source);
    const candidates = this.#candidates(this.#players.identifiersOf(source));
    const units = candidates.filter((unit) => !before.has(unit.id) && isTheirs(unit));
    for (const { id } of units) {
      this.#unitsByPlayer.add(source, id);
      this.#seen.add(id);
    }
    return units.map((unit) => ({ source, unit }));
  }

  /** @returns the units that they were */
  removePlayer(source: number): Pairing[] {
    const idents = this.unitsOf(source);
    for (const ident of idents) this.#unitsByPlayer.remove(source, ident);
    return this.#withUnit(idents).map((unit) => ({ source, unit }));
  }

  /** @returns server ids */
  playersOf(ident: number): number[] {
    return [...this.#unitsByPlayer.leftOf(ident)];
  }

  /** @returns idents, that of the unit that signed in last at the end */
  unitsOf(source: number): number[] {
    return [...this.#unitsByPlayer.rightOf(source)];
  }

  /** @returns all players who are a unit */
  players(): Iterable<number> {
    return this.#unitsByPlayer.lefts();
  }

  /** @returns the idents of units with one of these identities */
  withIdentity(identities: readonly string[]): number[] {
    return this.#candidates(identities)
      .filter((unit) => identitiesFor(unit).some((own) => identities.some((asked) => isSameIdentity(own, asked))))
      .map(({ id }) => id);
  }

  /** @returns the players who were it */
  #forget(ident: number): number[] {
    const sources = this.playersOf(ident);
    this.#seen.delete(ident);
    this.#dispatchers.delete(ident);
    this.#unitsByPlayer.removeRight(ident);
    this.#unitsByIdentity.removeRight(ident);
    return sources;
  }

  *#known(): Iterable<Extract<UnitRecord, { known: true }>> {
    for (const record of this.#store.at('known')) if (record.known) yield record;
  }

  #withUnit(idents: Iterable<number>): Unit[] {
    return [...idents].flatMap((ident) => this.get(ident) ?? []);
  }

  /** @returns units that may have one of these identities: compare them where you need to be sure */
  #candidates(identities: readonly string[]): Unit[] {
    const idents = identities.flatMap((identity) => [...this.#unitsByIdentity.rightOf(bareIdentity(identity))]);
    return this.#withUnit(new Set(idents));
  }

  /**
   * Takes who a unit is.
   *
   * @param isLogin whether it is the last to sign in of its players' units
   * @returns the players who became it, and who no longer are it
   */
  #pair(ident: number, identities: readonly string[], isLogin: boolean) {
    this.#unitsByIdentity.removeRight(ident);
    for (const identity of identities) this.#unitsByIdentity.add(bareIdentity(identity), ident);
    const before = this.playersOf(ident);
    const now = this.#players.sourcesOfIdentities(identities);
    const left = before.filter((source) => !now.includes(source));
    const joined = now.filter((source) => !before.includes(source));
    for (const source of isLogin ? before : left) this.#unitsByPlayer.remove(source, ident);
    for (const source of now) this.#unitsByPlayer.add(source, ident);
    return { joined, left };
  }
}

/** The account too: the CAD tells which player is linked with it. */
function identitiesFor(unit: Unit): string[] {
  const identities = identitiesOfUnit(unit);
  return unit.accId === '' ? identities : [...identities, unit.accId];
}

function sameIdentities(one: Unit, other: Unit): boolean {
  if (one.data === other.data && one.accId === other.accId) return true;
  const [first, second] = [identitiesFor(one), identitiesFor(other)];
  return first.length === second.length && first.every((identity, index) => identity === second[index]);
}

type UnitReducer = Change<UnitRecord>['next'];

/**
 * @param now milliseconds, monotonic
 * @returns what an event does to units, in its order. Pure: records are replaced, never changed
 */
export function unitChanges(event: KnownPushEvent, now: number): Change<UnitRecord>[] {
  const each = (idents: readonly number[], next: (id: number) => UnitReducer) =>
    [...new Set(idents)].map((id) => ({ id, next: next(id) }));
  switch (event.type) {
    case 'EVENT_UNIT_UPDATE':
      return event.data.units.map((unit) => ({ id: unit.id, next: updatedWith(unit, now) }));
    case 'EVENT_UNIT_STATUS': {
      const { identIds, status, units = [] } = event.data;
      const whole = new Map(units.map((unit) => [unit.id, { ...unit, status: unit.status ?? status }]));
      return each(identIds, (id) => updatedWith(whole.get(id) ?? { id, status, data: { apiIds: [] } }, now));
    }
    case 'EVENT_UNIT_LOGIN': {
      const { unit } = event.data;
      return [{ id: unit.id, next: () => ({ known: true, unit, since: now }) }];
    }
    case 'EVENT_UNIT_LOGOUT':
      return [{ id: event.data.identId, next: () => undefined }];
    case 'EVENT_UNIT_PANIC': {
      const { identIds, isPanic } = event.data;
      return each(identIds, (id) => updatedWith({ id, isPanic, data: { apiIds: [] } }, now));
    }
    case 'EVENT_UNIT_GROUP_ADD':
      return each(event.data.identIds, (id) => inGroup(id, event.data.groupName, now));
    case 'EVENT_UNIT_GROUP_CHANGE_NAME':
      return each(event.data.identIds, (id) => inGroup(id, event.data.newName, now));
    case 'EVENT_UNIT_GROUP_REMOVE': {
      const { identIds, groupName } = event.data;
      // A unit that is in another group by now has left this one long ago.
      return each(identIds, (id) => (before) => {
        const group = before?.unit.data.group;
        return group === groupName || groupName === '' ? inGroup(id, '', now)(before) : before;
      });
    }
    default:
      return [];
  }
}

function inGroup(id: number, group: string, now: number): UnitReducer {
  return updatedWith({ id, data: { apiIds: [], group } }, now);
}

function updatedWith(change: UnitChange, now: number): UnitReducer {
  return (before) => {
    if (before?.known) return { ...before, unit: merge(before.unit, change) };
    const unit = before === undefined ? change : merge(before.unit, change);
    return introduces(change)
      ? { known: true, unit: v.parse(unitSchema.read, unit), since: now }
      : { known: false, unit };
  };
}

/** Field by field, since an update leaves out what has not changed. */
function merge<Known extends Unit | UnitChange>(before: Known, change: UnitChange): Known {
  const data = { ...before.data, ...given(change.data) };
  if (change.data.apiIds.length === 0) data.apiIds = before.data.apiIds;
  return { ...before, ...given(change), data };
}

function given<Fields extends object>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Fields>;
}

/**
 * @param now milliseconds, monotonic
 * @returns what the CAD's list of units does to one of them: it signed in before, at an unknown time
 */
export function reportedUnit(unit: UnitChange, now: number): Change<UnitRecord> {
  return { id: unit.id, next: updatedWith(unit, now - SHOWN_UNSEEN_MS) };
}

/** Whether it says who the unit is, rather than only what has changed about it. */
function introduces({ accId, data, ...rest }: UnitChange): boolean {
  const { unitNum, name } = data;
  return Boolean(accId || unitNum || name) || identitiesOfUnit({ ...rest, data }).length > 0;
}
