import * as v from 'valibot';
import { CLOSED, type DispatchCall, dispatchCallSchema, noteSchema } from '../world/calls.ts';
import { findUnits, namedSchema } from '../world/find-units.ts';
import { integer } from '../world/unit.ts';
import { ok, problem, type Reply } from './reply.ts';
import { type Call, type Method, type Route, type RouteOptions, route } from './route.ts';

const SERVER = '/v2/emergency/servers/:serverId';
const CALLS = `${SERVER}/dispatch-calls`;
const MOST_CLOSED = 1000;
const TEMPLATES = [{ templateId: 1, name: 'Traffic stop', fields: ['plate', 'reason'] }];

const { callId: _callId, notes: _notes, idents: _idents, updated: _updated, ...about } = dispatchCallSchema.entries;
const newSchema = namedSchema(
  {
    ...about,
    notes: v.optional(v.array(v.union([v.string(), noteSchema]))),
    deleteAfterMinutes: v.optional(v.pipe(v.number(), v.gtValue(0))),
  },
  'At least one of communityUserIds, accounts, roblox or discord is required.',
);
// Without the defaults, which would blank what is not to be changed.
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

/** The endpoints about calls that units are attached to, those made from a community's own templates among them. */
export const dispatchRoutes: readonly Route[] = [
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
    return ok(call);
  }),
  onCall('PATCH', ':callId', { limit: 10, body: editSchema }, (call, { body }) => ok(Object.assign(call, body))),
  onCall('POST', ':callId/attachments', { limit: 10, body: unitsSchema }, (call, { world, server, body }) => {
    const idents = findUnits(world, server, body).map(({ id }) => id);
    call.idents = [...new Set([...call.idents, ...idents])];
    return ok({ callId: call.callId, identIds: idents });
  }),
  route('DELETE', `${CALLS}/attachments`, { limit: 10, body: unitsSchema }, ({ world, server, body }) => {
    const idents = findUnits(world, server, body).map(({ id }) => id);
    for (const call of server.dispatchCalls) call.idents = call.idents.filter((ident) => !idents.includes(ident));
    return ok({ identIds: idents });
  }),
  route('POST', `${CALLS}/close`, { limit: 20, body: closeSchema }, ({ server, body, now }) => {
    const closed = server.dispatchCalls.filter(({ callId }) => body.callIds.includes(callId));
    if (closed.length === 0) return problem(404, 'Call not found.');
    for (const call of closed) Object.assign(call, { status: CLOSED, updated: new Date(now).toISOString() });
    server.dispatchCalls = server.dispatchCalls.filter((call) => !closed.includes(call));
    server.closedCalls = [...closed, ...server.closedCalls].slice(0, MOST_CLOSED);
    return ok({ callIds: closed.map(({ callId }) => callId) });
  }),
  onCall('POST', ':callId/notes', { limit: 60, body: newNoteSchema }, (call, { body, now }) => {
    const note = noteOf(body.note, body.noteType, body.label, now);
    call.notes = [note, ...call.notes];
    return ok({ callId: call.callId, note });
  }),
  onCall('PATCH', ':callId/postal', { limit: 20, body: postalSchema }, (call, { body }) => {
    call.postal = body.postal;
    return ok({ callId: call.callId, postal: body.postal });
  }),
  onCall('PATCH', ':callId/primary', { limit: 10, body: primarySchema }, (call, { body }) => {
    Object.assign(call, { primary: body.identId, trackPrimary: body.trackPrimary });
    return ok(body);
  }),
  // No limit is documented for templates.
  route('GET', '/v2/emergency/dispatch-templates', { limit: null, list: true }, () => ok(TEMPLATES)),
  route('GET', '/v2/emergency/dispatch-templates/:templateId', { limit: null }, ({ params }) => {
    const template = TEMPLATES.find(({ templateId }) => templateId === Number(params.templateId));
    return template === undefined ? problem(404, 'Template not found.') : ok(template);
  }),
  route(
    'POST',
    `${SERVER}/custom-dispatch-calls`,
    { limit: null, body: customSchema },
    ({ world, server, body, now }) => {
      const template = TEMPLATES.find(({ templateId }) => templateId === body.templateId);
      if (template === undefined) return problem(404, 'Template not found.');
      const idents = findUnits(world, server, body).map(({ id }) => id);
      const call: DispatchCall = {
        ...{ callId: world.nextCallId(), origin: 1, status: 1, priority: 2, title: template.name, code: '' },
        ...{ description: '', block: '', address: '', postal: '', notes: [], idents, template, values: body.values },
        ...{ statusId: 1, updated: new Date(now).toISOString() },
      };
      server.dispatchCalls.push(call);
      return ok(call);
    },
  ),
];

/** A route about one dispatch call, which says when there is none. @param path below that of the calls */
function onCall<Body>(
  method: Method,
  path: string,
  options: RouteOptions<Body>,
  change: (call: DispatchCall, request: Call<Body>) => Reply,
): Route {
  return route(method, `${CALLS}/${path}`, options, (request) => {
    const call = request.server.dispatchCalls.find(({ callId }) => callId === Number(request.params.callId));
    if (call === undefined) return problem(404, 'Call not found.');
    const reply = change(call, request);
    call.updated = new Date(request.now).toISOString();
    return reply;
  });
}

/** A note as the CAD keeps it, with the time of day. */
function noteOf(content: string, type: string, label: string, now: number) {
  return { time: new Date(now).toISOString().slice(11, 19), label, type, content };
}
