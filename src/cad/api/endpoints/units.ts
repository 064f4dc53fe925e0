import * as v from 'valibot';
import { flag, optional } from '../../../events/fields.ts';
import { anything, list, loose, neededList, only, textOrEmpty, wholeOrNull, wholes } from './answers.ts';
import { endpoint, except, type OnServer, onServer, segment } from './endpoint.ts';

/** By which units are meant: one of them. */
export interface UnitSelector {
  readonly communityUserIds?: readonly string[] | undefined;
  readonly communityUserId?: string | undefined;
  readonly identIds?: readonly number[] | undefined;
  readonly groupName?: string | undefined;
  readonly accounts?: readonly string[] | undefined;
  readonly accountUuid?: string | undefined;
  readonly roblox?: string | number | readonly (string | number)[] | undefined;
  readonly discord?: string | readonly string[] | undefined;
}

/** One page of a long list. */
interface Page {
  /** How many at most. */
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

interface OfAccount {
  readonly accountUuid: string;
}

const ofAccount = ({ accountUuid }: OfAccount, rest: string) =>
  `/v2/emergency/accounts/${segment(accountUuid)}/${rest}`;

/** About units, and the identifiers that accounts sign in with. */
export const unitEndpoints = {
  getUnits: endpoint({
    method: 'GET',
    path: (
      input: OnServer &
        Page & {
          readonly includeOffline?: boolean | undefined;
          /** Leaves dispatchers out. */
          readonly onlyUnits?: boolean | undefined;
        },
      serverId,
    ) => onServer(input, serverId, 'units'),
    query: ({ includeOffline, onlyUnits, limit, offset }) => ({ includeOffline, onlyUnits, limit, offset }),
    perMinute: 3,
    mustBeNew: true,
    answer: list,
  }),
  getAccountUnits: endpoint({
    method: 'GET',
    path: (
      input: OnServer &
        Page &
        OfAccount & { readonly onlyOnline?: boolean | undefined; readonly onlyUnits?: boolean | undefined },
      serverId,
    ) => onServer(input, serverId, `accounts/${segment(input.accountUuid)}/units`),
    query: ({ onlyOnline, onlyUnits, limit, offset }) => ({ onlyOnline, onlyUnits, limit, offset }),
    about: 'account',
    answer: v.pipe(
      only({ units: neededList }),
      v.transform(({ units }) => units),
    ),
  }),
  getCurrentCall: endpoint({
    method: 'GET',
    path: (input: OfAccount) => ofAccount(input, 'current-call'),
    about: 'account',
    answer: only({ identId: wholeOrNull, callId: wholeOrNull }),
  }),
  getIdentifiers: endpoint({
    method: 'GET',
    path: (input: OfAccount) => ofAccount(input, 'identifiers'),
    about: 'account',
    answer: only({ selectedIdent: wholeOrNull, identifiers: neededList }),
  }),
  setSelectedIdentifier: endpoint({
    method: 'PUT',
    path: (input: OfAccount & { readonly identId: number }) => ofAccount(input, 'selected-identifier'),
    body: ({ identId }) => ({ identId }),
    about: 'account',
    answer: anything,
  }),
  setIdentifierGroup: endpoint({
    method: 'PUT',
    path: (input: OnServer & UnitSelector & { readonly groupName: string }, serverId) =>
      onServer(input, serverId, `identifier-groups/${segment(input.groupName)}`),
    body: (input) => except(input, 'serverId', 'groupName'),
    about: 'group',
    answer: anything,
  }),
  setUnitStatus: endpoint({
    method: 'PATCH',
    path: (input: OnServer & UnitSelector & { readonly status: number }, serverId) =>
      onServer(input, serverId, 'units/status'),
    body: (input) => except(input, 'serverId'),
    perMinute: 30,
    about: 'unit',
    answer: loose({ updated: wholeOrNull, status: textOrEmpty }),
  }),
  setUnitPanic: endpoint({
    method: 'PATCH',
    path: (input: OnServer & UnitSelector & { readonly isPanic: boolean }, serverId) =>
      onServer(input, serverId, 'units/panic'),
    body: (input) => except(input, 'serverId'),
    perMinute: 20,
    about: 'unit',
    answer: loose({ updated: wholeOrNull, isPanic: optional(flag, { isRefused: true }) }),
  }),
  kickUnit: endpoint({
    method: 'POST',
    path: (input: OnServer & UnitSelector & { readonly reason: string }, serverId) =>
      onServer(input, serverId, 'units/kick'),
    body: (input) => except(input, 'serverId'),
    perMinute: 20,
    about: 'unit',
    answer: anything,
  }),
  updateUnitLocations: endpoint({
    method: 'PATCH',
    path: (input: OnServer & { readonly updates: readonly object[] }, serverId) =>
      onServer(input, serverId, 'unit-locations'),
    body: ({ updates }) => ({ updates }),
    perMinute: 12,
    answer: loose({ updated: wholeOrNull }),
  }),
  attachUnits: endpoint({
    method: 'POST',
    path: (input: OnServer & UnitSelector & { readonly callId: number }, serverId) =>
      onServer(input, serverId, `dispatch-calls/${segment(input.callId)}/attachments`),
    body: (input) => except(input, 'serverId', 'callId'),
    about: 'call or unit',
    answer: loose({ callId: wholeOrNull, identIds: wholes }),
  }),
  detachUnits: endpoint({
    method: 'DELETE',
    path: (input: OnServer & UnitSelector, serverId) => onServer(input, serverId, 'dispatch-calls/attachments'),
    body: (input) => except(input, 'serverId'),
    about: 'unit',
    answer: loose({ identIds: wholes }),
  }),
};
