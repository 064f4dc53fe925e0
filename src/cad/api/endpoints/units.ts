import { unitChange } from '../../../events/catalogue/units.ts';
import { optional } from '../../../events/fields.ts';
import { flag } from '../../../events/kinds.ts';
import { readFlag, readWhole } from '../../../events/read-values.ts';
import { list, loose, mapped, neededList, only, textOrEmpty, wholeOrNull } from '../answers.ts';
import { type AsSent, endpoint, type OnServer, type Optional, takes } from '../endpoint.ts';
import type { OfAccount, Page, UnitSelector } from '../inputs.ts';
import { done, page, readTextOrEmpty, unitsOf, uuidOf } from '../legacy-fields.ts';

/** Endpoints about units, and about the identifiers that accounts sign in with. */
export const units = {
  getUnits: endpoint('GET /v2/emergency/servers/{serverId}/units', {
    says: 'The units that are signed in',
    client: ['getUnitsV2', '...'],
    // `onlyUnits` excludes dispatchers.
    input: takes<OnServer & Page & Optional<{ includeOffline: boolean; onlyUnits: boolean }>>(),
    perMinute: 3,
    mustBeNew: true,
    output: list(unitChange),
    legacy: { GET_ACTIVE_UNITS: { reads: [page, { includeOffline: readFlag, onlyUnits: readFlag }] } },
  }),
  getAccountUnits: endpoint('GET /v2/emergency/servers/{serverId}/accounts/{accountUuid}/units', {
    says: 'The units of an account',
    client: ['getAccountUnitsV2', '...'],
    input: takes<OnServer & Page & OfAccount & Optional<{ onlyOnline: boolean; onlyUnits: boolean }>>(),
    output: mapped(only({ units: neededList(unitChange) }), (answer) => answer.units),
    legacy: { GET_ACCOUNT_UNITS: { reads: [uuidOf, page, { onlyOnline: readFlag, onlyUnits: readFlag }] } },
  }),
  getCurrentCall: endpoint('GET /v2/emergency/accounts/{accountUuid}/current-call', {
    says: 'The call that an account is on',
    client: ['getCurrentCallV2', 'accountUuid'],
    input: takes<OfAccount>(),
    output: only({ identId: wholeOrNull, callId: wholeOrNull }),
    legacy: { GET_CURRENT_CALL: { reads: [uuidOf] } },
  }),
  getIdentifiers: endpoint('GET /v2/emergency/accounts/{accountUuid}/identifiers', {
    says: 'The identifiers of an account',
    client: ['getIdentifiersV2', 'accountUuid'],
    input: takes<OfAccount>(),
    output: only({ selectedIdent: wholeOrNull, identifiers: neededList() }),
    legacy: { GET_IDENTIFIERS: { reads: [uuidOf] } },
  }),
  setSelectedIdentifier: endpoint('PUT /v2/emergency/accounts/{accountUuid}/selected-identifier', {
    says: 'Selects an identifier',
    client: ['selectIdentifierV2', 'accountUuid', 'identId'],
    input: takes<OfAccount & { identId: number }>(),
  }),
  createIdentifier: endpoint('POST /v2/emergency/accounts/{accountUuid}/identifiers', {
    says: 'Creates an identifier',
    client: ['createIdentifierV2', 'accountUuid', '...'],
    input: takes<AsSent & OfAccount>(),
    about: 'account',
  }),
  updateIdentifier: endpoint('PATCH /v2/emergency/accounts/{accountUuid}/identifiers/{identId}', {
    says: 'Changes an identifier',
    client: ['updateIdentifierV2', 'accountUuid', 'identId', '...'],
    input: takes<AsSent & OfAccount & { identId: number }>(),
    about: 'identifier',
  }),
  deleteIdentifier: endpoint('DELETE /v2/emergency/accounts/{accountUuid}/identifiers/{identId}', {
    says: 'Removes an identifier',
    client: ['deleteIdentifierV2', 'accountUuid', 'identId'],
    input: takes<OfAccount & { identId: number }>(),
    about: 'identifier',
  }),
  setIdentifierGroup: endpoint('PUT /v2/emergency/servers/{serverId}/identifier-groups/{groupName}', {
    says: 'Puts units into a group',
    client: ['addIdentifiersToGroupV2', '...'],
    input: takes<OnServer & UnitSelector & { groupName: string }>(),
  }),
  setUnitStatus: endpoint('PATCH /v2/emergency/servers/{serverId}/units/status', {
    says: 'Sets the status of units',
    client: ['setUnitStatusV2', '...'],
    input: takes<OnServer & UnitSelector & { status: number }>(),
    perMinute: 30,
    about: 'unit',
    output: loose({ updated: wholeOrNull, status: textOrEmpty }),
    legacy: { 'SET_UNIT_STATUS UNIT_STATUS*': { reads: [unitsOf, { status: readWhole }] } },
  }),
  setUnitPanic: endpoint('PATCH /v2/emergency/servers/{serverId}/units/panic', {
    says: 'Presses or resets the panic button of units',
    client: ['setUnitPanicV2', '...'],
    input: takes<OnServer & UnitSelector & { isPanic: boolean }>(),
    perMinute: 20,
    about: 'unit',
    output: loose({ updated: wholeOrNull, isPanic: optional(flag, { isRefused: true }) }),
    legacy: {
      'SET_UNIT_PANIC UNIT_PANIC PANIC': { reads: [unitsOf, { isPanic: (given) => readFlag(given) ?? true }] },
    },
  }),
  kickUnit: endpoint('POST /v2/emergency/servers/{serverId}/units/kick', {
    says: 'Signs a unit off',
    client: ['kickUnitV2', '...'],
    input: takes<OnServer & UnitSelector & { reason: string }>(),
    perMinute: 20,
    about: 'unit',
    legacy: { KICK_UNIT: { reads: [unitsOf, { reason: readTextOrEmpty }], gives: done } },
  }),
  updateUnitLocations: endpoint('PATCH /v2/emergency/servers/{serverId}/unit-locations', {
    says: 'Sets the locations of units',
    client: ['updateUnitLocationsV2', '...'],
    input: takes<OnServer & { updates: readonly object[] }>(),
    perMinute: 12,
    output: loose({ updated: wholeOrNull }),
  }),
};
