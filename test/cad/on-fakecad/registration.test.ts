import { afterEach, expect, it } from '@jest/globals';
import { type ServerEntry, unregisteredServer } from '../../../packages/fakecad/src/index.ts';
import { closeLinks, type Linked, link, registered } from './set-up.ts';

afterEach(closeLinks);

/** The entry of another game server, with fields unknown to this resource. */
const other: ServerEntry = {
  ...unregisteredServer(7),
  ...{
    name: 'Roleplay 2',
    mapIp: '198.51.100.7',
    listenerPort: '30120',
    colour: 'green',
    nested: { levels: [1, { two: 2 }] },
  },
};

const writes = ({ asked }: Linked) => asked(/^PUT .*\/servers$/);
const hasVerdict = ({ printed }: Linked) =>
  printed().includes('The CAD sends push events to') || printed().includes('The CAD has no complete address');

it('the resource fills in its own empty entry, and keeps everything else in the list', async () => {
  const own: ServerEntry = { ...unregisteredServer(1), name: 'Roleplay 1', shade: 'dark' };
  const linked = await link({ cad: { servers: [other, own] } });
  const { cad, host } = linked;
  await linked.start();
  await linked.laterUntil(() => cad.world.servers[1]?.listenerPort !== '');
  expect(cad.world.servers).toEqual([other, { ...own, mapIp: '127.0.0.1', listenerPort: String(host.port) }]);
  await linked.laterUntil(() => hasVerdict(linked));
  expect(linked.printed()).toContain(`The CAD sends push events to http://127.0.0.1:${host.port}/sonorancad/event`);
  expect(linked.printed()).toContain('its entry in the CAD was filled in just now');
  cad.dropSessions();
  cad.faults.refuseConnections = true;
  await linked.session('waiting');
  expect(await cad.push('EVENT_TONE', { url: 'a' }, { serverId: 1 })).toBe('http');
  cad.faults.refuseConnections = false;
  await linked.later(61_000);
  await linked.later(1_000);
  expect(writes(linked)).toHaveLength(1);
  expect(writes(linked)[0]?.body).toMatchObject({ deployMap: false });
});

it('the resource adds its missing entry, and its session opens without an error in the console', async () => {
  const linked = await link({ cad: { servers: [other] }, config: { serverId: 3 } });
  linked.host.ensure('sonorancad');
  await linked.laterUntil(() => linked.cad.world.servers.length === 2);
  // Without advancing the clock: the refused session opens at the end of the registration run.
  await linked.session('open');
  expect(linked.printed()).not.toContain('The CAD refused the session');
  const added = { id: 3, mapIp: '127.0.0.1', listenerPort: String(linked.host.port) };
  expect(linked.cad.world.servers).toEqual([other, expect.objectContaining(added)]);
});

it('the resource writes nothing to an incomplete list, and says which values to enter in the CAD', async () => {
  const servers = [other, { ...other, id: 8 }, unregisteredServer(1)];
  const linked = await link({ cad: { servers } });
  linked.cad.faults.serversPerPage = 2;
  linked.host.ensure('sonorancad');
  const values = `id 1, mapIp 127.0.0.1 and listenerPort ${linked.host.port}`;
  await linked.laterUntil(() =>
    linked.printed().includes(`enter a server with ${values} in the CAD's server settings`),
  );
  for (let time = 0; time < 20; time += 1) await linked.later(5_000);
  expect(linked.cad.world.servers).toEqual(servers);
  expect(writes(linked)).toEqual([]);
});

