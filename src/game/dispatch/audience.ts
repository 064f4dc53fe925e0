import * as v from 'valibot';
import { findEntry, type PushEventData } from '../../events/catalogue/catalogue.ts';
import type { Unit } from '../../events/catalogue/units.ts';
import type { PushEvent } from '../../events/push-event.ts';
import type { Log, LogFields } from '../../lib/log.ts';
import { trimmed } from '../../lib/settings.ts';
import { reasonOf } from '../../lib/text.ts';
import type { DutyChecks } from '../../platform/players.ts';
import type { Players } from '../players/players.ts';
import type { StateView } from '../state/state-view.ts';

interface AudienceOptions {
  readonly players: Pick<Players, 'sources' | 'sourcesOfIdentities'>;
  readonly state: Pick<StateView, 'playersOfUnit' | 'playersInCad' | 'unitsOfPlayer'>;
  readonly checks: DutyChecks;
  /** Asked each time. */
  duty(): DutyMethod;
  readonly log: Log;
}

const JOB_FAILED = "The framework could not be asked for a player's job; they do not count as on duty.";
const NO_FRAMEWORK =
  'No player counts as on duty: "duty" of the notifications asks for jobs, and none of qbx_core, qb-core and es_extended is started.';
const EXPORT_FAILED = 'The export that says who is on duty failed; no player counts as on duty by it.';

export type Audience = ReturnType<typeof createAudience>;

/** Groups of connected players that something is meant for, as server ids without doubles. */
export function createAudience({ players, state, checks, duty, log }: AudienceOptions) {
  const all = () => [...players.sources()];
  const withAce = (permission: string) => all().filter((source) => checks.hasAce(source, permission));

  /** If it cannot be found out, a player is not on duty. */
  function orNot(isOnDuty: () => boolean, message: string, source: number, origin: LogFields = {}): boolean {
    try {
      return isOnDuty();
    } catch (error) {
      log.coalesce({ ...origin, reason: reasonOf(error) }).error(message, { player: source });
      return false;
    }
  }

  /** Whether it was said that there is no framework: it is the same for each player and event. */
  let isMissingSaid = false;

  function isOnDutyInJob(names: readonly string[], source: number): boolean {
    const job = checks.jobOf(source);
    if (job === null && !isMissingSaid && !checks.hasFramework()) {
      isMissingSaid = true;
      log.warn(NO_FRAMEWORK);
    }
    return job?.isOnDuty === true && names.includes(job.name.toLowerCase());
  }

  /** Set while an export says who is on duty: one that asks this resource for it would never come to an end. */
  let isAsking = false;

  function isOnDutyByExport(resource: string, name: string, source: number): boolean {
    if (isAsking) throw new Error('it asks sonorancad who is on duty');
    isAsking = true;
    try {
      return checks.callExport(resource, name, source) === true;
    } finally {
      isAsking = false;
    }
  }

  /** @param source of a connected player */
  function isOnDutyBy(method: DutyMethod, source: number): boolean {
    switch (method.by) {
      case 'incad':
        return state.unitsOfPlayer(source).length > 0;
      case 'ace':
        return checks.hasAce(source, method.permission);
      case 'job':
        return orNot(() => isOnDutyInJob(method.names, source), JOB_FAILED, source);
      case 'export': {
        const { resource, name } = method;
        const origin = { export: `${resource}.${name}` };
        return orNot(() => isOnDutyByExport(resource, name, source), EXPORT_FAILED, source, origin);
      }
    }
  }

  return {
    all,
    /** Those who are on duty, as the operator has decided it. */
    onDuty(): number[] {
      const method = duty();
      if (method.by === 'incad') return [...new Set(state.playersInCad())];
      return all().filter((source) => isOnDutyBy(method, source));
    },
    /** Whether one player is. @param source a server id */
    isOnDuty: (source: number): boolean => all().includes(source) && isOnDutyBy(duty(), source),
    /** The players of these units. */
    ofUnits(idents: Iterable<number>): number[] {
      const sources = new Set<number>();
      for (const ident of idents) for (const source of state.playersOfUnit(ident)) sources.add(source);
      return [...sources];
    },
    /** The players with any of these identities, bare or prefixed, in any case. */
    ofIdentities: (identities: readonly string[]): number[] =>
      identities.length === 0 ? [] : players.sourcesOfIdentities(identities),
    withAce,
  };
}

