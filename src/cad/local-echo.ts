import { randomUUID } from 'node:crypto';
import { CLOSED_CALL } from '../events/catalogue/calls.ts';
import { normalise } from '../events/normalise.ts';
import type { KnownPushEvent, PushEvent } from '../events/push-event.ts';
import type { CadRequest } from './api/cad-api.ts';
import type { ApiInput, ApiOutput, EndpointName } from './api/endpoints.ts';
import type { UnitSelector } from './api/inputs.ts';

export interface LocalEchoOptions {
  readonly request: CadRequest;
  /** Returns this server's id. Changes on other servers are not applied. */
  serverId(): number;
  readonly known: KnownState;
  /** Applies an event that stands for a change in the CAD to this server's state. */
  echo(event: KnownPushEvent): void;
  /** Milliseconds since 1970. */
  now(): number;
}

/**
 * Wraps `request` so that each successful change in the CAD also changes this server's state. The CAD sends no push
 * events for changes made through its API.
 */
export function withLocalEcho({ request, serverId, known, echo, now }: LocalEchoOptions): CadRequest {
  return async (name, input) => {
    const result = await request(name, input);
    const isElsewhere = 'serverId' in input && input.serverId !== undefined && input.serverId !== serverId();
    if (!result.ok || isElsewhere) return result;
    for (const { type, data } of IMPLIED_EVENTS[name]?.(input, result.data, known, now()) ?? []) {
      const normalised = normalise(type, { data });
      if (!normalised.valid) continue;
      const event = { id: randomUUID(), type, data: normalised.data, receivedAt: now(), source: 'http', valid: true };
      echo(event as KnownPushEvent);
    }
    return result;
  };
}

/** The part of this server's state that the implied events depend on. */
interface KnownState {
  getCall(callId: number): object | undefined;
  /** @returns the open dispatch calls that a unit is attached to */
  callsOfUnit(ident: number): readonly number[];
  /** @returns the idents of signed-in units with one of these identities */
  unitsWithIdentity(identities: readonly string[]): readonly number[];
}

/** The push event that the CAD would send if another client made the change. */
interface ImpliedEvent {
  readonly type: string;
  readonly data: unknown;
}

const event = (type: PushEvent['type'], data: unknown): ImpliedEvent[] => [{ type, data }];

/** The implied push events of each request. Empty when the unit or the call is unknown. */
const IMPLIED_EVENTS: {
  readonly [Name in EndpointName]?: (
    input: ApiInput<Name>,
    output: ApiOutput<Name>,
    known: KnownState,
    now: number,
  ) => ImpliedEvent[];
} = {
  create911: (input, output) => event('EVENT_911', { call: { ...input, ...output } }),
  remove911: ({ callId }) => event('EVENT_REMOVE_911', { callIds: [callId] }),
  createDispatch: (input, output) => event('EVENT_DISPATCH_NEW', { dispatch: { ...input, ...output } }),
  createCustomDispatch: (_input, output) => event('EVENT_DISPATCH_NEW', { dispatch: output }),
  updateDispatch: ({ callId, changes }, output, known) => edited(known, callId, { ...changes, ...output }),
  setPostal: ({ callId, postal }, _output, known) => edited(known, callId, { postal }),
  setPrimary: ({ callId, identId, trackPrimary }, _output, known) =>
    edited(known, callId, { primary: identId, ...(trackPrimary !== undefined && { trackPrimary }) }),
  closeCalls: ({ callIds }) => event('EVENT_DISPATCH_CLOSED', { callIds }),
  addNote: ({ callId, note, noteType = 'text', label = '' }, _output, _known, now) => {
    const time = new Date(now).toISOString();
    return event('EVENT_DISPATCH_NOTE', { callId, note: { time, label, type: noteType, content: note } });
  },
  attachUnits: (input, { identIds }, known) => {
    const idents = identIds.length > 0 ? identIds : identsOf(input, known);
    return idents.length === 0 ? [] : event('EVENT_DISPATCH_UNIT_ATTACH', { callId: input.callId, idents });
  },
  detachUnits: (input, { identIds }, known) => {
    const idents = identIds.length > 0 ? identIds : identsOf(input, known);
    return idents.flatMap((ident) => {
      const calls = known.callsOfUnit(ident);
      return calls.flatMap((callId) => event('EVENT_DISPATCH_UNIT_DETACH', { callId, idents: [ident] }));
    });
  },
  setUnitStatus: (input, _output, known) => ofUnits('EVENT_UNIT_STATUS', input, known, { status: input.status }),
  setUnitPanic: (input, _output, known) => ofUnits('EVENT_UNIT_PANIC', input, known, { isPanic: input.isPanic }),
};

function edited(known: KnownState, callId: number, changes: object): ImpliedEvent[] {
  const before = known.getCall(callId);
  if (before === undefined) return [];
  const dispatch = { ...before, ...changes, callId };
  const isClosed = 'status' in dispatch && dispatch.status === CLOSED_CALL;
  return isClosed ? event('EVENT_DISPATCH_CLOSED', { callIds: [callId] }) : event('EVENT_DISPATCH_EDIT', { dispatch });
}

function ofUnits(type: PushEvent['type'], selector: UnitSelector, known: KnownState, data: object): ImpliedEvent[] {
  const identIds = identsOf(selector, known);
  return identIds.length === 0 ? [] : event(type, { identIds, ...data });
}

function identsOf(selector: UnitSelector, known: KnownState): readonly number[] {
  if (selector.identIds !== undefined) return selector.identIds;
  const identities = [
    ...(selector.communityUserIds ?? []),
    ...(selector.accounts ?? []),
    ...[selector.communityUserId, selector.accountUuid].filter((identity) => identity !== undefined),
  ];
  return identities.length === 0 ? [] : known.unitsWithIdentity(identities);
}