it('the resource writes to an empty list only after "sonorancad register" in the console', async () => {
  const linked = await link({ cad: { servers: [other] }, config: { serverId: 3 } });
  linked.cad.faults.noServers = true;
  linked.host.ensure('sonorancad');
  await linked.laterUntil(() => linked.printed().includes('type "sonorancad register" into this server\'s console'));
  for (let time = 0; time < 20; time += 1) await linked.later(5_000);
  expect(writes(linked)).toEqual([]);
  expect(linked.cad.world.servers).toEqual([other]);
  Object.assign(linked.cad.faults, { noServers: false });
  linked.cad.world.servers = [];
  linked.host.execute('sonorancad register');
  await linked.laterUntil(() => linked.cad.world.servers.length > 0);
  expect(linked.cad.world.servers).toEqual([
    expect.objectContaining({ id: 3, listenerPort: String(linked.host.port) }),
  ]);
});

it('the resource remembers the list across a restart, and does not write to a shorter one', async () => {
  const linked = await link({ cad: { servers: [other, { ...other, id: 8 }] }, config: { serverId: 3 } });
  linked.cad.faults.next500 = Number.POSITIVE_INFINITY;
  linked.cad.faults.only = /^PUT /;
  linked.host.ensure('sonorancad');
  await linked.laterUntil(() => writes(linked).length > 0);
  linked.cad.faults.next500 = 0;
  linked.cad.world.servers = [other];
  linked.host.execute('restart sonorancad');
  await linked.laterUntil(() => linked.printed().includes('lacks 8 "Roleplay 2", which it had before'));
  expect(linked.cad.world.servers).toEqual([other]);
});

it.each([
  ['registration check', { registration: 'check' }, [unregisteredServer(1)]],
  ['disableOverride', { disableOverride: true }, [unregisteredServer(1)]],
  ['registration off', { registration: 'off' }, [unregisteredServer(1)]],
  ['registration add and an entry that differs', { registration: 'add' }, [{ ...registered(1), mapIp: '203.0.113.9' }]],
])('the resource writes nothing with %s, and reports the state of its entry', async (_what, config, servers) => {
  const linked = await link({ config, cad: { servers } });
  await linked.start();
  await linked.laterUntil(() => hasVerdict(linked));
  for (let time = 0; time < 10; time += 1) await linked.later(10_000);
  expect(writes(linked)).toEqual([]);
  expect(linked.cad.world.servers).toEqual(servers);
});

it('the resource corrects a different entry with registration auto', async () => {
  const linked = await link({
    config: { registration: 'auto' },
    cad: { servers: [other, { ...registered(1), mapIp: '203.0.113.9' }] },
  });
  await linked.start();
  await linked.laterUntil(() => linked.cad.world.servers[1]?.mapIp === '127.0.0.1');
  expect(linked.cad.world.servers).toEqual([other, registered(linked.host.port)]);
});

it('two servers that start together are both added to the list', async () => {
  const first = await link({ cad: { servers: [other, unregisteredServer(1), unregisteredServer(2)] } });
  const second = await link({ beside: first, config: { serverId: 2 } });
  const { cad } = first;
  // Delayed answers let both servers read the list before one of them writes it.
  cad.faults.slowMs = 20;
  for (const { host } of [first, second]) host.ensure('sonorancad');
  const portOf = (id: number) => cad.world.servers.find((server) => server.id === id)?.listenerPort;
  const areBothIn = () => portOf(1) === String(first.host.port) && portOf(2) === String(second.host.port);
  while (!areBothIn()) for (const { later } of [first, second]) await later(1_000);
  for (let time = 0; time < 15; time += 1) for (const { later } of [first, second]) await later(5_000);
  expect(areBothIn()).toBe(true);
  expect(cad.world.servers[0]).toEqual(other);
});

it('the resource retries registration when the CAD is unreachable at the start', async () => {
  const linked = await link();
  linked.cad.faults.refuseConnections = true;
  linked.host.ensure('sonorancad');
  await linked.laterUntil(
    () => linked.printed().includes('cannot be reached') || linked.printed().includes('does not answer'),
  );
  linked.cad.faults.refuseConnections = false;
  await linked.laterUntil(() => linked.cad.world.servers[0]?.listenerPort === String(linked.host.port), 2_000);
});
