import { randomUUID } from 'node:crypto';
import { CLOSED_CALL } from '../events/catalogue/calls.ts';
import { normalise } from '../events/normalise.ts';
import type { KnownPushEvent, PushEvent } from '../events/push-event.ts';
import type { CadRequest } from './api/cad-api.ts';
import type { ApiInput, ApiOutput, EndpointName } from './api/endpoints.ts';
import type { UnitSelector } from './api/inputs.ts';

export interface LocalEchoOptions {
  readonly request: CadRequest;
  /** This server's number. A change on another server is not applied here. */
  serverId(): number;
  readonly known: KnownBefore;
  /** Applies what a write has changed in the CAD to our state. */
  echo(event: KnownPushEvent): void;
  /** Milliseconds since 1970. */
  now(): number;
}

/**
 * Applies each successful change in the CAD to our own state, because the CAD sends no push event for changes through its API.
 *
 * @returns `request` with that effect
 */
export function withLocalEcho({ request, serverId, known, echo, now }: LocalEchoOptions): CadRequest {
  return async (name, input) => {
    const result = await request(name, input);
    const isElsewhere = 'serverId' in input && input.serverId !== undefined && input.serverId !== serverId();
    if (!result.ok || isElsewhere) return result;
    for (const { type, data } of implied[name]?.(input, result.data, known, now()) ?? []) {
      const normalised = normalise(type, { data });
      if (!normalised.valid) continue;
      const event = { id: randomUUID(), type, data: normalised.data, receivedAt: now(), source: 'http', valid: true };
      echo(event as KnownPushEvent);
    }
    return result;
  };
}

/** The part of our state that says what a change in the CAD amounts to. */
interface KnownBefore {
  getCall(callId: number): object | undefined;
  /** @returns the open dispatch calls that a unit is attached to */
  callsOfUnit(ident: number): readonly number[];
  /** @returns the idents of signed-in units with one of these identities */
  unitsWithIdentity(identities: readonly string[]): readonly number[];
}

/** The push event that the CAD would send for a change. */
interface ImpliedEvent {
  readonly type: string;
  readonly data: unknown;
}

const event = (type: PushEvent['type'], data: unknown): ImpliedEvent[] => [{ type, data }];

/** The push events that each request amounts to; none where our state lacks the unit or call. */
const implied: {
  readonly [Name in EndpointName]?: (
    input: ApiInput<Name>,
    output: ApiOutput<Name>,
    known: KnownBefore,
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
  detachUnits: (input, { identIds }, known) =>
    (identIds.length > 0 ? identIds : identsOf(input, known)).flatMap((ident) =>
      known.callsOfUnit(ident).flatMap((callId) => event('EVENT_DISPATCH_UNIT_DETACH', { callId, idents: [ident] })),
    ),
  setUnitStatus: (input, _output, known) => ofUnits('EVENT_UNIT_STATUS', input, known, { status: input.status }),
  setUnitPanic: (input, _output, known) => ofUnits('EVENT_UNIT_PANIC', input, known, { isPanic: input.isPanic }),
};

function edited(known: KnownBefore, callId: number, changes: object): ImpliedEvent[] {
  const before = known.getCall(callId);
  if (before === undefined) return [];
  const dispatch = { ...before, ...changes, callId };
  const isClosed = 'status' in dispatch && dispatch.status === CLOSED_CALL;
  return isClosed ? event('EVENT_DISPATCH_CLOSED', { callIds: [callId] }) : event('EVENT_DISPATCH_EDIT', { dispatch });
}

function ofUnits(type: PushEvent['type'], selector: UnitSelector, known: KnownBefore, data: object): ImpliedEvent[] {
  const identIds = identsOf(selector, known);
  return identIds.length === 0 ? [] : event(type, { identIds, ...data });
}

function identsOf(selector: UnitSelector, known: KnownBefore): readonly number[] {
  if (selector.identIds !== undefined) return selector.identIds;
  const identities = [
    ...(selector.communityUserIds ?? []),
    ...(selector.accounts ?? []),
    ...[selector.communityUserId, selector.accountUuid].filter((identity) => identity !== undefined),
  ];
  return identities.length === 0 ? [] : known.unitsWithIdentity(identities);
}
