import * as z from 'zod';
import { CLOSED, type DispatchCall, dispatchCallSchema } from '../world/calls.ts';
import { findUnits, saysWho, whoSchema } from '../world/find-units.ts';
import { ok, problem, type Reply } from './reply.ts';
import { type Call, type Route, route } from './route.ts';

const CALLS = '/v2/emergency/servers/:serverId/dispatch-calls';
const MOST_CLOSED = 1000;
const TEMPLATES = [{ templateId: 1, name: 'Traffic stop', fields: ['plate', 'reason'] }];

const aboutSchema = dispatchCallSchema.omit({ callId: true, notes: true, idents: true, updated: true }).extend({
  notes: z.array(z.union([z.string(), dispatchCallSchema.shape.notes.unwrap().element])).optional(),
  deleteAfterMinutes: z.number().positive().optional(),
});
const newSchema = z.object({ ...aboutSchema.shape, ...whoSchema.shape }).refine((body) => saysWho(body), {
  error: 'At least one of communityUserIds, accounts, roblox or discord is required.',
});
// Without the defaults, which would blank what is not to be changed.
const editSchema = z.object({
  origin: z.int().optional(),
  status: z.int().optional(),
  priority: z.int().optional(),
  block: z.string().optional(),
  address: z.string().optional(),
  postal: z.string().optional(),
  title: z.string().optional(),
  code: z.string().optional(),
  description: z.string().optional(),
  trackPrimary: z.boolean().optional(),
  metaData: z.record(z.string(), z.string()).optional(),
});
const nobody = { error: 'Each request needs communityUserIds, identIds, accountUuid, groupName, roblox or discord.' };

/** The endpoints about calls that units are attached to, those made from a community's own templates among them. */
export const dispatchRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: CALLS,
    limit: 20,
    body: newSchema,
    answer({ world, server, body, now }) {
      const idents = findUnits(world, server, body).map(({ id }) => id);
      const { notes, origin, status, priority, block, address, postal, title, code, description, metaData } = body;
      const call: DispatchCall = {
        ...{ callId: world.nextCallId(), origin, status, priority, block, address, postal, title, code, description },
        notes: (notes ?? []).map((note) => (typeof note === 'string' ? noteOf(note, 'text', '', now) : note)),
        idents,
        ...(idents[0] !== undefined && { primary: idents[0] }),
        trackPrimary: body.trackPrimary ?? false,
        metaData: metaData ?? {},
        updated: new Date(now).toISOString(),
      };
      server.dispatchCalls.push(call);
      return ok(call);
    },
  }),
  onCall({
    method: 'PATCH',
    path: `${CALLS}/:callId`,
    limit: 10,
    body: editSchema,
    change(call, { body }) {
      Object.assign(call, body);
      return ok(call);
    },
  }),
  onCall({
    method: 'POST',
    path: `${CALLS}/:callId/attachments`,
    limit: 10,
    body: whoSchema.refine((body) => saysWho(body), nobody),
    change(call, { world, server, body }) {
      const idents = findUnits(world, server, body).map(({ id }) => id);
      call.idents = [...new Set([...call.idents, ...idents])];
      return ok({ callId: call.callId, identIds: idents });
    },
  }),
  route({
    method: 'DELETE',
    path: `${CALLS}/attachments`,
    limit: 10,
    body: whoSchema.refine((body) => saysWho(body), nobody),
    answer({ world, server, body }) {
      const idents = findUnits(world, server, body).map(({ id }) => id);
      for (const call of server.dispatchCalls) call.idents = call.idents.filter((ident) => !idents.includes(ident));
      return ok({ identIds: idents });
    },
  }),
  route({
    method: 'POST',
    path: `${CALLS}/close`,
    limit: 20,
    body: z.object({ callIds: z.array(z.int()).min(1).max(100) }),
    answer({ server, body, now }) {
      const closed = server.dispatchCalls.filter(({ callId }) => body.callIds.includes(callId));
      if (closed.length === 0) return problem(404, 'Call not found.');
      for (const call of closed) Object.assign(call, { status: CLOSED, updated: new Date(now).toISOString() });
      server.dispatchCalls = server.dispatchCalls.filter((call) => !closed.includes(call));
      server.closedCalls = [...closed, ...server.closedCalls].slice(0, MOST_CLOSED);
      return ok({ callIds: closed.map(({ callId }) => callId) });
    },
  }),
  onCall({
    method: 'POST',
    path: `${CALLS}/:callId/notes`,
    limit: 60,
    body: z.object({ note: z.string().min(1), noteType: z.string().default('text'), label: z.string().default('') }),
    change(call, { body, now }) {
      const note = noteOf(body.note, body.noteType, body.label, now);
      call.notes = [note, ...call.notes];
      return ok({ callId: call.callId, note });
    },
  }),
  onCall({
    method: 'PATCH',
    path: `${CALLS}/:callId/postal`,
    limit: 20,
    body: z.object({ postal: z.string() }),
    change(call, { body }) {
      call.postal = body.postal;
      return ok({ callId: call.callId, postal: body.postal });
    },
  }),
  onCall({
    method: 'PATCH',
    path: `${CALLS}/:callId/primary`,
    limit: 10,
    body: z.object({ identId: z.int(), trackPrimary: z.boolean() }),
    change(call, { body }) {
      Object.assign(call, { primary: body.identId, trackPrimary: body.trackPrimary });
      return ok(body);
    },
  }),
  route({
    method: 'GET',
    path: '/v2/emergency/dispatch-templates',
    // No limit is documented for templates.
    limit: null,
    list: true,
    answer: () => ok(TEMPLATES),
  }),
  route({
    method: 'POST',
    path: '/v2/emergency/servers/:serverId/custom-dispatch-calls',
    limit: null,
    body: z
      .object({ templateId: z.int(), values: z.record(z.string(), z.unknown()), ...whoSchema.shape })
      .refine((body) => saysWho(body)),
    answer({ world, server, body, now }) {
      const template = TEMPLATES.find(({ templateId }) => templateId === body.templateId);
      if (template === undefined) return problem(404, 'Template not found.');
      const call: DispatchCall = {
        callId: world.nextCallId(),
        ...{ origin: 1, status: 1, priority: 2, title: template.name, code: '', description: '' },
        ...{
          block: '',
          address: '',
          postal: '',
          notes: [],
          idents: findUnits(world, server, body).map(({ id }) => id),
        },
        ...{ template, values: body.values, statusId: 1, updated: new Date(now).toISOString() },
      };
      server.dispatchCalls.push(call);
      return ok(call);
    },
  }),
];

interface CallRoute<Body> extends Omit<Route<Body>, 'answer'> {
  change(call: DispatchCall, request: Call<Body>): Reply;
}

/** A route about one call, which says when there is none. */
function onCall<Body>({ change, ...about }: CallRoute<Body>): Route {
  return route<Body>({
    ...about,
    answer(request) {
      const call = request.server.dispatchCalls.find(({ callId }) => callId === Number(request.params.callId));
      if (call === undefined) return problem(404, 'Call not found.');
      const reply = change(call, request);
      call.updated = new Date(request.now).toISOString();
      return reply;
    },
  });
}

/** A note as the CAD keeps it, with the time of day. */
function noteOf(content: string, type: string, label: string, now: number) {
  return { time: new Date(now).toISOString().slice(11, 19), label, type, content };
}
