import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { KEY } from '../../serve-resource.ts';
import { until } from '../../until.ts';
import { closeLinks, type Linked, link, register } from './set-up.ts';

afterEach(closeLinks);

let linked: Linked;

beforeEach(async () => {
  linked = await link();
  register(linked);
  linked.host.addPlayer();
});

/** Runs a command. @returns its output, with times and ports replaced by placeholders */
async function printedBy(command: string, end: RegExp): Promise<string[]> {
  const before = linked.printed().length;
  linked.host.execute(command);
  await until(() => end.test(linked.printed().slice(before)));
  return linked
    .printed()
    .slice(before)
    .trim()
    .replaceAll(String(linked.host.port), '<port>')
    .replaceAll(new URL(linked.cad.url).host, '<cad>')
    .replaceAll(/\b\d+ (?:ms|s|min|h)\b/g, '<time>')
    .split('\n');
}

const ENTRY =
  'The CAD sends push events to http://127.0.0.1:<port>/sonorancad/event (server 1, "Server 1"), but publicHost is 127.0.0.1, which cannot be reached from the internet: set publicHost to a public IPv4 address or a host name.';

it('the status command reports the transport, the session and the resync', async () => {
  await linked.start();
  await linked.laterUntil(() => linked.printed().includes('The CAD sends push events'));
  await linked.cad.push('EVENT_TONE', { url: 'https://cad.example/a.mp3', playTonesTo: [] });
  while ((await linked.health()).received.ways.length === 0);
  await linked.later(61_000);
  const lines = await printedBy('sonorancad status', /config: .*/);
  expect(lines).toEqual([
    'sonorancad 5.0.0, running for <time>',
    'received by WebSocket: 1, the last <time> ago',
    'by type: EVENT_TONE 1',
    'refused: nothing',
    'forwarding: no target',
    'known: 0 units, 0 dispatch calls (and 0 closed), 0 911 calls, 0 dispatchers',
    'players: 1, 0 matched with a unit',
    'notifications: native (chosen by auto)',
    'transport: Events come in over the session with the CAD, and by HTTP.',
    'session: open for <time>',
    `registration: ${ENTRY}`,
    expect.stringMatching(/^API: left this minute: getVersion \d+ of 10, .*getUnits \d of 3.*getCalls \d of 5/),
    "units: compared with the CAD's <time> ago",
    "calls: compared with the CAD's <time> ago",
    'config: nothing is wrong with it',
  ]);
});

it('the doctor command checks everything, and says what to do about a finding', async () => {
  await linked.start();
  await linked.laterUntil(() => linked.printed().includes('The CAD sends push events'));
  expect(await printedBy('sonorancad doctor', /checks found|Nothing is wrong/)).toEqual([
    '✓ The configuration is valid.',
    '✓ The CAD accepts the API key.',
    '✓ The community\'s plan is "PLUS".',
    '✓ communityID is the key\'s community, "mycommunity".',
    '✓ Server 1 is "Server 1" in the CAD\'s list.',
    '✗ publicHost is 127.0.0.1, which cannot be reached from the internet.',
    '    → set publicHost to a public IPv4 address or a host name',
    '✓ listenerPort is <port>, and this server listens on port <port>.',
    '✓ The resource has the name that the CAD calls.',
    '✓ /sonorancad/event answers on port <port>.',
    '✓ http://127.0.0.1:<port>/sonorancad/event reaches this server from here.',
    '✓ Events come in over the session with the CAD, and by HTTP.',
    '✓ The server shows no API key in /info.json.',
    '✓ Nothing is forwarded.',
    '1 of 13 checks found something wrong.',
  ]);
});

it('the doctor command reports a refused key, a wrong port and a missing session', async () => {
  linked.cad.world.servers = [{ ...linked.cad.world.servers[0], id: 1, listenerPort: '9' }];
  await linked.start();
  const port = await printedBy('sonorancad doctor', /checks found/);
  expect(port).toContainEqual(
    expect.stringMatching(/^✗ listenerPort is 9, (?:and|but) this server listens on port <port>\.$/),
  );
  linked.cad.faults.refuseAuth = true;
  linked.cad.dropSessions();
  await linked.laterUntil(() => linked.printed().includes('The CAD refused the session'));
  const refused = await printedBy('sonorancad doctor', /\d+ of \d+ checks found[^\n]*$/);
  expect(refused.filter((line) => /^✗|→/.test(line))).toEqual([
    "✗ The CAD refused the API key (401): put the key from the community's admin settings into apiKey. The CAD says: Invalid API key.",
    '    → set apiKey to the key that the CAD shows',
    '✗ Events come in by HTTP only. The CAD refused the session: set communityID, apiKey and serverId as they are in the CAD. The session is tried again in <time>.',
  ]);
});

it('the API key appears in no output, and in no request except in its documented places', async () => {
  linked.host.setConvar('sonoran_debugMode', 'true');
  await linked.start();
  linked.cad.faults.refuseAuth = true;
  linked.cad.dropSessions();
  await linked.laterUntil(() => linked.printed().includes('The CAD refused the session'));
  await printedBy('sonorancad status', /config: .*/);
  await printedBy('sonorancad doctor', /checks found/);
  const outputs = [
    linked.host.lines.join('\n'),
    JSON.stringify(await linked.health()),
    JSON.stringify(linked.cad.requests),
  ];
  for (const output of outputs) expect(output).not.toContain(KEY);
  // The fake CAD records `(key)` for a key in hub arguments. Only the login may contain one.
  const shown = linked.cad.requests.filter((request) => JSON.stringify(request).includes('(key)'));
  expect([...new Set(shown.map(({ path }) => path))]).toEqual(['/apiWsHub/authenticatev2']);
});

it('GET /health includes the link only for requests with the token', async () => {
  await linked.start();
  const { body } = await linked.host.request('sonorancad', { path: '/health' });
  expect(JSON.parse(body.toString())).toEqual({ status: 'ok', version: '5.0.0' });
  expect((await linked.health()).link).toMatchObject({
    transport: 'auto',
    session: { state: 'open', why: null, attempts: 0 },
    api: { enabled: true, lastFailure: null, nextTryInMs: null },
    healing: { units: { failure: null }, calls: { failure: null } },
  });
});
