import * as v from 'valibot';
import { anything, call, listOrNone, neededList, only, wholeOrNull } from './answers.ts';
import { endpoint, except, type OnServer, onServer, segment } from './endpoint.ts';
import type { UnitSelector } from './units.ts';

/** What scripts attach to a call: all of it text. */
type MetaData = Readonly<Record<string, string>>;

interface OfCall extends OnServer {
  readonly callId: number;
}

/** What a dispatch call holds, as far as it can be set. */
export interface DispatchFields {
  /** 0 caller, 1 radio dispatch, 2 observed, 3 walk-up */
  readonly origin?: number | undefined;
  /** 0 pending, 1 active, 2 closed */
  readonly status?: number | undefined;
  /** 1 to 3 */
  readonly priority?: number | undefined;
  readonly title?: string | undefined;
  readonly block?: string | undefined;
  readonly address?: string | undefined;
  readonly postal?: string | undefined;
  readonly code?: string | undefined;
  readonly description?: string | undefined;
  readonly notes?: readonly unknown[] | undefined;
  /** Replaces what is there. */
  readonly metaData?: MetaData | undefined;
}

const ofCall = (input: OfCall, serverId: number, rest = '') =>
  onServer(input, serverId, `dispatch-calls/${segment(input.callId)}${rest}`);

/** About 911 calls and dispatch calls. */
export const callEndpoints = {
  getCalls: endpoint({
    method: 'GET',
    path: (
      input: OnServer & { readonly closedLimit?: number | undefined; readonly closedOffset?: number | undefined },
      serverId,
    ) => onServer(input, serverId, 'calls'),
    // 100 asks for calls of both kinds.
    query: ({ closedLimit, closedOffset }) => ({ closedLimit, closedOffset, type: 100 }),
    perMinute: 5,
    mustBeNew: true,
    answer: v.pipe(
      only({
        activeCalls: neededList,
        emergencyCalls: neededList,
        closedCalls: listOrNone,
        closedCallCount: wholeOrNull,
      }),
      v.transform((answer) => ({ ...answer, closedCallCount: answer.closedCallCount ?? answer.closedCalls.length })),
    ),
  }),
  create911: endpoint({
    method: 'POST',
    path: (
      input: OnServer & {
        readonly isEmergency: boolean;
        readonly caller: string;
        readonly location: string;
        readonly description: string;
        readonly deleteAfterMinutes?: number | undefined;
        readonly metaData?: MetaData | undefined;
      },
      serverId,
    ) => onServer(input, serverId, 'calls/911'),
    body: (input) => except(input, 'serverId'),
    answer: call,
  }),
  remove911: endpoint({
    method: 'DELETE',
    path: (input: OfCall, serverId) => onServer(input, serverId, `calls/911/${segment(input.callId)}`),
    about: 'call',
    answer: anything,
  }),
  createDispatch: endpoint({
    method: 'POST',
    path: (
      input: OnServer & DispatchFields & UnitSelector & { readonly deleteAfterMinutes?: number | undefined },
      serverId,
    ) => onServer(input, serverId, 'dispatch-calls'),
    body: (input) => {
      const { communityUserIds, accounts, roblox, discord } = input;
      const namesUnits = [communityUserIds, accounts, roblox, discord].some((units) => units !== undefined);
      // The CAD refuses a call that does not say who is on it, even when nobody is.
      return { ...except(input, 'serverId'), ...(!namesUnits && { communityUserIds: [] }) };
    },
    perMinute: 20,
    answer: call,
  }),
  createCustomDispatch: endpoint({
    method: 'POST',
    path: (
      input: OnServer &
        UnitSelector & { readonly templateId: number; readonly values: Readonly<Record<string, unknown>> },
      serverId,
    ) => onServer(input, serverId, 'custom-dispatch-calls'),
    body: (input) => except(input, 'serverId'),
    about: 'template',
    answer: call,
  }),
  getDispatchTemplates: endpoint({
    method: 'GET',
    path: () => '/v2/emergency/dispatch-templates',
    answer: anything,
  }),
  updateDispatch: endpoint({
    method: 'PATCH',
    path: (input: OfCall & { readonly changes: DispatchFields }, serverId) => ofCall(input, serverId),
    body: ({ changes }) => changes,
    about: 'call',
    answer: call,
  }),
  closeCalls: endpoint({
    method: 'POST',
    path: (input: OnServer & { readonly callIds: readonly number[] }, serverId) =>
      onServer(input, serverId, 'dispatch-calls/close'),
    body: ({ callIds }) => ({ callIds }),
    perMinute: 20,
    about: 'call',
    answer: anything,
  }),
  addNote: endpoint({
    method: 'POST',
    path: (
      input: OfCall & {
        readonly note: string;
        readonly noteType?: string | undefined;
        /** Who wrote it. */
        readonly label?: string | undefined;
      },
      serverId,
    ) => ofCall(input, serverId, '/notes'),
    body: ({ note, noteType = 'text', label }) => ({ note, noteType, label }),
    perMinute: 60,
    about: 'call',
    answer: anything,
  }),
  setPostal: endpoint({
    method: 'PATCH',
    path: (input: OfCall & { readonly postal: string }, serverId) => ofCall(input, serverId, '/postal'),
    body: ({ postal }) => ({ postal }),
    perMinute: 20,
    about: 'call',
    answer: anything,
  }),
  setPrimary: endpoint({
    method: 'PATCH',
    path: (input: OfCall & { readonly identId: number; readonly trackPrimary?: boolean | undefined }, serverId) =>
      ofCall(input, serverId, '/primary'),
    body: ({ identId, trackPrimary = false }) => ({ identId, trackPrimary }),
    about: 'call',
    answer: anything,
  }),
};
