import * as v from 'valibot';
import { findUnits, namedSchema } from '../world/find-units.ts';
import { integer, type Unit } from '../world/unit.ts';
import type { World } from '../world/world.ts';
import { ok, problem } from './reply.ts';
import { type Route, route } from './route.ts';

const ACCOUNT = '/v2/emergency/accounts/:accountUuid';

/** The endpoints about the identifiers under which an account is on duty. */
export const identifierRoutes: readonly Route[] = [
  route('GET', `${ACCOUNT}/identifiers`, { limit: 10, list: true }, ({ world, params }) => {
    const own = unitsOf(world, String(params.accountUuid)).map(({ unit }) => unit);
    if (own.length === 0) return problem(404, 'Account not found.');
    return ok({ SelectedIdent: selectedOf(world, String(params.accountUuid), own), Identifiers: own });
  }),
  route(
    'PUT',
    `${ACCOUNT}/selected-identifier`,
    { limit: 10, body: v.object({ identId: integer }) },
    ({ world, params, body }) => {
      const found = unitsOf(world, String(params.accountUuid)).find(({ unit }) => unit.id === body.identId);
      if (found === undefined) return problem(404, 'Identifier not found.');
      world.selected.set(String(params.accountUuid), body.identId);
      return ok({ serverId: found.serverId, isDispatch: found.unit.isDispatch ?? false, identifier: found.unit });
    },
  ),
  route('GET', `${ACCOUNT}/current-call`, { limit: 10 }, ({ world, params }) => {
    const own = unitsOf(world, String(params.accountUuid));
    const ident = selectedOf(
      world,
      String(params.accountUuid),
      own.map(({ unit }) => unit),
    );
    const calls = own.flatMap(({ serverId }) => world.at(serverId).dispatchCalls);
    const call = calls.find(({ idents }) => idents.includes(ident));
    return call === undefined ? problem(404, 'No current call.') : ok({ IdentId: ident, CallId: call.callId });
  }),
  route(
    'PUT',
    '/v2/emergency/servers/:serverId/identifier-groups/:groupName',
    { limit: 10, body: namedSchema({}) },
    ({ world, server, params, body }) => {
      for (const unit of findUnits(world, server, body)) unit.data = { ...unit.data, group: String(params.groupName) };
      return ok({ ok: true });
    },
  ),
];

function unitsOf(world: World, accountUuid: string): { serverId: number; unit: Unit }[] {
  return [...world.all()].flatMap(([serverId, { units }]) =>
    units.filter(({ accId }) => accId === accountUuid).map((unit) => ({ serverId, unit })),
  );
}

function selectedOf(world: World, accountUuid: string, units: readonly Unit[]): number {
  return world.selected.get(accountUuid) ?? units[0]?.id ?? -1;
}
