import * as z from 'zod';
import type { DispatchCall } from '../world/calls.ts';
import { findUnits, saysWho, whoSchema } from '../world/find-units.ts';
import { ok, problem } from './reply.ts';
import { type Route, route } from './route.ts';

const TEMPLATES = [{ templateId: 1, name: 'Traffic stop', fields: ['plate', 'reason'] }];

/** The endpoints about calls made from a community's own templates; no limit of theirs is documented. */
export const templateRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/v2/emergency/dispatch-templates',
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
