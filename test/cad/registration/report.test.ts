import { describe, expect, it } from '@jest/globals';
import { createPretendCad, entryOf, errorOf } from './pretend-cad.ts';
import { finish, OWN_ADDRESS, pause, setUpRegistration } from './set-up-registration.ts';

const HEAD = 'The CAD sends push events to http://203.0.113.5:30120/sonorancad/event (server 1, "Server no. 1")';
const FOLDER = "The CAD calls /sonorancad/event, but this resource's folder is named cad2: rename it to sonorancad.";
const okOf = (report: { checks: readonly { name?: string; ok: boolean | null }[] }) =>
  Object.fromEntries(report.checks.map(({ name, ok }) => [name, ok]));

describe('Registration report', () => {
  it('prints one line with the URL for a right entry, and writes nothing', async () => {
    const cad = createPretendCad(entryOf(1), entryOf(2));
    const { registration, run, printed } = setUpRegistration(cad);
    expect([registration.report, registration.plan, registration.serverCount]).toEqual([null, -1, 1]);
    const report = await run();
    expect(printed()).toEqual([`info: ${HEAD}, which is this server.`]);
    expect(report).toMatchObject({ ok: true, url: 'http://203.0.113.5:30120/sonorancad/event' });
    const all = { key: true, plan: true, community: true, server: true, address: true, port: true, resource: true };
    expect(okOf(report)).toEqual(all);
    expect([registration.report, registration.plan, registration.serverCount]).toEqual([report, 3, 2]);
    expect(cad.requests.sort()).toEqual(['getCommunity', 'getServers', 'getVersion']);
  });

  it.each([
    [
      'another port',
      entryOf(1, { listenerPort: '30121' }),
      {},
      'The CAD sends push events to http://203.0.113.5:30121/sonorancad/event (server 1, "Server no. 1"), but this server listens on port 30120: set listenerPort to 30120 in the CAD\'s server settings, or registration to auto.',
    ],
    [
      'another address',
      entryOf(1, { mapIp: '198.51.100.9' }),
      {},
      'The CAD sends push events to http://198.51.100.9:30120/sonorancad/event (server 1, "Server no. 1"), but this server\'s public address is 203.0.113.5: set mapIp to 203.0.113.5 in the CAD\'s server settings, or registration to auto.',
    ],
    [
      'another address and port, with disableOverride',
      entryOf(1, { mapIp: '198.51.100.9', listenerPort: 30121 }),
      { disableOverride: true },
      'The CAD sends push events to http://198.51.100.9:30121/sonorancad/event (server 1, "Server no. 1"), but this server\'s public address is 203.0.113.5: set mapIp to 203.0.113.5 and listenerPort to 30120 in the CAD\'s server settings, or disableOverride to false and registration to auto.',
    ],
    [
      'another publicPort',
      entryOf(1),
      { publicPort: 40120 },
      `${HEAD}, but publicPort is 40120: set listenerPort to 40120 in the CAD's server settings, or registration to auto.`,
    ],
    [
      'another publicHost',
      entryOf(1),
      { publicHost: 'cad.example' },
      `${HEAD}, but mapIp is 203.0.113.5, while publicHost is cad.example, and the host name of the two could not be looked up: set mapIp to cad.example in the CAD's server settings.`,
    ],
    [
      'another community',
      entryOf(1),
      { communityID: 'theirs' },
      `${HEAD}, but communityID is "theirs", but the key belongs to the community "mycommunity": set communityID to "mycommunity", or apiKey to the key of "theirs".`,
    ],
    [
      'another community with an entry that differs',
      entryOf(1, { listenerPort: '' }),
      { communityID: 'theirs' },
      'communityID is "theirs", but the key belongs to the community "mycommunity": set communityID to "mycommunity", or apiKey to the key of "theirs".',
    ],
    [
      'no community',
      entryOf(1),
      { communityID: '' },
      `${HEAD}, but communityID is not set; the key's community is "mycommunity": set communityID to "mycommunity".`,
    ],
    [
      'an IPv6 publicHost',
      entryOf(1, { mapIp: '2001:DB8::1' }),
      { publicHost: '[2001:db8::1]' },
      'The CAD sends push events to http://[2001:DB8::1]:30120/sonorancad/event (server 1, "Server no. 1"), but publicHost is [2001:db8::1], but the CAD takes IPv4 addresses only: set publicHost to a public IPv4 address or a host name.',
    ],
    [
      'a private publicHost',
      entryOf(1, { mapIp: '192.168.1.5' }),
      { publicHost: '192.168.1.5' },
      'The CAD sends push events to http://192.168.1.5:30120/sonorancad/event (server 1, "Server no. 1"), but publicHost is 192.168.1.5, which cannot be reached from the internet: set publicHost to a public IPv4 address or a host name.',
    ],
    [
      'no entry',
      entryOf(2),
      { registration: 'check' },
      'Server 1 is not in the CAD\'s list: set serverId to one of its servers (2 "Server no. 2"), or registration to add.',
    ],
    [
      'an empty entry',
      entryOf(1, { mapIp: ' ', listenerPort: '' }),
      { registration: 'check' },
      `The CAD has no complete address of server 1, "Server no. 1": set mapIp to 203.0.113.5 and listenerPort to 30120 in the CAD's server settings, or registration to add.`,
    ],
  ] as const)('says what to change for %s', async (_what, entry, changes, line) => {
    const cad = createPretendCad(entry);
    const { run, printed } = setUpRegistration(cad, changes);
    expect((await run()).ok).toBe(false);
    expect(printed()).toEqual([`warn: ${line}`]);
    expect(cad.written).toEqual([]);
  });

  it.each([
    ['white space', entryOf(1, { mapIp: ' 203.0.113.5\n', listenerPort: ' 30120 ' }), {}],
    ['a port that is a number', entryOf(1, { listenerPort: 30120 }), {}],
    ['an id that is text', entryOf(1, { id: '1' }), {}],
    ['fields in another casing', { Id: 1, Name: 'Server no. 1', MapIp: '203.0.113.5', ListenerPort: '30120' }, {}],
    ['a community in another casing', entryOf(1), { communityID: ' MyCommunity' }],
    ['no communityID while only HTTP is used', entryOf(1), { communityID: '', transport: 'http' }],
    ['a public port that a router maps', entryOf(1, { listenerPort: '40120' }), { publicPort: 40120 }],
    ['a host name in another casing', entryOf(1, { mapIp: 'CAD.example' }), { publicHost: 'cad.example' }],
  ] as const)('finds no difference in %s', async (_what, entry, changes) => {
    const { run } = setUpRegistration(createPretendCad(entry), changes);
    expect((await run()).line).toMatch(/which is this server\.$/);
  });

  it('does not compare the address with the outgoing one when the entry says that they differ', async () => {
    const cad = createPretendCad(
      entryOf(1, { mapIp: '198.51.100.9', differingOutbound: true, outboundIp: OWN_ADDRESS }),
    );
    const report = await setUpRegistration(cad, { registration: 'auto' }).run();
    expect(report).toMatchObject({ ok: true, url: 'http://198.51.100.9:30120/sonorancad/event' });
    expect(report.line).toMatch(/with the port of this server\.$/);
    expect(cad.written).toEqual([]);
  });

  it('asks for publicHost when the public address is unknown, and writes no address', async () => {
    const cad = createPretendCad(entryOf(1, { mapIp: '' }));
    const askAddress = async () => null;
    const report = await setUpRegistration(cad, {}, { askAddress }).run();
    expect(report.line).toBe("mapIp is empty; this server's public address could not be found out: set publicHost.");
    cad.list = [entryOf(2)];
    expect((await setUpRegistration(cad, {}, { askAddress }).run()).line).toMatch(
      /or set publicHost and publicPort so that it can be added\.$/,
    );
    cad.list = [entryOf(1)];
    expect((await setUpRegistration(cad, { registration: 'auto' }, { askAddress }).run()).line).toMatch(
      /could not be found out: set publicHost\.$/,
    );
    expect(cad.written).toEqual([]);
  });

  it('with registration off, asks no service for the address, and does not warn', async () => {
    const cad = createPretendCad(entryOf(1, { mapIp: '198.51.100.9', listenerPort: '1' }));
    const askAddress = () => Promise.reject(new Error('asked'));
    const { run, printed } = setUpRegistration(cad, { registration: 'off' }, { askAddress });
    const report = await run();
    expect(okOf(report)).toMatchObject({ address: true, port: false });
    expect(printed()).toEqual([`info: ${report.line}`]);
  });

  it('warns of a wrong folder name, unless the official resource receives the events', async () => {
    const cad = createPretendCad(entryOf(1));
    const alone = setUpRegistration(cad, {}, { resourceName: 'cad2' });
    expect((await alone.run()).ok).toBe(false);
    expect(alone.printed()).toEqual([`info: ${HEAD}, which is this server.`, `warn: ${FOLDER}`]);
    const beside = await setUpRegistration(cad, {}, { resourceName: 'cad2', isBesideOfficial: () => true }).run();
    expect(beside.ok).toBe(true);
  });

  it('warns of a wrong folder name even with requests switched off', async () => {
    const cad = createPretendCad(entryOf(1));
    cad.isEnabled = false;
    const { run, printed } = setUpRegistration(cad, { apiSendEnabled: false }, { resourceName: 'sonorancad-5.0.0' });
    expect((await run()).checks.at(-1)).toEqual({
      name: 'resource',
      ok: false,
      text: "The CAD calls /sonorancad/event, but this resource's folder is named sonorancad-5.0.0.",
      fix: 'rename it to sonorancad',
    });
    expect(printed()).toEqual([
      expect.stringContaining('Nothing was asked of the CAD'),
      "warn: The CAD calls /sonorancad/event, but this resource's folder is named sonorancad-5.0.0: rename it to sonorancad.",
    ]);
    const beside = setUpRegistration(cad, {}, { resourceName: 'cad2', isBesideOfficial: () => true });
    expect(okOf(await beside.run())).toMatchObject({ resource: true });
    expect(beside.printed()).toHaveLength(1);
  });

  it('warns of a wrong folder name even with registration off', async () => {
    const cad = createPretendCad(entryOf(1));
    const { run, printed } = setUpRegistration(cad, { registration: 'off' }, { resourceName: 'cad2' });
    await run();
    expect(printed()).toEqual([expect.stringMatching(/^info: /), `warn: ${FOLDER}`]);
  });

  it('asks for endpoint_add_tcp while the port is unknown, and writes nothing', async () => {
    const cad = createPretendCad(entryOf(1, { listenerPort: '' }));
    const report = await setUpRegistration(cad, { registration: 'auto' }, { gamePort: 0 }).run();
    expect(report.line).toMatch(/port is not known yet: put endpoint_add_tcp before/);
    expect(cad.written).toEqual([]);
  });

  it("contains no control characters, even if the CAD's values do", async () => {
    const hostile = 'a"\u001b[31m^1\u202e\n';
    const cad = createPretendCad(entryOf(1, { name: hostile, mapIp: hostile, listenerPort: hostile }));
    cad.community = { ok: true, data: { comId: hostile, name: hostile } };
    cad.version = { ok: true, data: { version: 9, name: hostile } };
    const { run } = setUpRegistration(cad);
    const { line, checks } = await run();
    for (const text of [line, ...checks.flatMap((check) => [check.text, check.fix ?? ''])])
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}]|\^1/u);
  });

  it('reports only the key when the CAD refuses the key', async () => {
    const cad = createPretendCad(entryOf(1));
    cad.version = errorOf('key');
    const { run, printed } = setUpRegistration(cad);
    expect(okOf(await run())).toEqual({ key: false, resource: true });
    expect(printed()).toEqual(['error: The request was answered with "key".']);
    expect(cad.requests).toEqual(['getVersion']);
  });

  it('says which values to enter in the CAD when the plan does not include the list', async () => {
    const cad = createPretendCad(entryOf(1));
    cad.reads.push('plan');
    expect((await setUpRegistration(cad).run()).line).toBe(
      "The CAD's list of servers could not be read whole (The request was answered with \"plan\"), so this server's entry is not written: enter a server with id 1, mapIp 203.0.113.5 and listenerPort 30120 in the CAD's server settings.",
    );
  });

  it('sends nothing while requests are switched off, and gives the URL to enter', async () => {
    const cad = createPretendCad(entryOf(1));
    cad.isEnabled = false;
    const { run, printed } = setUpRegistration(cad, { apiSendEnabled: false });
    const report = await run();
    expect(report.ok).toBe(false);
    // Switched-off requests are the operator's choice, so the check is neither right nor wrong.
    expect(okOf(report)).toEqual({ api: null, resource: true });
    expect(report.checks.filter((check) => 'fix' in check)).toEqual([]);
    expect(printed()).toEqual([
      "info: Nothing was asked of the CAD, since apiSendEnabled is false: make sure that its server settings lead to http://<this server's address>:30120/sonorancad/event.",
    ]);
    expect(cad.requests).toEqual([]);
  });
});

