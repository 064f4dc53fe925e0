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

/** Groups of connected players that something is meant for, as server ids without doubles. */
export class Audience {
  readonly #options: AudienceOptions;
  /** Whether the console was told that there is no framework: the reason is the same for each player and event. */
  #isMissingSaid = false;
  /** Set while an export says who is on duty: an export that asks this resource for it would never end. */
  #isAsking = false;

  constructor(options: AudienceOptions) {
    this.#options = options;
  }

  all(): number[] {
    return [...this.#options.players.sources()];
  }

  /** Those who are on duty, as the operator has decided it. */
  onDuty(): number[] {
    const { state, duty } = this.#options;
    const method = duty();
    if (method.by === 'incad') return [...new Set(state.playersInCad())];
    return this.all().filter((source) => this.#isOnDutyBy(method, source));
  }

  /** Whether one player is on duty. @param source a server id */
  isOnDuty(source: number): boolean {
    return this.all().includes(source) && this.#isOnDutyBy(this.#options.duty(), source);
  }

  /** The players of these units. */
  ofUnits(idents: Iterable<number>): number[] {
    const { state } = this.#options;
    const sources = new Set<number>();
    for (const ident of idents) for (const source of state.playersOfUnit(ident)) sources.add(source);
    return [...sources];
  }

  /** The players with any of these identities, bare or prefixed, in any case. */
  ofIdentities(identities: readonly string[]): number[] {
    return identities.length === 0 ? [] : this.#options.players.sourcesOfIdentities(identities);
  }

  withAce(permission: string): number[] {
    return this.all().filter((source) => this.#options.checks.hasAce(source, permission));
  }

  /** @param source of a connected player */
  #isOnDutyBy(method: DutyMethod, source: number): boolean {
    const { state, checks } = this.#options;
    switch (method.by) {
      case 'incad':
        return state.unitsOfPlayer(source).length > 0;
      case 'ace':
        return checks.hasAce(source, method.permission);
      case 'job':
        return this.#orNot(() => this.#isOnDutyInJob(method.names, source), JOB_FAILED, source);
      case 'export': {
        const { resource, name } = method;
        const origin = { export: `${resource}.${name}` };
        return this.#orNot(() => this.#isOnDutyByExport(resource, name, source), EXPORT_FAILED, source, origin);
      }
    }
  }

  /** A player whose duty cannot be found out is not on duty. */
  #orNot(isOnDuty: () => boolean, message: string, source: number, origin: LogFields = {}): boolean {
    try {
      return isOnDuty();
    } catch (error) {
      this.#options.log.coalesce({ ...origin, reason: reasonOf(error) }).error(message, { player: source });
      return false;
    }
  }

  #isOnDutyInJob(names: readonly string[], source: number): boolean {
    const { checks, log } = this.#options;
    const job = checks.jobOf(source);
    if (job === null && !this.#isMissingSaid && !checks.hasFramework()) {
      this.#isMissingSaid = true;
      log.warn(NO_FRAMEWORK);
    }
    return job?.isOnDuty === true && names.includes(job.name.toLowerCase());
  }

  #isOnDutyByExport(resource: string, name: string, source: number): boolean {
    if (this.#isAsking) throw new Error('it asks sonorancad who is on duty');
    this.#isAsking = true;
    try {
      return this.#options.checks.callExport(resource, name, source) === true;
    } finally {
      this.#isAsking = false;
    }
  }
}

/** How it is decided who is on duty. */
type DutyMethod =
  | { readonly by: 'incad' }
  | { readonly by: 'ace'; readonly permission: string }
  | { readonly by: 'job'; readonly names: readonly string[] }
  | { readonly by: 'export'; readonly resource: string; readonly name: string };

/** As an operator writes it: `incad`, `ace:<permission>`, `job:<name>,…` or `export:<resource>.<name>`. */
export const dutySchema = v.pipe(
  trimmed,
  v.check((given) => parseDuty(given) !== null),
);

export const dutyExpected = '"incad", "ace:<permission>", "job:<name>,<name>" or "export:<resource>.<name>"';

/** @returns null for a text that `dutySchema` refuses */
export function parseDuty(text: string): DutyMethod | null {
  if (text.toLowerCase() === 'incad') return { by: 'incad' };
  const [, by = '', rest = ''] = /^(ace|job|export):(.+)$/i.exec(text) ?? [];
  switch (by.toLowerCase()) {
    case 'ace':
      return /^[\w.-]{1,100}$/.test(rest) ? { by: 'ace', permission: rest } : null;
    case 'job': {
      const names = rest.split(',').map((name) => name.trim().toLowerCase());
      return names.every((name) => name !== '') ? { by: 'job', names } : null;
    }
    case 'export': {
      const [, resource, name] = /^([^.\s]+)\.(\w+)$/.exec(rest) ?? [];
      return resource === undefined || name === undefined ? null : { by: 'export', resource, name };
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
