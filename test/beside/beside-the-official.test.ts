import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FakeCad } from '../../packages/fakecad/src/index.ts';
import { closeCads, startCad } from '../../packages/fakecad/test/started-cads.ts';
import type { ConnectedPlayer } from '../../packages/fxhost/src/index.ts';
import { printedBy } from '../../packages/fxhost/test/write-resource.ts';
import type { ForwardingStatus } from '../../src/forward/forwarding-status.ts';
import { registered } from '../cad/on-fakecad/set-up.ts';
import { KEY, payload } from '../serve-resource.ts';
import { until } from '../until.ts';
import { type Both, type Got, OFFICIAL, OURS, serveBoth } from './both-resources.ts';

const TYPES = readdirSync(join(import.meta.dirname, '../fixtures/push-events')).map((file) =>
  file.replace('.json', ''),
);
const OFFICER = { name: 'Jim Reed', identifiers: ['license:000000000000000000000000000000000000000c'] };

let both: Both;
afterEach(() => both.close());

const names = (got: readonly Got[], prefix: string, by?: string): string[] =>
  got.filter(([name, sender]) => name.startsWith(prefix) && (by === undefined || sender === by)).map(([name]) => name);
const typesOf = (got: readonly Got[], name: string): (string | undefined)[] =>
  got
    .filter(([each]) => each === name)
    .map(([, , type]) => type)
    .sort();
/** What was shown to a player, which the net event of ours is not. */
const shown = ({ received }: ConnectedPlayer): unknown[] =>
  received.filter(({ event }) => event !== 'sonorancad:pushEvent').map(({ event }) => event);
const posts = () => Number(both.host.callExport(OFFICIAL, 'posts'));

describe('beside the official resource', () => {
  it('each event reaches consumers once, with the official events from the official resource alone', async () => {
    both = await serveBoth({ types: TYPES });
    const got = await both.push(TYPES.map((type) => payload(type)));
    expect(typesOf(got, 'pushEvent')).toEqual(TYPES);
    expect(typesOf(got, 'export')).toEqual(TYPES);
    expect(typesOf(got, 'handler')).toEqual(TYPES);
    expect(names(got, 'handler', OURS)).toEqual([]);
    expect(names(got, 'SonoranCAD::', OURS)).toEqual([]);
    expect(names(got, 'SonoranCAD::pushevents:UnitLogin')).toHaveLength(1);
    expect(names(got, 'SonoranCAD::pushevents:Tone')).toHaveLength(1);
    expect(printedBy(both.host, OFFICIAL)).toEqual([]);
  });

  it('nothing goes round between the two, even with a target that leads back', async () => {
    both = await serveBoth();
    await both.push([payload('EVENT_911'), payload('EVENT_TONE')]);
    const { targets, stoppedLoops } = both.host.callExport(OURS, 'getForwardingStatus') as ForwardingStatus;
    expect([targets, stoppedLoops]).toEqual([[], 0]);
    // The two, and the one that marks the end.
    expect(posts()).toBe(3);
    const refused = printedBy(both.host, OURS).filter((line) => line.includes('leads back here'));
    expect(refused).toEqual([expect.stringContaining(`:${both.host.port}/sonorancad/event`)]);
  });

  it('players are told nothing, and neither the convars nor the commands of the official resource are touched', async () => {
    both = await serveBoth();
    const { host } = both;
    const officer = host.addPlayer(OFFICER);
    await both.push([payload('EVENT_UNIT_LOGIN')]);
    await both.push([payload('EVENT_911'), payload('EVENT_DISPATCH_NEW')]);
    expect(shown(officer)).toEqual([]);
    expect(host.getConvar('sonoran_communityID')).toBe('theirs');
    host.natives.runAsPlayer(officer.id, 'dn gps on');
    host.natives.runAsPlayer(officer.id, 'cadnotify off');
    expect(printedBy(host, OFFICIAL)).toEqual([`dn of ${officer.id}`]);
    expect(shown(officer)).toEqual([]);
  });

  it('all of that begins when it stops, and ends when it starts again', async () => {
    both = await serveBoth({ types: ['EVENT_911'] });
    const { host } = both;
    const officer = host.addPlayer(OFFICER);
    await both.push([payload('EVENT_UNIT_LOGIN')]);
    expect(shown(officer)).toEqual([]);

    host.stop(OFFICIAL);
    const alone = await both.push([payload('EVENT_911')], OURS);
    expect(alone).toEqual([
      ['SonoranCAD::pushevents:EmergencyCacheUpdated', OURS],
      ['SonoranCAD::pushevents:IncomingCadCall', OURS],
      ['handler', OURS, 'EVENT_911'],
      ['export', OURS, 'EVENT_911'],
      ['pushEvent', OURS, 'EVENT_911'],
    ]);
    await until(() => shown(officer).length > 0);
    expect(host.getConvar('sonoran_communityID')).toBe('ours');
    const told = shown(officer).length;
    await until(() => host.natives.commands.names().includes('cadnotify'));
    host.natives.runAsPlayer(officer.id, 'cadnotify');
    await until(() => shown(officer).length > told);

    host.start(OFFICIAL);
    const silent = shown(officer).length;
    const again = await both.push([payload('EVENT_TONE'), payload('EVENT_911')]);
    expect(names(again, 'SonoranCAD::', OURS)).toEqual([]);
    expect(names(again, 'SonoranCAD::', OFFICIAL).sort()).toEqual([
      'SonoranCAD::pushevents:EmergencyCacheUpdated',
      'SonoranCAD::pushevents:IncomingCadCall',
      'SonoranCAD::pushevents:Tone',
    ]);
    expect(typesOf(again, 'pushEvent')).toEqual(['EVENT_911', 'EVENT_TONE']);
    expect(shown(officer)).toHaveLength(silent);
  });
});