describe('Registration, when the CAD is unreachable', () => {
  it('prints one line, and retries after growing waits until the CAD answers', async () => {
    const cad = createPretendCad(entryOf(1));
    cad.version = errorOf('unreachable');
    const { clock, run, printed } = setUpRegistration(cad);
    await run();
    for (const [times, seconds] of [9, 18, 36, 72, 144, 288, 540, 540].entries()) {
      await pause(clock, seconds * 1_000 - 1);
      expect(cad.requests).toHaveLength(times + 1);
      await pause(clock, 1);
      expect(cad.requests).toHaveLength(times + 2);
    }
    expect(printed()).toEqual([
      'warn: The request was answered with "unreachable"; this server\'s entry is checked again in 9 s.',
    ]);
    cad.version = { ok: true, data: { version: 0, name: 'FREE' } };
    await pause(clock, 600_000);
    expect(printed().slice(1)).toEqual([`info: ${HEAD}, which is this server.`]);
    expect(clock.waiting).toBe(0);
  });

  it('ends after ten retries, and prints one more line', async () => {
    const cad = createPretendCad(entryOf(1));
    cad.version = errorOf('unreachable');
    const { clock, run, printed, registration } = setUpRegistration(cad);
    await run();
    await pause(clock, 5_000_000);
    expect(cad.requests).toHaveLength(11);
    expect(printed().slice(1)).toEqual([
      'warn: The request was answered with "unreachable"; type "sonorancad reload" to check this server\'s entry again.',
    ]);
    expect([clock.waiting, registration.report?.ok]).toEqual([0, false]);
  });

  it.each(['refused', 'plan', 'limit', 'unreadable'] as const)(
    'does not retry after the error %s, and prints the command to try again',
    async (kind) => {
      const cad = createPretendCad(entryOf(1));
      cad.version = errorOf(kind);
      const { clock, run } = setUpRegistration(cad);
      expect((await run()).line).toBe(
        `The request was answered with "${kind}": type "sonorancad reload" to try again.`,
      );
      expect(clock.waiting).toBe(0);
    },
  );

  it('warns of a wrong folder name once, and not at each retry', async () => {
    const cad = createPretendCad(entryOf(1));
    cad.version = errorOf('unreachable');
    const { run, clock, printed } = setUpRegistration(cad, {}, { resourceName: 'cad2' });
    await run();
    await pause(clock, 600_000);
    expect(printed().filter((line) => line.includes('folder is named cad2'))).toHaveLength(1);
  });

  it('retries when only the list cannot be read', async () => {
    const cad = createPretendCad(entryOf(1));
    cad.reads.push('unreachable');
    const { registration, run, clock } = setUpRegistration(cad);
    expect((await run()).url).toBeNull();
    expect(registration.plan).toBe(3);
    await pause(clock, 10_000);
    expect(registration.report?.ok).toBe(true);
  });

  it('does not retry after check(), and announces no retry', async () => {
    const cad = createPretendCad(entryOf(1));
    cad.version = errorOf('unreachable');
    const { registration, clock } = setUpRegistration(cad);
    expect((await registration.check()).line).toBe('The request was answered with "unreachable".');
    expect(clock.waiting).toBe(0);
  });

  it('sends and prints nothing after stop()', async () => {
    const cad = createPretendCad(entryOf(1));
    cad.version = errorOf('unreachable');
    const { registration, run, clock, log } = setUpRegistration(cad);
    await run();
    registration.stop();
    log.lines.length = 0;
    const asked = cad.requests.length;
    await pause(clock, 1_200_000);
    await registration.run();
    expect([cad.requests.length, log.lines, clock.waiting]).toEqual([asked, [], 0]);
  });
});

describe('Registration.check', () => {
  it('reports the wanted changes, and writes and prints nothing', async () => {
    const cad = createPretendCad(entryOf(1, { listenerPort: '' }));
    const { registration, clock, log } = setUpRegistration(cad);
    const report = await finish(clock, registration.check());
    expect(report.checks.find(({ name }) => name === 'port')?.fix).toBe(
      'set listenerPort to 30120 in the CAD\'s server settings, or type "sonorancad reload" to have it written',
    );
    expect([cad.written, log.lines]).toEqual([[], []]);
  });
});
