import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { projectRoot } from '../../scripts/project-root.ts';
import type { LinkStatus } from '../../src/cad/cad-link.ts';
import { describeLink } from '../../src/commands/describe-link.ts';
import { type AskHttp, Doctor } from '../../src/commands/doctor.ts';
import { describeFindings } from '../../src/lib/finding.ts';
import { createPretendCad, entryOf } from '../cad/registration/pretend-cad.ts';
import { setUpRegistration } from '../cad/registration/set-up-registration.ts';
import { createManualClock } from '../manual-clock.ts';
import { setUpOperator } from './set-up-operator.ts';

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
const page = read('docs/commands.md');
const PROMPT = '> sonorancad ';

const license = (last: string) => `license:${last.padStart(40, '0')}`;

const round = { lastMs: 34_000, failure: null };
const endpoint = (name: string, left: number, perMinute: number) => {
  return { endpoint: name, left, perMinute, waiting: 0, underWay: 0 };
};

/** How the link to the CAD of the page stands. */
const linkAt = (now: number): LinkStatus => ({
  transport: 'auto',
  session: {
    state: 'open',
    why: null,
    since: now - 178_000,
    connectedAt: now - 178_000,
    lastEventAt: null,
    attempts: 0,
    nextAttemptInMs: null,
  },
  verdict: {
    ok: true,
    level: 'info',
    line: 'The CAD sends push events to http://203.0.113.7:30120/sonorancad/event (server 1, "Los Santos"), which is this server.',
    url: 'http://203.0.113.7:30120/sonorancad/event',
    checks: [],
  },
  api: {
    enabled: true,
    endpoints: [endpoint('getUnits', 2, 3), endpoint('getCalls', 4, 5)],
    waiting: 0,
    underWay: 0,
    lastSuccessAt: now - 34_000,
    lastFailure: null,
    nextTryInMs: null,
  },
  healing: { units: round, calls: round },
});

it('counts requests that wait in plain English', () => {
  const link = linkAt(0);
  const waiting = (count: number) =>
    describeLink({ ...link, api: { ...link.api, waiting: count } }, 0).filter((line) => line.includes('waiting'));
  expect([waiting(0), waiting(1), waiting(2)]).toEqual([
    [],
    ['API: requests waiting for their turn: 1'],
    ['API: requests waiting for their turn: 2'],
  ]);
});

/** The server of the page: two players, three units, two calls and a 911 call. */
function setUp() {
  const operator = setUpOperator(
    {
      3: [license('c'), 'steam:11000010000000c', 'ip:203.0.113.7'],
      4: [license('12'), 'steam:110000100000012'],
    },
    linkAt,
  );
  const { push, traffic, clock } = operator;
  const login = (id: number, unitNum: string, name: string, identity: string, status: number, isDispatch = false) =>
    push('EVENT_UNIT_LOGIN', { unit: { id, status, data: { apiIds: [identity], unitNum, name } }, isDispatch });
  clock.advance(90_000);
  login(12, '1-ADAM-12', 'Jim Reed', license('c'), 2);
  login(18, '1-KING-18', 'Pete Malloy', '76561197960265746', 3);
  login(40, 'DISPATCH-1', '', license('28'), 0, true);
  push('EVENT_DISPATCH_NEW', { dispatch: { callId: 501, priority: 1, title: 'Traffic collision', idents: [12, 18] } });
  push('EVENT_DISPATCH_NEW', { dispatch: { callId: 502, priority: 3, title: 'Someone sleeps on the bench' } });
  push('EVENT_911', {
    call: {
      callId: 302,
      caller: 'Lamar Davis',
      location: 'Forum Dr / Strawberry Ave',
      description: 'Someone is breaking into my car!',
    },
  });
  traffic.refused('wrong-key');
  traffic.refused('wrong-key');
  clock.advance(90_000);
  return operator;
}

it('the pages show what the commands answer', () => {
  const { run } = setUp();
  const samples = [...(page + read('docs/inspector.md')).matchAll(/```text\n(> .*?)```/gs)].map(
    ([, text = '']) => text,
  );
  expect(samples).toHaveLength(10);
  for (const sample of samples) {
    const commands = sample.split('\n').filter((line) => line.startsWith(PROMPT));
    const answers = commands.flatMap((line) => [line, ...run(line.slice(PROMPT.length))]);
    const withoutToken = (text: string) => text.replace(/#\S+/, '#');
    expect(withoutToken(`${answers.join('\n')}\n`)).toBe(withoutToken(sample));
  }
});

it('docs/commands.md lists every command as help does', () => {
  const listed = [...page.matchAll(/^\| `sonorancad (\w+)/gm)].map(([, word]) => word);
  const helped = setUp()
    .run('help')
    .map((line) => /^sonorancad (\w+)[^:]*: [^:]+$/.exec(line)?.[1]);
  expect(listed).toEqual(helped);
});

const connectionPage = read('docs/connection.md');

/** A game server that answers on its own port, and cannot call its public address. */
const ask: AskHttp = async ({ url, body }) => {
  if (!url.includes('127.0.0.1')) return { answered: false, reason: 'ECONNREFUSED' };
  return { answered: true, status: body === undefined ? 200 : 400, text: '' };
};

it('the page about the connection shows what the doctor prints', async () => {
  const { registration } = setUpRegistration(createPretendCad(entryOf(1, { name: 'Main', listenerPort: '30121' })));
  const open = { connectedAt: 0, lastEventAt: null, attempts: 0, nextAttemptInMs: null };
  const doctor = new Doctor({
    address: { port: 30120, resourceName: 'sonorancad' },
    live: { current: () => ({ apiKeys: ['a-key-of-the-community-0123456789'] }), problems: () => [] },
    link: {
      check: () => registration.check(),
      status: () => ({ session: { ...open, state: 'open', why: null, since: 0 } }),
    },
    forwarding: { problems: () => [], idleBecause: () => null, status: () => ({ targets: [] }) },
    clock: createManualClock(),
    ask,
  });
  expect(connectionPage).toContain(`\`\`\`\n${describeFindings(await doctor.examine()).join('\n')}\n\`\`\``);
});

it('the page about the connection shows what the console says of the registration', async () => {
  const { run } = setUpRegistration(createPretendCad(entryOf(1, { name: 'Main' })));
  expect(connectionPage).toContain(`| \`${(await run()).line}\` |`);
});
