import * as v from 'valibot';
import { optional } from '../../events/fields.ts';
import { flag } from '../../events/kinds.ts';
import {
  type AsSent,
  asSent,
  type Endpoint,
  endpoint,
  list,
  listOrNone,
  loose,
  neededList,
  neededWhole,
  type OnServer,
  type Optional,
  only,
  takes,
  textOrEmpty,
  wholeOrNull,
  wholes,
} from './endpoint.ts';
import { generalEndpoints, type OfAccount, type Page } from './general-endpoints.ts';

/** By which units are meant: one of them. */
export type UnitSelector = Optional<{
  communityUserIds: readonly string[];
  communityUserId: string;
  identIds: readonly number[];
  groupName: string;
  accounts: readonly string[];
  accountUuid: string;
  roblox: string | number | readonly (string | number)[];
  discord: string | readonly string[];
}>;

/** What scripts attach to a call: all of it text. */
type MetaData = Readonly<Record<string, string>>;

/** What a dispatch call holds, as far as it can be set. */
export type DispatchFields = Optional<{
  /** 0 caller, 1 radio dispatch, 2 observed, 3 walk-up */
  origin: number;
  /** 0 pending, 1 active, 2 closed */
  status: number;
  /** 1 to 3 */
  priority: number;
  title: string;
  block: string;
  address: string;
  postal: string;
  code: string;
  description: string;
  notes: readonly unknown[];
  /** Replaces what is there. */
  metaData: MetaData;
}>;

type OfCall = OnServer & { readonly callId: number };
/** A call; only its id is needed to go on with it. */
const call = loose({ callId: neededWhole });

