import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FxHost } from '../../scripts/fxhost/host.ts';
import type { EventDetail, EventList } from '../../src/inspector/api-types.ts';
import { printedBy } from '../fxhost/write-resource.ts';
import { KEY, payload, type ServedResource, serveResource } from '../serve-resource.ts';
import { until } from '../until.ts';

const LICENSE = 'license:000000000000000000000000000000000000000c';
const USER = 'scraper';
const PASSWORD = 'password-of-the-scraper';

const CONSUMER = `
  on('sonorancad:ready', () => {
    exports.sonorancad.onPushEvent('EVENT_911', () => { throw new Error('no such street'); });
    exports.sonorancad.onPushEvent('EVENT_TONE', () => { for (const end = Date.now() + 60; Date.now() < end; ); });
    exports.sonorancad.onPushEvent('EVENT_UNIT_LOGIN', async () => { throw new Error('no such unit'); });
  });
  emit('SonoranCAD::RegisterPushEvent', 'EVENT_911', () => {});`;

let served: ServedResource;
let player: ReturnType<FxHost['addPlayer']>;
beforeAll(async () => {
  served = await serveResource({
    convars: { sv_prometheusBasicAuthUser: USER, sv_prometheusBasicAuthPassword: PASSWORD },
  });
  served.add('consumer', CONSUMER);
  player = served.host.addPlayer({ name: 'Jim Reed', identifiers: [LICENSE] });
  served.host.ensure('sonorancad');
  served.host.ensure('consumer');
});
afterAll(() => served.close());

/** @returns the token of a link that was taken just now */
function takeLink(): string {
  served.host.execute('sonorancad inspect');
  return [...served.host.lines.join('\n').matchAll(/#([\w-]{43})/g)].at(-1)?.[1] ?? '';
}

async function ask(path: string, authorization: string): Promise<Response> {
  return fetch(`${served.host.url}/sonorancad/${path}`, { headers: { authorization } });
}

describe('the page on the stand-in', () => {
  it('says who got an event: subscribers with how long each took, and players', async () => {
    const token = takeLink();
    const json = async <Body>(path: string) => (await (await ask(path, `Bearer ${token}`)).json()) as Body;
    const unit = { id: 12, status: 2, data: { apiIds: [LICENSE], unitNum: '1-A-12' } };
    await served.post(JSON.stringify({ key: KEY, type: 'EVENT_UNIT_LOGIN', data: { unit } }));
    await served.post(payload('EVENT_911'));
    const last = async () => (await json<EventList>('api/events')).events.at(-1);
    await until(async () => (await json<EventDetail>(`api/events/${(await last())?.id}`)).dispatchMs !== null);
    const { events } = await json<EventList>('api/events');
    const [login, call] = events;
    const detail = async (event = call) => json<EventDetail>(`api/events/${event?.id}`);
    // A promise fails some time after its subscriber was called.
    const failedOfLogin = async () => (await detail(login)).subscribers[0]?.failed;
    await until(async () => (await failedOfLogin()) !== null);
    expect(await failedOfLogin()).toContain('no such unit');
    const { subscribers, players } = await detail();
    const failed = expect.stringMatching(/^[^^]*no such street/);
    expect(subscribers).toEqual([
      { resource: 'consumer', form: 'body', ms: expect.any(Number), failed: null },
      { resource: 'consumer', form: 'event', ms: expect.any(Number), failed },
    ]);
    const told = { players: [player.id], at: expect.any(Number) };
    expect(players).toEqual([
      { by: 'event', what: 'sonorancad:pushEvent', ...told },
      { by: 'notification', what: '911', ...told },
    ]);
  });

  it('is opened by no link that a player asks for', () => {
    const { accessControl, commands, players } = served.host.natives;
    served.host.execute('add_ace group.admin command.sonorancad allow');
    served.host.execute(`add_principal identifier.${LICENSE} group.admin`);
    const before = printedBy(served.host, 'sonorancad').length;
    accessControl.runAs(players.principalsOf(player.player), () =>
      commands.execute('sonorancad inspect', { source: player.id }),
    );
    expect(printedBy(served.host, 'sonorancad').slice(before)).toEqual([
      `"sonorancad inspect" is for the server's own console.`,
    ]);
  });

  it("opens its metrics to the game server's own login for Prometheus", async () => {
    const login = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
    const statuses = [`${USER}:${PASSWORD}`, `${USER}:`, 'another:login'].map(
      async (text) => (await ask('metrics', login(text))).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 401, 401]);
    served.host.execute('set sv_prometheusBasicAuthPassword ""');
    expect((await ask('metrics', login(`${USER}:`))).status).toBe(401);
  });

  it('measures in its metrics how long it holds the thread', async () => {
    const longest = async () => {
      const text = await (
        await ask('metrics', `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`)
      ).text();
      return Number(/^sonorancad_longest_hold_seconds (\S+)$/m.exec(text)?.[1]);
    };
    served.host.execute(`set sv_prometheusBasicAuthPassword "${PASSWORD}"`);
    await served.post(payload('EVENT_TONE'));
    // The subscriber takes 60 ms.
    await until(async () => (await longest()) >= 0.06);
  });

  it('ends its links with a restart', async () => {
    const token = takeLink();
    const status = async () => (await ask('api/about', `Bearer ${token}`)).status;
    expect(await status()).toBe(200);
    served.host.restart('sonorancad');
    expect(await status()).toBe(401);
  });
});
