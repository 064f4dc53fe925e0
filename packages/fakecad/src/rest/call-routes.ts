import * as v from 'valibot';
import {
  CLOSED,
  type DispatchCall,
  dispatchCallSchema,
  type EmergencyCall,
  emergencyCallSchema,
  noteSchema,
} from '../world/calls.ts';
import { findUnits, namedSchema } from '../world/find-units.ts';
import { integer } from '../world/unit.ts';
import { findOne } from './reply.ts';
import { type Call, numberOf, pageOf, type Route, route } from './route.ts';

const SERVER = '/v2/emergency/servers/:serverId';
const CALLS = `${SERVER}/dispatch-calls`;
/** Values of `type` in the query of the list. */
const DISPATCH = 0;
const EMERGENCY = 1;
const MAX_CLOSED = 1000;
const TEMPLATES = [{ templateId: 1, name: 'Traffic stop', fields: ['plate', 'reason'] }];

const deleteAfterMinutes = v.optional(v.pipe(v.number(), v.gtValue(0)));
const { callId: _id, updated: _when, ...aboutEmergency } = emergencyCallSchema.entries;
const newEmergencySchema = v.object({ ...aboutEmergency, deleteAfterMinutes });
const { callId: _callId, notes: _notes, idents: _idents, updated: _updated, ...about } = dispatchCallSchema.entries;
const newSchema = namedSchema(
  {
    ...about,
    notes: v.optional(v.array(v.union([v.string(), noteSchema]))),
    deleteAfterMinutes,
  },
  'At least one of communityUserIds, accounts, roblox or discord is required.',
);
// Without defaults: they would overwrite fields that the request does not change.
const withoutDefaults = { ...about, ...v.entriesFromList(['block', 'address', 'postal', 'title', 'code'], v.string()) };
const editSchema = v.omit(v.partial(v.object({ ...withoutDefaults, description: v.string() })), ['primary']);
const closeSchema = v.object({ callIds: v.pipe(v.array(integer), v.minLength(1), v.maxLength(100)) });
const newNoteSchema = v.object({
  note: v.pipe(v.string(), v.minLength(1)),
  noteType: v.optional(v.string(), 'text'),
  label: v.optional(v.string(), ''),
});
const postalSchema = v.object({ postal: v.string() });
const primarySchema = v.object({ identId: integer, trackPrimary: v.boolean() });
const customSchema = namedSchema({ templateId: integer, values: v.record(v.string(), v.unknown()) });
const unitsSchema = namedSchema({});

/**
 * The endpoints about 911 calls and dispatch calls, including those from a community's own templates.
 */
