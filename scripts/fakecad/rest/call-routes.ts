import * as v from 'valibot';
import { type EmergencyCall, emergencyCallSchema } from '../world/calls.ts';
import { ok, problem } from './reply.ts';
import { numberOf, pageOf, type Route, route } from './route.ts';

const SERVER = '/v2/emergency/servers/:serverId';
const DISPATCH = 0;
const EMERGENCY = 1;

const { callId: _callId, updated: _updated, ...about } = emergencyCallSchema.entries;
const newSchema = v.object({ ...about, deleteAfterMinutes: v.optional(v.pipe(v.number(), v.gtValue(0))) });

/** The endpoints about the list of calls, and about 911 calls. */
export const callRoutes: readonly Route[] = [
  route('GET', `${SERVER}/calls`, { limit: 5, list: true }, ({ server, query }) => {
    const type = numberOf(query, 'type', 100);
    return ok({
      ActiveCalls: type === EMERGENCY ? [] : server.dispatchCalls,
      EmergencyCalls: type === DISPATCH ? [] : server.emergencyCalls,
      ClosedCalls: type === EMERGENCY ? [] : pageOf(query, server.closedCalls, ['closedLimit', 'closedOffset'], 10),
      ClosedCallCount: server.closedCalls.length,
    });
  }),
  route('POST', `${SERVER}/calls/911`, { limit: 10, body: newSchema }, ({ world, server, body, now, push }) => {
    const { deleteAfterMinutes: _, ...about } = body;
    const call: EmergencyCall = { callId: world.nextCallId(), ...about, updated: new Date(now).toISOString() };
    server.emergencyCalls.push(call);
    // Of all that is changed through the API, the one thing that the CAD tells.
    push('EVENT_911', { call });
    return ok(call);
  }),
  route('DELETE', `${SERVER}/calls/911/:callId`, { limit: 10 }, ({ server, serverId, params }) => {
    const callId = Number(params.callId);
    if (!server.emergencyCalls.some((call) => call.callId === callId)) return problem(404, 'Call not found.');
    server.emergencyCalls = server.emergencyCalls.filter((call) => call.callId !== callId);
    return ok({ callId, serverId });
  }),
];
