import * as v from 'valibot';
import { findUnits, namedSchema, whoSchema } from '../world/find-units.ts';
import { integer, OFFLINE, statusName, type Unit } from '../world/unit.ts';
import type { ServerWorld, World } from '../world/world.ts';
import { findOne } from './reply.ts';
import { flagOf, pageOf, type Route, route } from './route.ts';

const SERVER = '/v2/emergency/servers/:serverId';

const NO_ADDRESSEE = 'Each request needs communityUserIds, identIds, accountUuid, roblox or discord.';

const named = <Entries extends v.ObjectEntries>(entries: Entries) => namedSchema(entries, NO_ADDRESSEE);

const statusSchema = named({ status: integer });
const panicSchema = named({ isPanic: v.boolean() });
const reasonSchema = named({ reason: v.string() });
const kickSchema = v.union([reasonSchema, v.pipe(v.array(reasonSchema), v.maxLength(100))]);

const locationSchema = v.looseObject({ location: v.string() });
const locationsSchema = v.object({ updates: v.pipe(v.array(locationSchema), v.minLength(1), v.maxLength(100)) });

/** The endpoints about units. */
export const unitRoutes: readonly Route[] = [
  route('GET', `${SERVER}/units`, { limit: 3, list: true }, ({ server, query }) => {
    const offline = flagOf(query, 'includeOffline', false);
    return pageOf(query, unitsOf(server, offline, flagOf(query, 'onlyUnits', true)));
  }),
  route('GET', `${SERVER}/accounts/:accountUuid/units`, { limit: 10, list: true }, ({ server, query, params }) => {
    const offline = !flagOf(query, 'onlyOnline', true);
    const units = unitsOf(server, offline, flagOf(query, 'onlyUnits', true));
    const own = units.filter(({ accId }) => accId === params.accountUuid);
    return { Units: pageOf(query, own) };
  }),
  route('PATCH', `${SERVER}/units/status`, { limit: 30, body: statusSchema }, ({ world, server, body }) => {
    const units = findUnits(world, server, body);
    for (const unit of units) unit.status = body.status;
    return { updated: units.length, status: statusName(body.status) };
  }),
  route('PATCH', `${SERVER}/units/panic`, { limit: 20, body: panicSchema }, ({ world, server, body }) => {
    const units = findUnits(world, server, body);
    for (const unit of units) unit.isPanic = body.isPanic;
    return { updated: units.length, isPanic: body.isPanic };
  }),
  ...(['POST', 'DELETE'] as const).map((method) =>
    route(method, `${SERVER}/units/kick`, { limit: 20, body: kickSchema }, ({ world, server, body }) => {
      const requests = Array.isArray(body) ? body : [body];
      const kicked = requests.flatMap((request) =>
        kick(world, server, findUnits(world, server, request)).map((identId) => ({ identId, reason: request.reason })),
      );
      if (Array.isArray(body)) return { count: kicked.length, kicked };
      return findOne('Unit', kicked);
    }),
  ),
  route('PATCH', `${SERVER}/unit-locations`, { limit: 12, body: locationsSchema }, ({ world, server, body }) => ({
    updated: locate(world, server, body.updates),
  })),
];

/** Moves the units that are known. @returns how many that were */
export function locate(
  world: World,
  server: ServerWorld,
  updates: readonly v.InferOutput<typeof locationSchema>[],
): number {
  let moved = 0;
  for (const { location, coordinates, ...update } of updates) {
    const apiId = typeof update.apiId === 'string' ? { communityUserId: update.apiId } : {};
    const who = v.safeParse(whoSchema, { ...apiId, ...update });
    for (const unit of who.success ? findUnits(world, server, who.output) : []) {
      unit.location = location;
      if (coordinates !== undefined) unit.coordinates = coordinates as Unit['coordinates'];
      moved += 1;
    }
  }
  return moved;
}

function unitsOf({ units }: ServerWorld, offline: boolean, onlyUnits: boolean): Unit[] {
  return units.filter(({ status, isDispatch }) => (offline || status !== OFFLINE) && !(onlyUnits && isDispatch));
}

function kick(world: World, server: ServerWorld, units: readonly Unit[]): number[] {
  server.units = server.units.filter((unit) => !units.includes(unit));
  for (const { id, accId } of units)
    if (accId !== undefined && world.selected.get(accId) === id) world.selected.delete(accId);
  return units.map(({ id }) => id);
}
