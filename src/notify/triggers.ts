import type { DispatchCall } from '../events/catalogue/calls.ts';
import type { PushEvent } from '../events/push-event.ts';
import { readFlag } from '../events/read-values.ts';
import { involvedPlayers } from '../game/dispatch/audience.ts';
import { type CallChange, compareUnits } from './call-changes.ts';
import type { Callers } from './callers.ts';
import type { Locale } from './locales/en.ts';
import type { NotificationParts } from './preferences.ts';
import type { TriggerName } from './rules.ts';

/** Something that happened, and that rules can turn into notifications. */
export interface Trigger {
  /** A trigger's name, or the type of the push event: the `on` of a rule. */
  readonly on: string;
  /** Finds the players whom the trigger is about. Called only when a rule notifies them. */
  involved(): readonly number[];
  /** Finds the player who made the call; null when there is none, or when the player has left the server. */
  caller(): number | null;
  /** The data that paths in templates and conditions are looked up in. */
  readonly values: Readonly<Record<string, unknown>>;
}

const noCaller = (): null => null;

/** Derives triggers from push events. */
export class Triggers {
  readonly #parts: Pick<NotificationParts, 'state' | 'audience' | 'texts'>;
  readonly #callers: Callers;

  constructor(parts: Pick<NotificationParts, 'state' | 'audience' | 'texts'>, callers: Callers) {
    this.#parts = parts;
    this.#callers = callers;
  }

