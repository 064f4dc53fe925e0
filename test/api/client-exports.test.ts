import { afterEach, describe, expect, it } from '@jest/globals';
import { ApiModeAnnouncer } from '../../src/api/client-exports.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingClients } from '../recording-clients.ts';
import { payload, postDirectly, type ServedResource, serveResource } from '../serve-resource.ts';
import { until } from '../until.ts';

function setUp(first: 'production' | 'development') {
  const clients = createRecordingClients();
  const clock = createManualClock();
  let mode = first;
  const announcer = new ApiModeAnnouncer({ mode: () => mode, clients, clock });
  return {
    announcer,
    clock,
    change(next: typeof mode) {
      mode = next;
      announcer.applyConfig();
    },
    sent: () => clients.sent.splice(0).map(({ name, target, args }) => [name, target, ...args]),
  };
}

describe('ApiModeAnnouncer', () => {
  it('tells no player of the mode without being asked, while it is as it was at the start', () => {
    for (const mode of ['production', 'development'] as const) {
      const { announcer, sent } = setUp(mode);
      announcer.applyConfig();
      expect(sent()).toEqual([]);
    }
  });

  it('tells only the player whose game asks which mode it is now', () => {
    const { announcer, change, sent } = setUp('development');
    announcer.clientStarted(7);
    expect(sent()).toEqual([['sonorancad:client:apiMode', 7, 0]]);
    change('production');
    expect(sent()).toHaveLength(1);
    announcer.clientStarted(8);
    expect(sent()).toEqual([['sonorancad:client:apiMode', 8, 1]]);
  });

  it('answers each player three times a minute, whatever others ask', () => {
    const { announcer, clock, sent } = setUp('development');
    const ask = (player: number, times: number) => {
      for (let left = times; left > 0; left -= 1) announcer.clientStarted(player);
      return sent().filter(([, target]) => target === player).length;
    };
    expect([ask(7, 1_000), ask(8, 2), ask(8, 2), ask(7, 1)]).toEqual([3, 2, 1, 0]);
    clock.advance(59_999);
    expect(ask(7, 1)).toBe(0);
    clock.advance(1);
    expect([ask(7, 1_000), ask(8, 1)]).toEqual([3, 1]);
  });

  it('tells everybody when the configured mode changes, and also when it changes back', () => {
    const { announcer, change, sent } = setUp('production');
    announcer.applyConfig();
    change('development');
    change('development');
    change('production');
    expect(sent()).toEqual([
      ['sonorancad:client:apiMode', -1, 0],
      ['sonorancad:client:apiMode', -1, 1],
    ]);
  });
});

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
