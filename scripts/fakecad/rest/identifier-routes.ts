import * as v from 'valibot';
import { findUnits, namedSchema } from '../world/find-units.ts';
import { integer, type Unit } from '../world/unit.ts';
import type { World } from '../world/world.ts';
import { ok, problem, type Reply } from './reply.ts';
import { type Call, type Route, route } from './route.ts';

const ACCOUNT = '/v2/emergency/accounts/:accountUuid';
const GROUP = '/v2/emergency/servers/:serverId/identifier-groups/:groupName';

const texts = ['unitNum', 'name', 'district', 'department', 'subdivision', 'rank', 'group'] as const;
const identifierSchema = v.partial(
  v.object({
    ...{ status: integer, aop: v.string(), isDispatch: v.boolean(), page: integer },
    ...v.entriesFromList(texts, v.string()),
  }),
);
const selectSchema = v.object({ identId: integer });
const unitsSchema = namedSchema({});

/** The endpoints about the identifiers under which an account is on duty. */
export const identifierRoutes: readonly Route[] = [
  route('GET', `${ACCOUNT}/identifiers`, { limit: 10, list: true }, ({ world, params }) => {
    const { own, selected } = identifiersOf(world, params);
    if (own.length === 0) return problem(404, 'Account not found.');
    return ok({ SelectedIdent: selected, Identifiers: own.map(({ unit }) => unit) });
  }),
  route('POST', `${ACCOUNT}/identifiers`, { limit: 10, body: identifierSchema }, ({ world, params, body }) => {
    const { accountUuid = '' } = params;
    const [first] = world.servers;
    if (first === undefined || !world.accounts.some(({ uuid }) => uuid === accountUuid))
      return problem(404, 'Account not found.');
    const units = [...world.all().values()].flatMap((server) => server.units);
    const id = Math.max(0, ...units.map((unit) => unit.id)) + 1;
    world.at(first.id).units.push(withFields({ id, accId: accountUuid, status: 0 }, body));
    return ok({ identId: id });
  }),
  route('PATCH', `${ACCOUNT}/identifiers/:identId`, { limit: 10, body: identifierSchema }, (call) =>
    onIdentifier(call, ({ unit, serverId }) => {
      Object.assign(unit, withFields(unit, call.body));
      return ok({ identId: unit.id, serverId, identifier: unit });
    }),
  ),
  route('DELETE', `${ACCOUNT}/identifiers/:identId`, { limit: 10 }, (call) =>
    onIdentifier(call, ({ unit, serverId }) => {
      const server = call.world.at(serverId);
      server.units = server.units.filter(({ id }) => id !== unit.id);
      return ok({ identId: unit.id, serverId });
    }),
  ),
  route('PUT', `${ACCOUNT}/selected-identifier`, { limit: 10, body: selectSchema }, ({ world, params, body }) => {
    const found = identifiersOf(world, params).own.find(({ unit }) => unit.id === body.identId);
    if (found === undefined) return problem(404, 'Identifier not found.');
    world.selected.set(String(params.accountUuid), body.identId);
    return ok({ serverId: found.serverId, isDispatch: found.unit.isDispatch ?? false, identifier: found.unit });
  }),
  route('GET', `${ACCOUNT}/current-call`, { limit: 10 }, ({ world, params }) => {
    const { own, selected } = identifiersOf(world, params);
    const calls = own.flatMap(({ serverId }) => world.at(serverId).dispatchCalls);
    const call = calls.find(({ idents }) => idents.includes(selected));
    return call === undefined ? problem(404, 'No current call.') : ok({ IdentId: selected, CallId: call.callId });
  }),
  route('PUT', GROUP, { limit: 10, body: unitsSchema }, ({ world, server, params, body }) => {
    for (const unit of findUnits(world, server, body)) unit.data = { ...unit.data, group: String(params.groupName) };
    return ok({ ok: true });
  }),
];

function withFields(unit: Unit, { status, aop, isDispatch, ...data }: v.InferOutput<typeof identifierSchema>): Unit {
  const given = { status, aop, isDispatch };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...unit, ...set, data: { ...unit.data, ...data } };
}

function onIdentifier(
  { world, params }: Pick<Call<unknown>, 'world' | 'params'>,
  change: (found: { readonly unit: Unit; readonly serverId: number }) => Reply,
): Reply {
  const found = identifiersOf(world, params).own.find(({ unit }) => unit.id === Number(params.identId));
  return found === undefined ? problem(404, 'Identifier not found.') : change(found);
}

/** The units of an account with their servers, and the number of the one that it has selected. */
function identifiersOf(world: World, { accountUuid = '' }: Readonly<Record<string, string>>) {
  const own = [...world.all()].flatMap(([serverId, { units }]) =>
    units.filter(({ accId }) => accId === accountUuid).map((unit) => ({ serverId, unit })),
  );
  return { own, selected: world.selected.get(accountUuid) ?? own[0]?.unit.id ?? -1 };
}