  /** Derives all triggers of an event, except for edits of calls (`forEdit`) and the event's type (`forType`). */
  forEvent(event: PushEvent, changes: readonly CallChange[]): Trigger[] {
    return [...this.#forEventWithoutCall(event), ...changes.flatMap((change) => this.#forCallChange(event, change))];
  }

  /**
   * Describes an edit of an open call.
   *
   * @param changes the new values as one text in the players' language
   */
  forEdit(call: DispatchCall, changes: string): Trigger {
    return {
      on: 'callEdited',
      involved: this.#playersOf(call.idents),
      caller: () => this.#callers.ofDispatchCall(call.callId),
      values: { dispatch: call, call, place: describeAddress(call), changes },
    };
  }

  /**
   * Describes an event for rules that name the event's type.
   *
   * @param playersBefore the players whom the event was about before the event changed the state
   */
  forType(event: PushEvent, playersBefore: readonly number[]): Trigger {
    const { state, audience } = this.#parts;
    return {
      on: event.type,
      involved: () => [...new Set([...playersBefore, ...involvedPlayers(event, state, audience)])],
      caller: noCaller,
      values: toValues(event.data),
    };
  }

  #forEventWithoutCall(event: PushEvent): Trigger[] {
    if (!event.valid) return [];

    const { state, audience } = this.#parts;
    const texts = this.#parts.texts();
    const eventValues = toValues(event.data);
    const one = (on: TriggerName, involved: Trigger['involved'], values: object = {}): Trigger[] => [
      { on, involved, caller: noCaller, values: { ...eventValues, ...values } },
    ];

    switch (event.type) {
      case 'EVENT_911': {
        const { call } = event.data;
        const callType = callTypeOf(call.isEmergency, call.metaData);
        const caller = () => this.#callers.ofEmergencyCall(call.callId);
        const involved = () => [caller()].filter((source) => source !== null);
        const values = { ...eventValues, callType, callTitle: texts.callTitles[callType] };
        return [{ on: '911', involved, caller, values }];
      }
      case 'EVENT_UNIT_PANIC': {
        const on = event.data.isPanic ? 'panic' : 'panicReset';
        const idents = [...new Set(event.data.identIds)];
        return idents.flatMap((ident) => one(on, this.#playersOf([ident]), this.#unitValues(ident)));
      }
      case 'EVENT_TONE':
        return one('tone', () => involvedPlayers(event, state, audience));
      case 'EVENT_PAGER_REBORN': {
        const { identIds, nature } = event.data;
        return one('page', this.#playersOf(identIds), { natureTitle: translateNature(nature, texts) });
      }
      case 'EVENT_STATION_ALERT':
        return one('stationAlert', () => [], { stations: event.data.locations.map(({ name }) => name).join(', ') });
      case 'EVENT_COMMUNITY_LINK_VERIFIED':
        return one('accountLinked', () => audience.ofIdentities([event.data.communityUserId]));
      case 'EVENT_STREETSIGN_UPDATED':
        return one('streetSign', () => []);
      default:
        return [];
    }
  }

  #forCallChange(event: PushEvent, change: CallChange): Trigger[] {
    const { before, after } = change;
    const call = after ?? before;
    if (call === undefined) return [];

    const caller = () => this.#callers.ofDispatchCall(call.callId);
    const values = { ...toValues(event.data), call, place: describeAddress(call) };
    const { attached, detached, isClosing } = compareUnits(change);
    if (isClosing) {
      const idents = [...new Set([...(before?.idents ?? []), ...call.idents])];
      return [{ on: 'callClosed', involved: this.#playersOf(idents), caller, values }];
    }

    const forUnit = (on: TriggerName, ident: number): Trigger => ({
      on,
      involved: this.#playersOf([ident]),
      caller,
      values: { ...values, ...this.#unitValues(ident) },
    });
    const triggers: Trigger[] = [];
    for (const ident of attached) {
      triggers.push(forUnit('attached', ident));
      const isDispatcher = this.#parts.state.getUnit(ident)?.isDispatch === true;
      if (isDispatcher || !mayCallerKnow(call)) continue;
      triggers.push({ ...forUnit('responding', ident), caller: () => this.#exceptPlayerOf(ident, caller()) });
    }
    for (const ident of detached) triggers.push(forUnit('detached', ident));
    if (event.valid && event.type === 'EVENT_DISPATCH_NOTE') {
      triggers.push({ on: 'note', involved: this.#playersOf(call.idents), caller, values });
    }
    return triggers;
  }

  #playersOf(idents: readonly number[]): () => readonly number[] {
    return () => this.#parts.audience.ofUnits(idents);
  }

  /** Values of a unit for templates. An unknown unit has only its ident. */
  #unitValues(ident: number) {
    const unit = this.#parts.state.getUnit(ident);
    return { unit: unit ?? { id: ident }, unitName: unit?.data.unitNum || unit?.data.name || String(ident) };
  }

  /** A player who responds to their own call is not notified of the response. */
  #exceptPlayerOf(ident: number, caller: number | null): number | null {
    return caller !== null && this.#parts.state.playersOfUnit(ident).includes(caller) ? null : caller;
  }
}

/** Copies the fields of an event's data. Data that is not an object has no fields. */
function toValues(data: unknown): Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? { ...data } : {};
}

/** Whether the caller may be notified of responding units: only when the call explicitly says that it is not silent. */
function mayCallerKnow({ metaData: { silentAlert, silenceAlert } = {} }: DispatchCall): boolean {
  const flags = [silentAlert, silenceAlert].filter((flag) => flag !== undefined);
  return flags.length > 0 && flags.every((flag) => readFlag(flag) === false);
}

function describeAddress({ block, address, postal }: DispatchCall): string {
  const street = [block, address].filter((part) => part !== '').join(' ');
  if (postal === '') return street;
  return street === '' ? postal : `${street} (${postal})`;
}

/**
 * Reads the type of a 911 call. The CAD only tells emergencies apart; scripts put the type of a 511 call into its
 * metaData.
 */
function callTypeOf(isEmergency: boolean, metaData: DispatchCall['metaData'] = {}): keyof Locale['callTitles'] {
  for (const name of ['callType', 'type']) {
    const type = Object.hasOwn(metaData, name) ? Reflect.get(metaData, name) : undefined;
    if (type === '911' || type === '311' || type === '511') return type;
  }
  return isEmergency ? '911' : '311';
}

function translateNature(nature: string, { natures }: Locale): string {
  const name = nature.toLowerCase();
  return Object.hasOwn(natures, name) ? natures[name as keyof typeof natures] : nature;
}
