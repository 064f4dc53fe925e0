import * as v from 'valibot';
import { findUnits, namedSchema } from '../world/find-units.ts';
import { integer, type Unit } from '../world/unit.ts';
import type { World } from '../world/world.ts';
import { findOne, problem } from './reply.ts';
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

/** The endpoints about the identifiers of an account. */
export const identifierRoutes: readonly Route[] = [
  route('GET', `${ACCOUNT}/identifiers`, { limit: 10, list: true }, ({ world, params }) => {
    const { own, selected } = identifiersOf(world, params);
    findOne('Account', own);
    return { SelectedIdent: selected, Identifiers: own.map(({ unit }) => unit) };
  }),
  route('POST', `${ACCOUNT}/identifiers`, { limit: 10, body: identifierSchema }, ({ world, params, body }) => {
    const { uuid } = findOne('Account', world.accounts, (account) => account.uuid === params.accountUuid);
    const first = findOne('Account', world.servers);
    const units = [...world.all().values()].flatMap((server) => server.units);
    const id = Math.max(0, ...units.map((unit) => unit.id)) + 1;
    world.at(first.id).units.push(withFields({ id, accId: uuid, status: 0 }, body));
    return { identId: id };
  }),
  route('PATCH', `${ACCOUNT}/identifiers/:identId`, { limit: 10, body: identifierSchema }, (call) => {
    const { unit, serverId } = identifierOf(call, call.params.identId);
    Object.assign(unit, withFields(unit, call.body));
    return { identId: unit.id, serverId, identifier: unit };
  }),
  route('DELETE', `${ACCOUNT}/identifiers/:identId`, { limit: 10 }, (call) => {
    const { unit, serverId } = identifierOf(call, call.params.identId);
    const server = call.world.at(serverId);
    server.units = server.units.filter(({ id }) => id !== unit.id);
    return { identId: unit.id, serverId };
  }),
  route('PUT', `${ACCOUNT}/selected-identifier`, { limit: 10, body: selectSchema }, (call) => {
    const { unit, serverId } = identifierOf(call, call.body.identId);
    call.world.selected.set(String(call.params.accountUuid), unit.id);
    return { serverId, isDispatch: unit.isDispatch ?? false, identifier: unit };
  }),
  route('GET', `${ACCOUNT}/current-call`, { limit: 10 }, ({ world, params }) => {
    const { own, selected } = identifiersOf(world, params);
    const calls = own.flatMap(({ serverId }) => world.at(serverId).dispatchCalls);
    const call = calls.find(({ idents }) => idents.includes(selected));
    if (call === undefined) throw problem(404, 'No current call.');
    return { IdentId: selected, CallId: call.callId };
  }),
  route('PUT', GROUP, { limit: 10, body: unitsSchema }, ({ world, server, params, body }) => {
    for (const unit of findUnits(world, server, body)) unit.data = { ...unit.data, group: String(params.groupName) };
    return { ok: true };
  }),
];

function withFields(unit: Unit, { status, aop, isDispatch, ...data }: v.InferOutput<typeof identifierSchema>): Unit {
  const given = { status, aop, isDispatch };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...unit, ...set, data: { ...unit.data, ...data } };
}

function identifierOf({ world, params }: Pick<Call<unknown>, 'world' | 'params'>, identId: unknown) {
  const { own } = identifiersOf(world, params);
  return findOne('Identifier', own, ({ unit }) => unit.id === Number(identId));
}

/** The units of an account with their servers, and the id of the selected one. */
function identifiersOf(world: World, { accountUuid = '' }: Readonly<Record<string, string>>) {
  const own = [...world.all()].flatMap(([serverId, { units }]) =>
    units.filter(({ accId }) => accId === accountUuid).map((unit) => ({ serverId, unit })),
  );
  return { own, selected: world.selected.get(accountUuid) ?? own[0]?.unit.id ?? -1 };
}
