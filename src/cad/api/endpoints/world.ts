import { readWhole, without } from '../../../events/read-values.ts';
import { list } from '../answers.ts';
import { type AsSent, asSent, endpoint, type OnServer, takes } from '../endpoint.ts';
import { blipOf, blipsOf, done, listRequest, stationsOf, wholesOf } from '../legacy-fields.ts';

/** Endpoints about the live map and about objects in the game's world, for scripts. */
export const world = {
  getBlips: endpoint('GET /v2/emergency/servers/{serverId}/blips', {
    says: 'The blips on the live map',
    client: ['getBlipsV2', 'serverId'],
    input: takes<OnServer>(),
    output: list(),
    legacy: { GET_BLIPS: {} },
  }),
  createBlip: asSent('POST /v2/emergency/servers/{serverId}/blips', {
    says: 'Adds a blip',
    client: ['createBlipV2', '...'],
    perMinute: 30,
    legacy: {
      'CREATE_BLIPS ADD_BLIP*': {
        reads: [(data) => without(blipOf(data), 'id')],
        entries: blipsOf,
        gives: (_last, answers) => answers,
      },
    },
  }),
  updateBlip: endpoint('PATCH /v2/emergency/servers/{serverId}/blips/{blipId}', {
    says: 'Changes a blip',
    client: ['updateBlipV2', 'blipId', '...'],
    input: takes<OnServer & AsSent & { blipId: number }>(),
    perMinute: 30,
    legacy: {
      'UPDATE_BLIPS MODIFY_BLIP*': {
        reads: [
          (data) => without(blipOf(data), 'id'),
          (data) => ({ blipId: readWhole(blipOf(data).blipId ?? blipOf(data).id) }),
        ],
        entries: blipsOf,
        gives: done,
      },
    },
  }),
  deleteBlips: endpoint('POST /v2/emergency/servers/{serverId}/blips/delete', {
    says: 'Removes blips',
    client: ['deleteBlipsV2', 'ids', 'serverId'],
    input: takes<OnServer & { ids: readonly number[] }>(),
    perMinute: 30,
    mayRepeat: true,
    about: 'blip',
    legacy: {
      'DELETE_BLIPS REMOVE_BLIP*': {
        reads: [({ ids, id, blipId }) => ({ ids: wholesOf(ids) ?? wholesOf(id ?? blipId) ?? [] })],
      },
    },
  }),
  setPostals: endpoint('PUT /v2/general/postals', {
    says: 'Replaces all postal codes',
    client: ['setPostalsV2', 'postals'],
    input: takes<{ postals: readonly unknown[] }>(),
    replacesBy: 'postals',
    legacy: { SET_POSTALS: listRequest('postals') },
  }),
  setStreetSignConfig: endpoint('PUT /v2/emergency/servers/{serverId}/street-sign-config', {
    says: 'Replaces the street signs',
    client: ['setStreetSignConfigV2', 'signs', 'serverId'],
    input: takes<OnServer & { signs: readonly unknown[] }>(),
    perMinute: 2,
    legacy: { SET_STREETSIGN_CONFIG: listRequest('signs', 'signConfig') },
  }),
  updateStreetSigns: asSent('PATCH /v2/emergency/servers/{serverId}/street-signs', {
    says: 'Changes the text on street signs',
    client: ['updateStreetSignsV2', '...'],
    about: 'street sign',
    legacy: { UPDATE_STREETSIGN: { reads: [(data) => without(data)] } },
  }),
  setStations: endpoint('PUT /v2/emergency/servers/{serverId}/stations', {
    says: 'Replaces the stations',
    client: ['setStationsV2', 'config', 'serverId'],
    input: takes<OnServer & { config: unknown }>(),
    body: ({ config }) => config,
    perMinute: 2,
    legacy: { SET_STATIONS: { reads: [(data) => ({ config: stationsOf(data) })] } },
  }),
  getPagerConfig: endpoint('GET /v2/emergency/servers/{serverId}/pager-config', {
    says: 'The settings of pagers',
    client: ['getPagerConfigV2', 'serverId'],
    input: takes<OnServer>(),
    perMinute: 2,
  }),
  setPagerConfig: asSent('PUT /v2/emergency/servers/{serverId}/pager-config', {
    says: 'Changes the settings of pagers',
    client: ['setPagerConfigV2', '...'],
    perMinute: 2,
  }),
  setAvailableCallouts: endpoint('PUT /v2/emergency/servers/{serverId}/callouts', {
    says: 'Replaces the callouts that dispatchers can choose',
    client: ['setAvailableCalloutsV2', 'callouts', 'serverId'],
    input: takes<OnServer & { callouts: readonly unknown[] }>(),
    perMinute: 2,
    legacy: { SET_AVAILABLE_CALLOUTS: listRequest('callouts') },
  }),
};