/** How it is decided who is on duty. */
type DutyMethod = NonNullable<ReturnType<typeof parseDuty>>;

/** As an operator writes it: `incad`, `ace:<permission>`, `job:<name>,…` or `export:<resource>.<name>`. */
export const dutySchema = v.pipe(
  trimmed,
  v.check((given) => parseDuty(given) !== null),
);

export const dutyExpected = '"incad", "ace:<permission>", "job:<name>,<name>" or "export:<resource>.<name>"';

/** @returns null for a text that `dutySchema` refuses */
export function parseDuty(text: string) {
  if (text.toLowerCase() === 'incad') return { by: 'incad' } as const;
  const [, by = '', rest = ''] = /^(ace|job|export):(.+)$/i.exec(text) ?? [];
  switch (by.toLowerCase()) {
    case 'ace':
      return /^[\w.-]{1,100}$/.test(rest) ? ({ by: 'ace', permission: rest } as const) : null;
    case 'job': {
      const names = rest.split(',').map((name) => name.trim().toLowerCase());
      return names.every((name) => name !== '') ? ({ by: 'job', names } as const) : null;
    }
    case 'export': {
      const [, resource, name] = /^([^.\s]+)\.(\w+)$/.exec(rest) ?? [];
      return resource === undefined || name === undefined ? null : ({ by: 'export', resource, name } as const);
    }
    default:
      return null;
  }
}

/** What of the state says whom an event is about. */
export type EventContext = Pick<StateView, 'getUnit' | 'getCall' | 'unitsOfPlayer'>;

/**
 * The players whom an event is about, as the state is at this moment: those of its units, of the units attached to its calls, and
 * those with its identities. For a tone: those on duty whose unit is addressed.
 */
export function involvedPlayers(event: PushEvent, state: EventContext, audience: Audience): number[] {
  if (!event.valid) return [];
  if (event.type === 'EVENT_TONE') return toneListeners(event.data, state, audience);
  const concerns = findEntry(event.type)?.concerns ?? {};
  const calls = new Set(concerns.calls?.(event.data));
  const attached = [...calls].flatMap((callId) => state.getCall(callId)?.idents ?? []);
  const idents = new Set([...(concerns.idents?.(event.data) ?? []), ...attached]);
  return [...new Set([...audience.ofUnits(idents), ...audience.ofIdentities(concerns.identities?.(event.data) ?? [])])];
}

type Tone = PushEventData<'EVENT_TONE'>;

function toneListeners({ playTonesTo }: Tone, state: EventContext, audience: Audience): number[] {
  if (playTonesTo.length === 0) return [];
  return audience.onDuty().filter((source) =>
    state.unitsOfPlayer(source).some((ident) => {
      const unit = state.getUnit(ident);
      const isAttached = (callId: number) => state.getCall(callId)?.idents.includes(ident) ?? false;
      return unit !== undefined && isToneFor(playTonesTo, unit, isAttached);
    }),
  );
}

const DETAIL_OF: Readonly<Record<number, string>> = { 2: 'agency', 3: 'department', 4: 'subdivision', 6: 'group' };

/**
 * Whether a tone is addressed to a unit. Agencies, departments, subdivisions and groups are compared by value and by label, in any
 * case, since the CAD gives numbers for some and names for others.
 */
function isToneFor(receivers: Tone['playTonesTo'], { id, data }: Unit, isAttached: (call: number) => boolean): boolean {
  return receivers.some(({ type, value, label }) => {
    if (type === 0) return true;
    if (type === 1) return typeof value === 'number' && isAttached(value);
    if (type === 5) return value === id;
    const name = DETAIL_OF[type];
    const detail = name !== undefined && Object.hasOwn(data, name) ? fold(Reflect.get(data, name)) : '';
    return detail !== '' && (detail === fold(value) || detail === fold(label));
  });
}

function fold(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim().toLowerCase() : '';
}
