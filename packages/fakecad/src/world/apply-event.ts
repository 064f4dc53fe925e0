import * as v from 'valibot';
import { CLOSED, dispatchCallSchema, emergencyCallSchema, noteSchema } from './calls.ts';
import { integer, unitSchema } from './unit.ts';
import type { ServerWorld, World } from './world.ts';

const ids = v.array(integer);

/** A change that an event tells of. @returns a function that makes it; null when the data is not understood */
type Change = (data: unknown) => ((server: ServerWorld, world: World) => void) | null;

function change<Data>(
  schema: v.GenericSchema<unknown, Data>,
  make: (data: Data, server: ServerWorld, world: World) => void,
): Change {
  return (data) => {
    const parsed = v.safeParse(schema, data);
    return parsed.success ? (server, world) => make(parsed.output, server, world) : null;
  };
}

const putUnit = (server: ServerWorld, unit: ServerWorld['units'][number]) => {
  server.units = [...server.units.filter(({ id }) => id !== unit.id), unit];
};

const putCall = change(v.object({ dispatch: dispatchCallSchema }), ({ dispatch }, server) => {
  server.dispatchCalls = [...server.dispatchCalls.filter(({ callId }) => callId !== dispatch.callId), dispatch];
});

const attachment = v.object({ callId: integer, ident: v.optional(integer), idents: v.optional(ids) });
const identsOf = ({ ident, idents }: v.InferOutput<typeof attachment>) =>
  idents ?? (ident === undefined ? [] : [ident]);

const changes: Readonly<Record<string, Change>> = {
  EVENT_UNIT_LOGIN: change(v.object({ unit: unitSchema }), ({ unit }, server) => putUnit(server, unit)),
  EVENT_UNIT_UPDATE: change(v.object({ units: v.array(unitSchema) }), ({ units }, server) => {
    for (const unit of units) putUnit(server, unit);
  }),
  EVENT_UNIT_LOGOUT: change(v.object({ identId: integer }), ({ identId }, server) => {
    server.units = server.units.filter(({ id }) => id !== identId);
  }),
  EVENT_UNIT_STATUS: change(v.object({ identIds: ids, status: integer }), ({ identIds, status }, server) => {
    for (const unit of server.units) if (identIds.includes(unit.id)) unit.status = status;
  }),
  EVENT_UNIT_PANIC: change(v.object({ identIds: ids, isPanic: v.boolean() }), ({ identIds, isPanic }, server) => {
    for (const unit of server.units) if (identIds.includes(unit.id)) unit.isPanic = isPanic;
  }),
  EVENT_DISPATCH_NEW: putCall,
  EVENT_DISPATCH_EDIT: putCall,
  EVENT_DISPATCH_CLOSED: change(v.object({ callIds: ids }), ({ callIds }, server) => {
    const closed = server.dispatchCalls.filter(({ callId }) => callIds.includes(callId));
    server.dispatchCalls = server.dispatchCalls.filter((call) => !closed.includes(call));
    server.closedCalls = [...closed.map((call) => ({ ...call, status: CLOSED })), ...server.closedCalls];
  }),
  EVENT_DISPATCH_NOTE: change(v.object({ callId: integer, note: noteSchema }), ({ callId, note }, server) => {
    for (const call of server.dispatchCalls) if (call.callId === callId) call.notes = [note, ...call.notes];
  }),
  EVENT_DISPATCH_UNIT_ATTACH: change(attachment, (data, server) => {
    for (const call of server.dispatchCalls)
      if (call.callId === data.callId) call.idents = [...new Set([...call.idents, ...identsOf(data)])];
  }),
  EVENT_DISPATCH_UNIT_DETACH: change(attachment, (data, server) => {
    for (const call of server.dispatchCalls)
      if (call.callId === data.callId) call.idents = call.idents.filter((ident) => !identsOf(data).includes(ident));
  }),
  EVENT_911: change(v.object({ call: emergencyCallSchema }), ({ call }, server) => {
    server.emergencyCalls = [...server.emergencyCalls.filter(({ callId }) => callId !== call.callId), call];
  }),
  EVENT_REMOVE_911: change(v.object({ callIds: ids }), ({ callIds }, server) => {
    server.emergencyCalls = server.emergencyCalls.filter(({ callId }) => !callIds.includes(callId));
  }),
  EVENT_COMMUNITY_LINK_VERIFIED: change(
    v.object({ communityUserId: v.string(), accountUuid: v.string() }),
    ({ communityUserId, accountUuid }, _server, world) => {
      world.links.set(communityUserId, accountUuid);
    },
  ),
};

/**
 * Makes true what an event tells of, so that the CAD's later answers agree with it. Other types, and data that is
 * not understood, change nothing.
 */
export function applyEvent(world: World, serverId: number, type: string, data: unknown): void {
  changes[type.toUpperCase()]?.(structuredClone(data))?.(world.at(serverId), world);
}