it('what scripts ask by the events of the official resource is left to it, until it stops', async () => {
  both = await serveBoth();
  const { host } = both;
  const ask = () => {
    host.emit('SonoranCAD::callcommands:SendCallApi', true, 'Clerk', 'Pier', 'Fire', 0);
    host.emit('SonoranCAD::pushevents:shim', '{}');
  };
  ask();
  expect(names(await both.push([]), 'SonoranCAD::callcommands:')).toEqual([]);
  host.stop(OFFICIAL);
  ask();
  expect(names(await both.push([], OURS), 'SonoranCAD::callcommands:', OURS)).toEqual([
    'SonoranCAD::callcommands:cadIncomingCall',
  ]);
  const unanswered = printedBy(host, OURS).filter((line) => line.includes('only the official resource answers'));
  expect(unanswered).toHaveLength(1);
});

describe('legacyEvents', () => {
  const loginBy = (got: readonly Got[]) =>
    got
      .filter(([name]) => name === 'SonoranCAD::pushevents:UnitLogin')
      .map(([, by]) => by)
      .sort();

  it('on triggers the official events here too while the official resource runs', async () => {
    both = await serveBoth({ config: { legacyEvents: 'on' } });
    expect(loginBy(await both.push([payload('EVENT_UNIT_LOGIN')]))).toEqual([OFFICIAL, OURS]);
  });

  it('off triggers none of them, even when the official resource has stopped, and still serves handlers', async () => {
    both = await serveBoth({ types: ['EVENT_UNIT_LOGIN'], config: { legacyEvents: 'off' } });
    both.host.stop(OFFICIAL);
    const got = await both.push([payload('EVENT_UNIT_LOGIN')], OURS);
    expect(names(got, 'SonoranCAD::')).toEqual([]);
    expect(typesOf(got, 'handler')).toEqual(['EVENT_UNIT_LOGIN']);
  });
});

describe('beside the official resource,', () => {
  const BARE = '000000000000000000000000000000000000000c';
  const LICENSE = `license:${BARE}`;
  const ACCOUNT = '7d0c1a2e-0000-4000-8000-000000000012';
  const SECRET = '7d0c1a2e-0000-4000-8000-000000000099';

  let cad: FakeCad;
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
  afterEach(closeCads);

  /** Asks ours and the official one whether an identifier is linked, in both of its forms. */
  async function isLinked(bare: string): Promise<unknown[]> {
    const answers: unknown[] = [];
    for (const identifier of [bare, `license:${bare}`]) {
      answers.push(await both.host.callExport(OURS, 'CadIsPlayerLinked', identifier));
      const official = new Promise((resolve) =>
        both.host.callExport(OFFICIAL, 'CadIsPlayerLinked', identifier, resolve),
      );
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
});
