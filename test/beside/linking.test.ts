import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { FakeCad } from '../../scripts/fakecad/fake-cad.ts';
import type { ConnectedPlayer } from '../../scripts/fxhost/connected-players.ts';
import { registered } from '../cad/on-fakecad/set-up.ts';
import { closeCads, startCad } from '../fakecad/started-cads.ts';
import { KEY } from '../serve-resource.ts';
import { until } from '../until.ts';
import { type Both, OFFICIAL, OURS, serveBoth } from './both-resources.ts';

const BARE = '000000000000000000000000000000000000000c';
const LICENSE = `license:${BARE}`;
const ACCOUNT = '7d0c1a2e-0000-4000-8000-000000000012';
const SECRET = '7d0c1a2e-0000-4000-8000-000000000099';

let cad: FakeCad;
let both: Both;
beforeEach(async () => {
  cad = await startCad({ apiKey: KEY, communityId: 'mycommunity', enforceLimits: false });
  cad.world.secrets.set(SECRET, ACCOUNT);
  const shared = { apiUrl: cad.url, communityID: 'mycommunity', primaryIdentifier: 'license', serverId: 1 };
  both = await serveBoth({
    config: { ...shared, apiSendEnabled: true, registration: 'off' },
    official: {
      ...{ ...shared, enablePushEventForwarding: true },
      pushEventForwardUrl: `http://127.0.0.1:30120/${OURS}/event`,
    },
  });
  cad.world.servers = [registered(both.host.port)];
});
afterEach(async () => {
  await both.close();
  await closeCads();
});

/** Asks ours and the official one whether an identifier is linked, in both of its forms. */
async function isLinked(bare: string): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const identifier of [bare, `license:${bare}`]) {
    answers.push(await both.host.callExport(OURS, 'CadIsPlayerLinked', identifier));
    const official = new Promise((resolve) => both.host.callExport(OFFICIAL, 'CadIsPlayerLinked', identifier, resolve));
    answers.push(await official);
  }
  return answers;
}

/** What a person does at the CAD with the code that their game has shown. */
async function enterCode(): Promise<void> {
  await until(() => cad.world.linkCodes.length > 0);
  const [code] = cad.world.linkCodes.splice(0);
  const data = { communityUserId: code?.communityUserId, accountUuid: ACCOUNT };
  await cad.fire({ type: 'EVENT_COMMUNITY_LINK_VERIFIED', data });
}

/** Calls 911 from a player's game. @returns as whom the CAD knows the caller */
async function callerOf(player: ConnectedPlayer, description: string): Promise<string | undefined> {
  player.trigger('SonoranScripts::Call911', 'Ann', 'Pier', description, '9001', null);
  const call = () => cad.world.at(1).emergencyCalls.find((each) => each.description === description);
  await until(() => call() !== undefined);
  return call()?.metaData?.callerCommunityUserId;
}

const join = () => both.host.addPlayer({ id: 7, identifiers: ['steam:11000010000000c', LICENSE] });
const accounts = () => [...cad.world.links];

it('a player who links by the command of the official resource is linked here', async () => {
  const player = join();
  both.host.natives.runAsPlayer(7, 'link');
  await enterCode();
  await until(async () => (await both.host.callExport(OURS, 'getPlayerCommunityUserId', 7)) === BARE);
  expect(await isLinked(BARE)).toEqual([true, true, true, true]);
  expect(await both.host.callExport(OURS, 'isPlayerInCAD', 7)).toMatchObject({ linked: true, communityUserId: BARE });
  expect(await callerOf(player, 'as the official one calls')).toBe(BARE);
  both.host.stop(OFFICIAL);
  expect(await callerOf(player, 'as this one calls')).toBe(BARE);
  expect(accounts()).toEqual([[BARE, ACCOUNT]]);
});

it('a player whom the tablet links through the official resource is linked here, though no event says so', async () => {
  const player = join();
  expect(await both.host.callExport(OURS, 'CadIsPlayerLinked', 'license:0d')).toBe(false);
  player.trigger('SonoranCAD::Tablet::SetCommunityLink', ACCOUNT, SECRET);
  await until(() => accounts().length > 0);
  expect(await isLinked(BARE)).toEqual([true, true, true, true]);
  expect(accounts()).toEqual([[BARE, ACCOUNT]]);
});

it.each(['command', 'tablet'])('a player who links here by the %s is linked there', async (way) => {
  const player = join();
  both.host.stop(OFFICIAL);
  // The CAD reaches only ours now, over its session.
  await until(() => cad.sessions.length > 0);
  if (way === 'tablet') player.trigger('SonoranCAD::Tablet::SetCommunityLink', ACCOUNT, SECRET);
  else {
    await until(() => both.host.natives.commands.names().includes('link'));
    both.host.natives.runAsPlayer(7, 'link');
    await enterCode();
  }
  await until(async () => (await both.host.callExport(OURS, 'CadIsPlayerLinked', LICENSE)) === true);
  both.host.start(OFFICIAL);
  expect(await isLinked(BARE)).toEqual([true, true, true, true]);
  expect(accounts()).toEqual([[BARE, ACCOUNT]]);
  expect(await callerOf(player, 'as the official one calls')).toBe(BARE);
});
