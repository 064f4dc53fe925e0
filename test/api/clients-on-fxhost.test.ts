import { afterEach, describe, expect, it } from '@jest/globals';
import { payload, postDirectly, type ServedResource, serveResource } from '../serve-resource.ts';
import { until } from '../until.ts';

const LICENSE = 'license:000000000000000000000000000000000000000c';

describe("what players' games are told for scripts made for the official resource", () => {
  let served: ServedResource;
  afterEach(() => served.close());

  it('is which unit their player became, and that the player no longer is one', async () => {
    served = await serveResource();
    const { host } = served;
    host.ensure('sonorancad');
    const officer = host.addPlayer({ identifiers: [LICENSE] });
    const other = host.addPlayer({ identifiers: ['license:0'] });
    const named = (name: string) => officer.received.filter(({ event }) => event === `SonoranCAD::core:${name}`);
    await postDirectly(host, payload('EVENT_UNIT_LOGIN'));
    await until(() => named('AddPlayer').length > 0);
    const { accId, data, ...shown } = JSON.parse(payload('EVENT_UNIT_LOGIN')).data.unit;
    const { apiIds, communityUserId, ...shownData } = data;
    expect(named('AddPlayer').map(({ args }) => args)).toEqual([[{ ...shown, data: shownData }]]);
    expect(JSON.stringify(officer.received)).not.toContain(communityUserId);
    await postDirectly(host, payload('EVENT_UNIT_LOGOUT'));
    await until(() => named('RemovePlayer').length > 0);
    expect(named('RemovePlayer').map(({ args }) => args)).toEqual([[]]);
    expect(other.received.filter(({ event }) => event.startsWith('SonoranCAD::'))).toEqual([]);
  });

  it('is the unit again after a restart of the resource', async () => {
    served = await serveResource();
    const { host } = served;
    host.ensure('sonorancad');
    const officer = host.addPlayer({ identifiers: [LICENSE] });
    const added = () => officer.received.filter(({ event }) => event === 'SonoranCAD::core:AddPlayer').length;
    await postDirectly(host, payload('EVENT_UNIT_LOGIN'));
    await until(() => added() === 1);
    host.restart('sonorancad');
    await until(() => added() === 2);
  });

  it('is the unit also to a game whose scripts start after its player has joined', async () => {
    served = await serveResource();
    const { host } = served;
    host.ensure('sonorancad');
    const officer = host.addPlayer({ identifiers: [LICENSE] });
    await postDirectly(host, payload('EVENT_UNIT_LOGIN'));
    const added = () => officer.received.filter(({ event }) => event === 'SonoranCAD::core:AddPlayer').length;
    await until(() => added() === 1);
    officer.trigger('sonorancad:client:started');
    await until(() => added() === 2);
  });

  it("is the CAD's system when it is not the usual one, however late their scripts start", async () => {
    served = await serveResource({ config: { mode: 'development' } });
    const { host } = served;
    const early = host.addPlayer();
    host.ensure('sonorancad');
    const late = host.addPlayer();
    const modes: unknown[] = [];
    const games = [early, late].map((player) => {
      const game = host.runClient(player, 'sonorancad');
      modes.push(game.callExport('getApiMode'));
      return game;
    });
    const areAll = (mode: number) => games.every((game) => game.callExport('getApiMode') === mode);
    expect(modes).toEqual([1, 1]);
    await until(() => areAll(0));
    served.configure({ mode: 'production' });
    host.execute('sonorancad reload');
    await until(() => areAll(1));
    expect(games.flatMap(({ lines }) => lines)).toEqual([]);
  });

  it('is the mode only when they ask, only to who asks, and only a few times a minute', async () => {
    served = await serveResource({ manualTicks: true, config: { mode: 'development' } });
    const { host } = served;
    host.ensure('sonorancad');
    const [asking, silent] = [host.addPlayer(), host.addPlayer()];
    for (let left = 100; left > 0; left -= 1) asking.trigger('sonorancad:client:started', { mode: 1 }, silent.id);
    host.emit('sonorancad:client:started');
    host.tick(2);
    const told = (player: typeof asking) =>
      player.received.filter(({ event }) => event === 'sonorancad:client:apiMode').map(({ args }) => args);
    expect(told(asking)).toEqual([[0], [0], [0]]);
    expect(told(silent)).toEqual([]);
  });
});
