import * as v from 'valibot';
import { integer } from '../world/unit.ts';
import { findOne, problem } from './reply.ts';
import { type Route, route } from './route.ts';

const SERVER = '/v2/emergency/servers/:serverId';
const MAX_BLIPS = 1_000;

const coordinatesSchema = v.looseObject({
  x: v.number(),
  y: v.number(),
  z: v.optional(v.number(), 0),
  w: v.optional(v.number(), 0),
});
const blipEntries = {
  subType: v.string(),
  icon: v.string(),
  color: v.string(),
  tooltip: v.string(),
  radius: v.number(),
  data: v.array(v.looseObject({ title: v.optional(v.string()), text: v.optional(v.string()) })),
};
const blipSchema = v.object({ coordinates: coordinatesSchema, ...v.partial(v.object(blipEntries)).entries });
const editSchema = v.partial(v.object({ coordinates: coordinatesSchema, ...blipEntries }));
const idsSchema = v.object({ ids: v.pipe(v.array(integer), v.minLength(1)) });

const stationSchema = v.looseObject({ name: v.string() });
// The fields are at the top level: the CAD refuses them inside a `config` object.
const stationsSchema = v.object({
  locations: v.array(stationSchema),
  tones: v.optional(v.array(v.string()), () => []),
  unitColors: v.optional(v.array(v.string()), () => []),
});
const pagerSchema = v.looseObject({ nodes: v.optional(v.array(v.looseObject({}))) });
const calloutsSchema = v.object({ callouts: v.array(v.looseObject({ id: v.string() })) });
const signsSchema = v.object({ signs: v.array(v.looseObject({ id: integer })) });
const signTextSchema = v.object({
  ids: v.array(integer),
  ...v.entriesFromList(['text1', 'text2', 'text3'], v.optional(v.string())),
});

const NO_PAGERS = {
  natureWords: {},
  maxAddresses: 5,
  maxBodyLength: 250,
  nodes: [],
  perms: { roles: [], players: [] },
};

/** The endpoints about the live map, stations, pagers, callouts and street signs. */
export const mapRoutes: readonly Route[] = [
  route('GET', `${SERVER}/blips`, { limit: 10, list: true }, ({ server }) => server.blips),
  route('POST', `${SERVER}/blips`, { limit: 30, body: blipSchema }, ({ world, server, body }) => {
    if (server.blips.length >= MAX_BLIPS) throw problem(400, 'There are too many blips.');
    const blip = { id: world.nextId(), ...body };
    server.blips = [...server.blips, blip];
    return blip;
  }),
  route('PATCH', `${SERVER}/blips/:blipId`, { limit: 30, body: editSchema }, ({ server, params, body }) => {
    const { id } = Object.assign(
      findOne('Blip', server.blips, (blip) => blip.id === Number(params.blipId)),
      body,
    );
    return { id };
  }),
  route('POST', `${SERVER}/blips/delete`, { limit: 30, body: idsSchema }, ({ server, body: { ids } }) => {
    const gone = server.blips.filter(({ id }) => ids.includes(id));
    findOne('Blip', gone);
    server.blips = server.blips.filter((blip) => !gone.includes(blip));
    return { ids: gone.map(({ id }) => id) };
  }),
  route('PUT', `${SERVER}/stations`, { limit: 2, body: stationsSchema }, ({ server, serverId, body }) => {
    server.configured.stations = body;
    return { serverId };
  }),
  route('GET', `${SERVER}/pager-config`, { limit: 2 }, ({ server }) => ({
    ...NO_PAGERS,
    ...server.configured.pagerConfig,
  })),
  route('PUT', `${SERVER}/pager-config`, { limit: 2, body: pagerSchema }, ({ server, serverId, body }) => {
    // Without `nodes`, the present ones stay.
    server.configured.pagerConfig = { ...server.configured.pagerConfig, ...body };
    return { serverId };
  }),
  route('PUT', `${SERVER}/callouts`, { limit: 2, body: calloutsSchema }, ({ server, serverId, body: { callouts } }) => {
    server.configured.callouts = callouts;
    return { serverId, callouts: callouts.length };
  }),
  route(
    'PUT',
    `${SERVER}/street-sign-config`,
    { limit: 2, body: signsSchema },
    ({ server, serverId, body: { signs } }) => {
      server.configured.signs = signs;
      return { serverId, signs: signs.length };
    },
  ),
  route('PATCH', `${SERVER}/street-signs`, { limit: 10, body: signTextSchema }, ({ body: { ids } }) => ({ ids })),
];