export const callRoutes: readonly Route[] = [
  route('GET', `${SERVER}/calls`, { limit: 5, list: true }, ({ server, query }) => {
    const type = numberOf(query, 'type', 100);
    return {
      ActiveCalls: type === EMERGENCY ? [] : server.dispatchCalls,
      EmergencyCalls: type === DISPATCH ? [] : server.emergencyCalls,
      ClosedCalls: type === EMERGENCY ? [] : pageOf(query, server.closedCalls, ['closedLimit', 'closedOffset'], 10),
      ClosedCallCount: server.closedCalls.length,
    };
  }),
  route(
    'POST',
    `${SERVER}/calls/911`,
    { limit: 10, body: newEmergencySchema },
    ({ world, server, body, now, push }) => {
      const { deleteAfterMinutes: _, ...about } = body;
      const call: EmergencyCall = { callId: world.nextCallId(), ...about, updated: new Date(now).toISOString() };
      server.emergencyCalls.push(call);
      // The only change through the API for which the CAD sends an event.
      push('EVENT_911', { call });
      return call;
    },
  ),
  route('DELETE', `${SERVER}/calls/911/:callId`, { limit: 10 }, ({ server, serverId, params }) => {
    const callId = Number(params.callId);
    const gone = findOne('Call', server.emergencyCalls, (call) => call.callId === callId);
    server.emergencyCalls = server.emergencyCalls.filter((call) => call !== gone);
    return { callId, serverId };
  }),
  route('POST', CALLS, { limit: 20, body: newSchema }, ({ world, server, body, now }) => {
    const idents = findUnits(world, server, body).map(({ id }) => id);
    const { notes, origin, status, priority, block, address, postal, title, code, description, metaData } = body;
    const call: DispatchCall = {
      ...{ callId: world.nextCallId(), origin, status, priority, block, address, postal, title, code, description },
      notes: (notes ?? []).map((note) => (typeof note === 'string' ? noteOf(note, 'text', '', now) : note)),
      ...{ idents, trackPrimary: body.trackPrimary ?? false, metaData: metaData ?? {} },
      ...(idents[0] !== undefined && { primary: idents[0] }),
      updated: new Date(now).toISOString(),
    };
    server.dispatchCalls.push(call);
    return call;
  }),
  route('PATCH', `${CALLS}/:callId`, { limit: 10, body: editSchema }, (request) =>
    Object.assign(changedCall(request), request.body),
  ),
  route('POST', `${CALLS}/:callId/attachments`, { limit: 10, body: unitsSchema }, (request) => {
    const { world, server, body } = request;
    const call = changedCall(request);
    const idents = findUnits(world, server, body).map(({ id }) => id);
    call.idents = [...new Set([...call.idents, ...idents])];
    return { callId: call.callId, identIds: idents };
  }),
  route('DELETE', `${CALLS}/attachments`, { limit: 10, body: unitsSchema }, ({ world, server, body }) => {
    const idents = findUnits(world, server, body).map(({ id }) => id);
    for (const call of server.dispatchCalls) call.idents = call.idents.filter((ident) => !idents.includes(ident));
    return { identIds: idents };
  }),
  route('POST', `${CALLS}/close`, { limit: 20, body: closeSchema }, ({ server, body, now }) => {
    const closed = server.dispatchCalls.filter(({ callId }) => body.callIds.includes(callId));
    findOne('Call', closed);
    for (const call of closed) Object.assign(call, { status: CLOSED, updated: new Date(now).toISOString() });
    server.dispatchCalls = server.dispatchCalls.filter((call) => !closed.includes(call));
    server.closedCalls = [...closed, ...server.closedCalls].slice(0, MAX_CLOSED);
    return { callIds: closed.map(({ callId }) => callId) };
  }),
  route('POST', `${CALLS}/:callId/notes`, { limit: 60, body: newNoteSchema }, (request) => {
    const { body, now } = request;
    const call = changedCall(request);
    const note = noteOf(body.note, body.noteType, body.label, now);
    call.notes = [note, ...call.notes];
    return { callId: call.callId, note };
  }),
  route('PATCH', `${CALLS}/:callId/postal`, { limit: 20, body: postalSchema }, (request) => {
    const { callId, postal } = Object.assign(changedCall(request), request.body);
    return { callId, postal };
  }),
  route('PATCH', `${CALLS}/:callId/primary`, { limit: 10, body: primarySchema }, (request) => {
    const { identId: primary, trackPrimary } = request.body;
    Object.assign(changedCall(request), { primary, trackPrimary });
    return request.body;
  }),
  // No limit is documented for templates.
  route('GET', '/v2/emergency/dispatch-templates', { limit: null, list: true }, () => TEMPLATES),
  route('GET', '/v2/emergency/dispatch-templates/:templateId', { limit: null }, ({ params }) => {
    return templateOf(Number(params.templateId));
  }),
  route(
    'POST',
    `${SERVER}/custom-dispatch-calls`,
    { limit: null, body: customSchema },
    ({ world, server, body, now }) => {
      const template = templateOf(body.templateId);
      const idents = findUnits(world, server, body).map(({ id }) => id);
      const call: DispatchCall = {
        ...{ callId: world.nextCallId(), origin: 1, status: 1, priority: 2, title: template.name, code: '' },
        ...{ description: '', block: '', address: '', postal: '', notes: [], idents, template, values: body.values },
        ...{ statusId: 1, updated: new Date(now).toISOString() },
      };
      server.dispatchCalls.push(call);
      return call;
    },
  ),
];

const templateOf = (wanted: number) => findOne('Template', TEMPLATES, ({ templateId }) => templateId === wanted);

/** Finds the dispatch call of the path and updates its time. @throws the CAD's 404 when there is none */
function changedCall({ server, params, now }: Call<unknown>): DispatchCall {
  const call = findOne('Call', server.dispatchCalls, ({ callId }) => callId === Number(params.callId));
  return Object.assign(call, { updated: new Date(now).toISOString() });
}

/** A note as the CAD keeps it, with the time of day. */
function noteOf(content: string, type: string, label: string, now: number) {
  return { time: new Date(now).toISOString().slice(11, 19), label, type, content };
}