const endpoints = {
  ...generalEndpoints,

  // Units, and the identifiers that accounts sign in with
  getUnits: endpoint('GET /v2/emergency/servers/{serverId}/units', {
    // `onlyUnits` leaves dispatchers out.
    input: takes<OnServer & Page & Optional<{ includeOffline: boolean; onlyUnits: boolean }>>(),
    perMinute: 3,
    mustBeNew: true,
    output: list,
  }),
  getAccountUnits: endpoint('GET /v2/emergency/servers/{serverId}/accounts/{accountUuid}/units', {
    input: takes<OnServer & Page & OfAccount & Optional<{ onlyOnline: boolean; onlyUnits: boolean }>>(),
    output: v.pipe(
      only({ units: neededList }),
      v.transform((answer) => answer.units),
    ),
  }),
  getCurrentCall: endpoint('GET /v2/emergency/accounts/{accountUuid}/current-call', {
    input: takes<OfAccount>(),
    output: only({ identId: wholeOrNull, callId: wholeOrNull }),
  }),
  getIdentifiers: endpoint('GET /v2/emergency/accounts/{accountUuid}/identifiers', {
    input: takes<OfAccount>(),
    output: only({ selectedIdent: wholeOrNull, identifiers: neededList }),
  }),
  setSelectedIdentifier: endpoint('PUT /v2/emergency/accounts/{accountUuid}/selected-identifier', {
    input: takes<OfAccount & { identId: number }>(),
  }),
  createIdentifier: endpoint('POST /v2/emergency/accounts/{accountUuid}/identifiers', {
    input: takes<AsSent & OfAccount>(),
    about: 'account',
  }),
  updateIdentifier: endpoint('PATCH /v2/emergency/accounts/{accountUuid}/identifiers/{identId}', {
    input: takes<AsSent & OfAccount & { identId: number }>(),
    about: 'identifier',
  }),
  deleteIdentifier: endpoint('DELETE /v2/emergency/accounts/{accountUuid}/identifiers/{identId}', {
    input: takes<OfAccount & { identId: number }>(),
    about: 'identifier',
  }),
  setIdentifierGroup: endpoint('PUT /v2/emergency/servers/{serverId}/identifier-groups/{groupName}', {
    input: takes<OnServer & UnitSelector & { groupName: string }>(),
  }),
  setUnitStatus: endpoint('PATCH /v2/emergency/servers/{serverId}/units/status', {
    input: takes<OnServer & UnitSelector & { status: number }>(),
    perMinute: 30,
    about: 'unit',
    output: loose({ updated: wholeOrNull, status: textOrEmpty }),
  }),
  setUnitPanic: endpoint('PATCH /v2/emergency/servers/{serverId}/units/panic', {
    input: takes<OnServer & UnitSelector & { isPanic: boolean }>(),
    perMinute: 20,
    about: 'unit',
    output: loose({ updated: wholeOrNull, isPanic: optional(flag, { isRefused: true }) }),
  }),
  kickUnit: endpoint('POST /v2/emergency/servers/{serverId}/units/kick', {
    input: takes<OnServer & UnitSelector & { reason: string }>(),
    perMinute: 20,
    about: 'unit',
  }),
  updateUnitLocations: endpoint('PATCH /v2/emergency/servers/{serverId}/unit-locations', {
    input: takes<OnServer & { updates: readonly object[] }>(),
    perMinute: 12,
    output: loose({ updated: wholeOrNull }),
  }),

  // 911 calls and dispatch calls
  getCalls: endpoint('GET /v2/emergency/servers/{serverId}/calls', {
    input: takes<OnServer & Optional<{ closedLimit: number; closedOffset: number; type: number }>>(),
    // 100 asks for calls of both kinds.
    presets: { type: 100 },
    perMinute: 5,
    mustBeNew: true,
    output: v.pipe(
      only({
        activeCalls: neededList,
        emergencyCalls: neededList,
        closedCalls: listOrNone,
        closedCallCount: wholeOrNull,
      }),
      v.transform((answer) => ({ ...answer, closedCallCount: answer.closedCallCount ?? answer.closedCalls.length })),
    ),
  }),
  create911: endpoint('POST /v2/emergency/servers/{serverId}/calls/911', {
    input: takes<
      OnServer & { isEmergency: boolean; caller: string; location: string; description: string } & Optional<{
          deleteAfterMinutes: number;
          metaData: MetaData;
        }>
    >(),
    output: call,
  }),
  remove911: endpoint('DELETE /v2/emergency/servers/{serverId}/calls/911/{callId}', {
    input: takes<OfCall>(),
  }),
  createDispatch: endpoint('POST /v2/emergency/servers/{serverId}/dispatch-calls', {
    input: takes<OnServer & DispatchFields & UnitSelector & Optional<{ deleteAfterMinutes: number }>>(),
    body({ serverId: _, ...fields }) {
      const { communityUserIds, accounts, roblox, discord } = fields;
      const namesUnits = [communityUserIds, accounts, roblox, discord].some((named) => named !== undefined);
      // The CAD refuses a call that does not say who is on it, even when no unit is.
      return { ...fields, ...(!namesUnits && { communityUserIds: [] }) };
    },
    perMinute: 20,
    output: call,
  }),
  createCustomDispatch: endpoint('POST /v2/emergency/servers/{serverId}/custom-dispatch-calls', {
    input: takes<OnServer & UnitSelector & { templateId: number; values: AsSent }>(),
    about: 'template',
    output: call,
  }),
  getDispatchTemplates: endpoint('GET /v2/emergency/dispatch-templates/{templateId?}', {
    input: takes<Optional<{ templateId: number }>>(),
    about: 'template',
  }),
  updateDispatch: endpoint('PATCH /v2/emergency/servers/{serverId}/dispatch-calls/{callId}', {
    input: takes<OfCall & { changes: DispatchFields }>(),
    body: ({ changes }) => changes,
    output: call,
  }),
  attachUnits: endpoint('POST /v2/emergency/servers/{serverId}/dispatch-calls/{callId}/attachments', {
    input: takes<OfCall & UnitSelector>(),
    about: 'call or unit',
    output: loose({ callId: wholeOrNull, identIds: wholes }),
  }),
  detachUnits: endpoint('DELETE /v2/emergency/servers/{serverId}/dispatch-calls/attachments', {
    input: takes<OnServer & UnitSelector>(),
    about: 'unit',
    output: loose({ identIds: wholes }),
  }),
  closeCalls: endpoint('POST /v2/emergency/servers/{serverId}/dispatch-calls/close', {
    input: takes<OnServer & { callIds: readonly number[] }>(),
    perMinute: 20,
    about: 'call',
  }),
  addNote: endpoint('POST /v2/emergency/servers/{serverId}/dispatch-calls/{callId}/notes', {
    // `label`: who wrote it.
    input: takes<OfCall & { note: string } & Optional<{ noteType: string; label: string }>>(),
    presets: { noteType: 'text' },
    perMinute: 60,
  }),
  setPostal: endpoint('PATCH /v2/emergency/servers/{serverId}/dispatch-calls/{callId}/postal', {
    input: takes<OfCall & { postal: string }>(),
    perMinute: 20,
  }),
  setPrimary: endpoint('PATCH /v2/emergency/servers/{serverId}/dispatch-calls/{callId}/primary', {
    input: takes<OfCall & { identId: number } & Optional<{ trackPrimary: boolean }>>(),
    presets: { trackPrimary: false },
  }),

  // The live map and what stands in the game's world: only for scripts
  getBlips: endpoint('GET /v2/emergency/servers/{serverId}/blips', { input: takes<OnServer>(), output: list }),
  createBlip: asSent('POST /v2/emergency/servers/{serverId}/blips', { perMinute: 30 }),
  updateBlip: endpoint('PATCH /v2/emergency/servers/{serverId}/blips/{blipId}', {
    input: takes<OnServer & AsSent & { blipId: number }>(),
    perMinute: 30,
  }),
  deleteBlips: endpoint('POST /v2/emergency/servers/{serverId}/blips/delete', {
    input: takes<OnServer & { ids: readonly number[] }>(),
    perMinute: 30,
    mayRepeat: true,
    about: 'blip',
  }),
  setPostals: endpoint('PUT /v2/general/postals', {
    input: takes<{ postals: readonly unknown[] }>(),
    replacesBy: 'postals',
  }),
  setStreetSignConfig: endpoint('PUT /v2/emergency/servers/{serverId}/street-sign-config', {
    input: takes<OnServer & { signs: readonly unknown[] }>(),
    perMinute: 2,
  }),
  updateStreetSigns: asSent('PATCH /v2/emergency/servers/{serverId}/street-signs', { about: 'street sign' }),
  setStations: endpoint('PUT /v2/emergency/servers/{serverId}/stations', {
    input: takes<OnServer & { config: unknown }>(),
    body: ({ config }) => config,
    perMinute: 2,
  }),
  getPagerConfig: endpoint('GET /v2/emergency/servers/{serverId}/pager-config', {
    input: takes<OnServer>(),
    perMinute: 2,
  }),
  setPagerConfig: asSent('PUT /v2/emergency/servers/{serverId}/pager-config', { perMinute: 2 }),
  setAvailableCallouts: endpoint('PUT /v2/emergency/servers/{serverId}/callouts', {
    input: takes<OnServer & { callouts: readonly unknown[] }>(),
    perMinute: 2,
  }),
};

type Endpoints = typeof endpoints;

/** What can be asked of the CAD. */
export type EndpointName = keyof Endpoints;

/** What a request takes. */
export type ApiInput<Name extends EndpointName> = Endpoints[Name]['input'];

/** What a request gives. */
export type ApiOutput<Name extends EndpointName> = v.InferOutput<Endpoints[Name]['output']>;

/** @returns the endpoint, for callers that have matched input and name already */
export function endpointOf(name: EndpointName): Endpoint {
  return endpoints[name] as unknown as Endpoint;
}
