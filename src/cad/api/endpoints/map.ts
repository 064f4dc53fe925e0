import { anything, list } from './answers.ts';
import { endpoint, except, type OnServer, onServer, segment } from './endpoint.ts';

/** What a script sends, passed on as it is: the CAD says what is wrong with it. */
interface AsSent extends OnServer {
  readonly [name: string]: unknown;
}

/** About the live map and what stands in the game's world: only for scripts. */
export const mapEndpoints = {
  getBlips: endpoint({
    method: 'GET',
    path: (input: OnServer, serverId) => onServer(input, serverId, 'blips'),
    answer: list,
  }),
  createBlip: endpoint({
    method: 'POST',
    path: (input: AsSent, serverId) => onServer(input, serverId, 'blips'),
    body: (input) => except(input, 'serverId'),
    answer: anything,
  }),
  updateBlip: endpoint({
    method: 'PATCH',
    path: (input: AsSent & { readonly blipId: number }, serverId) =>
      onServer(input, serverId, `blips/${segment(input.blipId)}`),
    body: (input) => except(input, 'serverId', 'blipId'),
    perMinute: 30,
    about: 'blip',
    answer: anything,
  }),
  deleteBlips: endpoint({
    method: 'DELETE',
    path: (input: OnServer & { readonly ids: readonly number[] }, serverId) => onServer(input, serverId, 'blips'),
    body: ({ ids }) => ({ ids }),
    perMinute: 30,
    about: 'blip',
    answer: anything,
  }),
  setPostals: endpoint({
    method: 'PUT',
    path: (_input: { readonly postals: readonly unknown[] }) => '/v2/general/postals',
    body: ({ postals }) => ({ postals }),
    replacesBy: 'postals',
    answer: anything,
  }),
  setStreetSignConfig: endpoint({
    method: 'PUT',
    path: (input: OnServer & { readonly signs: readonly unknown[] }, serverId) =>
      onServer(input, serverId, 'street-sign-config'),
    body: ({ signs }) => ({ signs }),
    perMinute: 2,
    answer: anything,
  }),
  updateStreetSigns: endpoint({
    method: 'PATCH',
    path: (input: AsSent, serverId) => onServer(input, serverId, 'street-signs'),
    body: (input) => except(input, 'serverId'),
    about: 'street sign',
    answer: anything,
  }),
  setStations: endpoint({
    method: 'PUT',
    path: (input: OnServer & { readonly config: unknown }, serverId) => onServer(input, serverId, 'stations'),
    body: ({ config }) => ({ config }),
    perMinute: 2,
    answer: anything,
  }),
  setAvailableCallouts: endpoint({
    method: 'PUT',
    path: (input: OnServer & { readonly callouts: readonly unknown[] }, serverId) =>
      onServer(input, serverId, 'callouts'),
    body: ({ callouts }) => ({ callouts }),
    perMinute: 2,
    answer: anything,
  }),
};
