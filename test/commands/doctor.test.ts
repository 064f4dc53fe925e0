import { afterEach, describe, expect, it } from '@jest/globals';
import type { SessionStatus } from '../../src/cad/session/session.ts';
import { askHttp, checkTargets, Doctor, type DoctorParts, type TargetReport } from '../../src/commands/doctor.ts';
import { describeFindings, type Problem } from '../../src/lib/finding.ts';
import { listenerClock } from '../../src/listener/create-push-event-listener.ts';
import { type HttpTarget, startHttpTarget } from '../http-target.ts';
import { createManualClock } from '../manual-clock.ts';

const KEY = 'doctor-test-key-0123456789';
const HELLO = 'Sonoran CAD push events are received here by POST.';

let server: HttpTarget | undefined;
afterEach(() => server?.close());

type Answers = Readonly<Record<string, readonly [status: number, text: string]>>;

/** A game server that answers as it is told. @returns its port */
async function serve(answers: Answers): Promise<number> {
  server = await startHttpTarget((_request, response, { method, path }) => {
    const [status, text] = answers[`${method} ${path}`] ?? [404, ''];
    response.writeHead(status).end(text);
  });
  return server.port;
}

const answering = {
  ...{ reason: null, advice: null, reached: true, refusals: null },
  ...{ queued: 0, deadLetters: 0, counts: { delivered: 1 } },
};

const WELL: Answers = {
  'POST /sonorancad/event': [400, 'Invalid JSON'],
  'GET /sonorancad/event': [200, HELLO],
  'GET /info.json': [200, '{"vars":{}}'],
};

/** The parts of a doctor on a server where nothing is wrong. */
function partsOnPort(port: number) {
  const session = { since: 0, connectedAt: 0, lastEventAt: null, attempts: 0, nextAttemptInMs: null };
  return {
    address: { port, resourceName: 'sonorancad' },
    live: { current: () => ({ apiKeys: [KEY] }), problems: () => [] },
    link: {
      check: async () => ({
        url: `http://127.0.0.1:${port}/sonorancad/event`,
        checks: [{ ok: true, text: 'The CAD accepts the API key.' }],
      }),
      status: () => ({ session: { ...session, state: 'open', why: null } }),
    },
    forwarding: { problems: () => [], idleBecause: () => null, status: () => ({ targets: [] }) },
    clock: listenerClock,
  } satisfies DoctorParts;
}

interface Changes {
  readonly problems?: readonly Problem[];
  readonly apiKeys?: readonly string[];
  readonly cad?: Awaited<ReturnType<DoctorParts['link']['check']>>;
  readonly session?: Partial<SessionStatus>;
  readonly targets?: readonly TargetReport[];
  readonly idleBecause?: string;
}

async function look(answers: Answers | null, changes: Changes = {}): Promise<string> {
  const port = answers === null ? 2 : await serve(answers);
  const { live, link, forwarding, ...parts } = partsOnPort(port);
  const { problems = [], apiKeys = [KEY], cad, session, targets = [], idleBecause = null } = changes;
  const doctor = new Doctor({
    ...parts,
    live: { current: () => ({ apiKeys: [...apiKeys] }), problems: () => problems },
    link: {
      check: async () => cad ?? link.check(),
      status: () => ({ session: { ...link.status().session, ...session } }),
    },
    forwarding: { ...forwarding, idleBecause: () => idleBecause, status: () => ({ targets }) },
  });
  return describeFindings(await doctor.examine())
    .join('\n')
    .replaceAll(`:${port}`, ':<port>')
    .replaceAll(`port ${port}`, 'port <port>');
}

