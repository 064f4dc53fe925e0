import { randomUUID } from 'node:crypto';
import { CLOSED_CALL } from '../events/catalogue/calls.ts';
import { normalise } from '../events/normalise.ts';
import type { KnownPushEvent } from '../events/push-event.ts';
import type { CadRequest } from './api/cad-api.ts';
import type { ApiInput, ApiOutput, EndpointName, UnitSelector } from './api/endpoints.ts';

export interface LocalEchoOptions {
  readonly request: CadRequest;
  /** This server's number: what is written to another one changes nothing here. */
  serverId(): number;
  readonly known: KnownBefore;
  /** Applies what a write has changed in the CAD to our state. */
  echo(event: KnownPushEvent): void;
  /** Milliseconds since 1970. */
  now(): number;
}

/** @returns the same way to ask the CAD; what a request changes there is known here at once */
export function withLocalEcho({ request, serverId, known, echo, now }: LocalEchoOptions): CadRequest {
  return async (name, input) => {
    const result = await request(name, input);
    const isElsewhere = 'serverId' in input && input.serverId !== undefined && input.serverId !== serverId();
    if (!result.ok || isElsewhere) return result;
    for (const { type, data } of impliedEvents(name, input, result.data, known, now())) {
      const normalised = normalise(type, { data });
      if (!normalised.valid) continue;
      const event = { id: randomUUID(), type, data: normalised.data, receivedAt: now(), source: 'http', valid: true };
      echo(event as KnownPushEvent);
    }
    return result;
  };
}

/** What is known before a write, as far as it has to be known to say what the write has changed. */
interface KnownBefore {
  getCall(callId: number): object | undefined;
  /** @returns the open dispatch calls that a unit is attached to */
  callsOfUnit(ident: number): readonly number[];
  /** @returns the idents of signed-in units with one of these identities */
  unitsWithIdentity(identities: readonly string[]): readonly number[];
}

/** An event as the CAD would have sent it for the change. */
interface ImpliedEvent {
  readonly type: string;
  readonly data: unknown;
}

type Implied = {
  readonly [Name in EndpointName]?: (
    input: ApiInput<Name>,
    output: ApiOutput<Name>,
    known: KnownBefore,
    now: number,
  ) => ImpliedEvent[];
};

const implied: Implied = {
  create911: (input, output) => [{ type: 'EVENT_911', data: { call: { ...input, ...output } } }],
  remove911: ({ callId }) => [{ type: 'EVENT_REMOVE_911', data: { callIds: [callId] } }],
  createDispatch: (input, output) => [{ type: 'EVENT_DISPATCH_NEW', data: { dispatch: { ...input, ...output } } }],
  createCustomDispatch: (_input, output) => [{ type: 'EVENT_DISPATCH_NEW', data: { dispatch: output } }],
  updateDispatch: ({ callId, changes }, output, known) => edited(known, callId, { ...changes, ...output }),
  setPostal: ({ callId, postal }, _output, known) => edited(known, callId, { postal }),
  setPrimary: ({ callId, identId, trackPrimary }, _output, known) =>
    edited(known, callId, { primary: identId, ...(trackPrimary !== undefined && { trackPrimary }) }),
  closeCalls: ({ callIds }) => [{ type: 'EVENT_DISPATCH_CLOSED', data: { callIds } }],
  addNote: ({ callId, note, noteType = 'text', label = '' }, _output, _known, now) => [
    {
      type: 'EVENT_DISPATCH_NOTE',
      data: { callId, note: { time: new Date(now).toISOString(), label, type: noteType, content: note } },
    },
  ],
  attachUnits: (input, { identIds }, known) =>
    each(identIds.length > 0 ? identIds : identsOf(input, known), (idents) => ({
      type: 'EVENT_DISPATCH_UNIT_ATTACH',
      data: { callId: input.callId, idents },
    })),
  detachUnits: (input, { identIds }, known) =>
    (identIds.length > 0 ? identIds : identsOf(input, known)).flatMap((ident) =>
      known.callsOfUnit(ident).map((callId) => ({
        type: 'EVENT_DISPATCH_UNIT_DETACH',
        data: { callId, idents: [ident] },
      })),
    ),
  setUnitStatus: (input, _output, known) =>
    each(identsOf(input, known), (identIds) => ({
      type: 'EVENT_UNIT_STATUS',
      data: { identIds, status: input.status },
    })),
  setUnitPanic: (input, _output, known) =>
    each(identsOf(input, known), (identIds) => ({
      type: 'EVENT_UNIT_PANIC',
      data: { identIds, isPanic: input.isPanic },
    })),
};

/**
 * The CAD sends no push event for what is changed through its API, so a successful write is taken as one.
 *
 * @param now milliseconds since 1970
 * @returns the events that the change amounts to; none for what is not known here anyway
 */
export function impliedEvents<Name extends EndpointName>(
  name: Name,
  input: ApiInput<Name>,
  output: ApiOutput<Name>,
  known: KnownBefore,
  now: number,
): ImpliedEvent[] {
  return implied[name]?.(input, output, known, now) ?? [];
}

function edited(known: KnownBefore, callId: number, changes: object): ImpliedEvent[] {
  const before = known.getCall(callId);
  if (before === undefined) return [];
  const dispatch = { ...before, ...changes, callId };
  const isClosed = 'status' in dispatch && dispatch.status === CLOSED_CALL;
  return [
    isClosed
      ? { type: 'EVENT_DISPATCH_CLOSED', data: { callIds: [callId] } }
      : { type: 'EVENT_DISPATCH_EDIT', data: { dispatch } },
  ];
}

function each(idents: readonly number[], make: (idents: readonly number[]) => ImpliedEvent): ImpliedEvent[] {
  return idents.length === 0 ? [] : [make(idents)];
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