describe('the doctor', () => {
  it('finds nothing wrong where nothing is', async () => {
    expect(await look(WELL)).toBe(
      [
        '✓ The configuration is valid.',
        '✓ The CAD accepts the API key.',
        '✓ /sonorancad/event answers on port <port>.',
        '✓ http://127.0.0.1:<port>/sonorancad/event reaches this server from here.',
        '✓ Events come in over the session with the CAD, and by HTTP.',
        '✓ The server shows no API key in /info.json.',
        '✓ Nothing is forwarded.',
        'Nothing is wrong.',
      ].join('\n'),
    );
  });

  it('says what to do about each thing that is wrong', async () => {
    const found = await look(WELL, {
      problems: [{ level: 'warn', line: 'serverId in config.json is "x"; expected a whole number' }],
      cad: { url: null, checks: [{ ok: false, text: 'The CAD refused the key.', fix: 'Set apiKey.' }] },
      session: { state: 'waiting', why: 'The CAD refuses the session.', nextAttemptInMs: 60_000 },
      targets: [
        { ...answering, target: 'bot', reason: 'connection refused', advice: 'Start the bot.' },
        { ...answering, target: 'log' },
      ],
    });
    expect(found).toContain('✗ serverId in config.json is "x"; expected a whole number\n    → Correct it');
    expect(found).toContain('✗ The CAD refused the key.\n    → Set apiKey.');
    expect(found).toContain(
      '✗ Events come in by HTTP only. The CAD refuses the session. The session is tried again in 60 s.',
    );
    expect(found).toContain('✗ Events are not delivered to bot: connection refused.\n    → Start the bot.');
    expect(found).toContain('✓ Events are forwarded to log.');
    expect(found).toContain('4 of 8 checks found something wrong.');
  });

  it('says that no event comes in without an API key, whatever the session is like', async () => {
    const found = await look(WELL, {
      apiKeys: [],
      session: { state: 'off' },
    });
    expect(found).toContain(
      [
        '✗ No event comes in: there is no API key.',
        '    → set apiKey to the key that the CAD shows, then "sonorancad reload"',
      ].join('\n'),
    );
    expect(found).not.toContain('by HTTP only');
  });

  it('says why nothing is forwarded although that is configured in part', async () => {
    const why = 'pushEventForwardUrl is set, but enablePushEventForwarding is false: nothing is forwarded.';
    const found = await look(WELL, { idleBecause: why });
    expect(found).toContain(`– ${why}`);
    expect(found).not.toContain('✓ Nothing is forwarded.');
  });

  it('finds an API key that the server shows to everybody, in any case', async () => {
    const info = `{"vars":{"sonoran_apiKey":"${KEY.toUpperCase()}"}}`;
    const found = await look({ ...WELL, 'GET /info.json': [200, info] });
    expect(found).toContain('✗ The server shows an API key to everyone');
    expect(found).not.toContain(KEY);
    expect(found).not.toContain(KEY.toUpperCase());
  });

  it('does not blame what cannot be tested from inside', async () => {
    const found = await look(null);
    expect(found).toContain('– The game port <port> does not answer on this machine (ECONNREFUSED)');
    expect(found).toContain('is not testable from here (ECONNREFUSED)');
    expect(found).toContain('Nothing is wrong.');
  });

  it('sees an address in the CAD that is none', async () => {
    const url = 'http://203.0.113.5:301200/sonorancad/event';
    expect(await look(WELL, { cad: { url, checks: [] } })).toContain(
      [
        `✗ ${url} is not a valid address.`,
        "    → Correct the address (mapIp) and the port (listenerPort) in the CAD's server settings.",
      ].join('\n'),
    );
  });

  it('sees a build of the game server that loses the bodies of requests', async () => {
    const found = await look({ ...WELL, 'POST /sonorancad/event': [408, ''] });
    expect(found).toContain('✗ This build of FXServer does not hand the bodies of requests to scripts');
  });

  it('sees that something else answers', async () => {
    expect(await look({ ...WELL, 'POST /sonorancad/event': [404, ''] })).toContain('✗ Something else answers');
  });

  it('looks once for all who ask meanwhile, and again afterwards', async () => {
    let looks = 0;
    const parts = partsOnPort(await serve(WELL));
    const doctor = new Doctor({
      ...parts,
      link: {
        ...parts.link,
        async check() {
          looks += 1;
          return { url: null, checks: [] };
        },
      },
    });
    await Promise.all([doctor.examine(), doctor.examine()]);
    expect(looks).toBe(1);
    await doctor.examine();
    expect(looks).toBe(2);
  });
});

describe('a request of the doctor', () => {
  it.each(['http://two words:30120/', 'http://203.0.113.5:301200/', 'http://[::1/'])(
    'is not made to what is no address: %s',
    async (url) => {
      const reason = 'the address is invalid';
      expect(await askHttp({ url }, createManualClock())).toEqual({ answered: false, reason });
    },
  );

  it('ends after 5 s without an answer', async () => {
    const clock = createManualClock();
    server = await startHttpTarget(() => {});
    const outcome = askHttp({ url: `${server.url}/` }, clock);
    clock.advance(5_000);
    expect(await outcome).toEqual({ answered: false, reason: 'no answer in 5 s' });
  });
});

const well: TargetReport = {
  target: 'bot',
  reason: null,
  advice: null,
  reached: true,
  refusals: null,
  queued: 0,
  deadLetters: 0,
  counts: { delivered: 7 },
};

const lines = (changes: Partial<TargetReport>) =>
  describeFindings(checkTargets([{ ...well, ...changes }], 'cad2')).slice(0, -1);

const unsent = { reached: false, counts: { delivered: 0 } };

it.each<[string, Partial<TargetReport>, string[]]>([
  ['takes events', {}, ['✓ Events are forwarded to bot.']],
  ['was sent nothing yet', unsent, ['– Nothing was sent to bot yet, so it is not known whether it can be reached.']],
  [
    'was sent nothing since its address was changed',
    { reached: false },
    ['– Nothing was sent to bot since its settings were changed, so it is not known whether it can be reached.'],
  ],
  [
    'has not answered yet',
    { ...unsent, queued: 2 },
    ['– bot has not answered yet. Events waiting to be sent to it: 2.'],
  ],
  [
    'wants no event of those types',
    { counts: { delivered: 0 } },
    ['– bot answers, but has accepted none of the events sent to it so far.'],
  ],
  [
    'did not take the last event, though it is not parked',
    { reason: 'ECONNREFUSED', advice: 'start it', queued: 3 },
    ['✗ Events are not delivered to bot: ECONNREFUSED.', '    → start it'],
  ],
  ['failed in a way that nobody knows', { reason: 'ESOMETHING' }, ['✗ Events are not delivered to bot: ESOMETHING.']],
  [
    'refuses events for good',
    { counts: { delivered: 0 }, refusals: { count: 2, reason: 'answered 422' }, deadLetters: 2 },
    [
      '✗ bot refused 2 events (answered 422).',
      `    → see that server's own log; "cad2 forward replay all bot" sends them again`,
    ],
  ],
  [
    'refused events that have been dropped',
    { counts: { delivered: 0 }, refusals: { count: 2, reason: 'answered 422' } },
    ['– bot answers, but has accepted none of the events sent to it so far.'],
  ],
  [
    'has one event to come',
    { ...unsent, queued: 1 },
    ['– bot has not answered yet. Events waiting to be sent to it: 1.'],
  ],
  [
    'takes events, and has dead letters from before',
    { deadLetters: 1 },
    [
      '✓ Events are forwarded to bot.',
      '– Delivery to bot was given up for 1 event, kept as dead letters.',
      '    → see "cad2 forward list bot"; "cad2 forward replay all bot" sends them again',
    ],
  ],
])('the doctor says of a target that %s', (_what, changes, expected) => {
  expect(lines(changes)).toEqual(expected);
});
