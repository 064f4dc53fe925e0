import { setImmediate as pass } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SessionConfig } from '../../../src/cad/session/session.ts';
import { Session } from '../../../src/cad/session/session.ts';
import { createManualClock, type ManualClock } from '../../manual-clock.ts';
import { createRecordingLog } from '../../recording-log.ts';
import { createScriptedHub, type ScriptedHub } from './scripted-hub.ts';

const KEY = 'a-key-for-testing';
const CONFIGURED: SessionConfig = {
  transport: 'auto',
  apiSendEnabled: true,
  communityID: 'mycommunity',
  apiKeys: [KEY, 'another-key-for-testing'],
  serverId: 3,
  mode: 'production',
  apiUrl: '',
};

let clock: ManualClock;
let log: ReturnType<typeof createRecordingLog>;
let config: SessionConfig;
let configFault: string | null;
let mayConnect: boolean;
let isRegistering: boolean;
let random: number;
let received: unknown[];
let changes: boolean[];
let hub: ScriptedHub;
let session: Session;

function create(scripted: ScriptedHub): void {
  hub = scripted;
  session = new Session({
    config: () => config,
    configFault: () => configFault,
    mayConnect: () => mayConnect,
    isRegistering: () => isRegistering,
    receive: (payload) => received.push(payload),
    clock,
    random: () => random,
    log,
    loadHub: async () => scripted.open,
  });
  session.onChange((isOpen) => changes.push(isOpen));
}

/** Lets pending promises and callbacks run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await pass();
}

async function advance(milliseconds: number): Promise<void> {
  clock.advance(milliseconds);
  clock.pass();
  await settle();
}

async function open(): Promise<void> {
  session.applyConfig();
  await settle();
  expect(session.status().state).toBe('open');
}

beforeEach(() => {
  clock = createManualClock();
  log = createRecordingLog();
  config = CONFIGURED;
  mayConnect = true;
  isRegistering = false;
  configFault = null;
  random = 0;
  received = [];
  changes = [];
  create(createScriptedHub());
});

describe('Session.applyConfig', () => {
  it('connects to the hub of the configured system, and logs in with community, key and server', async () => {
    expect(session.status()).toMatchObject({ state: 'off', connectedAt: null, lastEventAt: null });
    session.applyConfig();
    expect(session.status()).toMatchObject({ state: 'connecting', why: null });
    await settle();
    expect(hub.last.options).toMatchObject({ url: 'https://api.sonorancad.com/apiWsHub', negotiates: false });
    expect(hub.last.invoked).toEqual([{ method: 'authenticatev2', args: ['mycommunity', KEY, 3] }]);
    expect(session.status()).toMatchObject({ state: 'open', why: null, connectedAt: clock.now(), attempts: 0 });
    expect(changes).toEqual([true]);
  });

  it.each([
    [{ mode: 'development' as const }, 'https://staging-api.dev.sonorancad.com/apiWsHub'],
    [{ apiUrl: 'http://127.0.0.1:4000' }, 'http://127.0.0.1:4000/apiWsHub'],
  ])('with %j, connects to %s', async (values, url) => {
    config = { ...CONFIGURED, ...values };
    await open();
    expect(hub.last.options.url).toBe(url);
  });

  it.each([
    [{ transport: 'http' as const }, 'transport is "http"'],
    // Registration prints this reason.
    [{ apiSendEnabled: false }, 'apiSendEnabled is false', 0],
    [{ communityID: '' }, 'Set communityID'],
    [{ apiKeys: [] }, 'Set apiKey', 0],
  ])('with %j, opens no session, and states the reason', async (values, why, lines = 1) => {
    config = { ...CONFIGURED, ...values };
    session.applyConfig();
    session.applyConfig();
    await settle();
    expect(hub.connections).toEqual([]);
    expect(session.status()).toMatchObject({ state: 'off', why: expect.stringContaining(why), nextAttemptInMs: null });
    expect(log.lines).toHaveLength(lines);
  });

  it('gives the unreadable configuration file as the reason when transport is http because of it', () => {
    config = { ...CONFIGURED, transport: 'http' };
    configFault = 'config.json cannot be read as JSON (line 2, column 1: it is empty)';
    session.applyConfig();
    expect(session.status().why).toBe(`There is no session with the CAD, because ${configFault}.`);
  });

  it('closes the session while the official resource runs, and opens one when it stops', async () => {
    await open();
    mayConnect = false;
    session.applyConfig();
    expect(hub.last.isClosed).toBe(true);
    expect(session.status()).toMatchObject({ state: 'off', why: expect.stringContaining('official resource') });
    expect(changes).toEqual([true, false]);
    mayConnect = true;
    await open();
    expect(hub.connections).toHaveLength(2);
  });

  it('logs in with the old method when the hub does not know the new one', async () => {
    for (const words of ["Unknown hub method 'authenticatev2'", 'HubException: Method does not exist.']) {
      create(createScriptedHub());
      hub.answer = (method) => {
        if (method === 'authenticatev2') throw new Error(words);
        return { success: true };
      };
      await open();
      expect(hub.last.invoked.map(({ method }) => method)).toEqual(['authenticatev2', 'authenticate']);
      expect(hub.last.invoked[1]?.args).toEqual(['mycommunity', KEY, 3]);
    }
  });

  it('negotiates after a failed direct connection, and keeps the way that worked', async () => {
    create(
      createScriptedHub(async (number) => {
        if (number === 1) throw new Error('refused');
      }),
    );
    session.applyConfig();
    await settle();
    await advance(1_000);
    expect(hub.connections.map(({ options }) => options.negotiates)).toEqual([false, true]);
    hub.last.options.lost('gone');
    await advance(2_000);
    expect(hub.last.options.negotiates).toBe(true);
    expect(session.status().state).toBe('open');
  });
});

describe('Session, for received events', () => {
  it('delivers them, and records the time of the last', async () => {
    await open();
    await advance(500);
    hub.last.options.received({ type: 'T' });
    hub.last.options.received('{"type":"T"}');
    expect(received).toEqual([{ type: 'T' }, '{"type":"T"}']);
    expect(session.status().lastEventAt).toBe(clock.now());
  });

  it('delivers those that arrive before the answer to the login after it', async () => {
    hub.answer = () => {
      hub.last.options.received('early');
      return { success: true };
    };
    await open();
    expect(received).toEqual(['early']);
  });

  it('buffers 1,000 before the login, and logs the number of dropped ones', async () => {
    hub.answer = () => {
      for (let count = 0; count < 1_003; count += 1) hub.last.options.received('early');
      return { success: true };
    };
    await open();
    expect(received).toHaveLength(1_000);
    expect(log.lines.filter(({ level }) => level === 'error')).toMatchObject([{ fields: { missed: 3 } }]);
  });

  it('discards those of a refused session', async () => {
    hub.answer = () => {
      hub.last.options.received('early');
      return { success: false };
    };
    session.applyConfig();
    await settle();
    hub.last.options.received('late');
    expect(received).toEqual([]);
  });

  it('discards those of a stopped or replaced session', async () => {
    await open();
    const first = hub.last;
    config = { ...CONFIGURED, serverId: 4 };
    await open();
    first.options.received('old');
    hub.last.options.received('new');
    session.stop();
    hub.last.options.received('late');
    expect(received).toEqual(['new']);
  });
});

describe('Session, when the connection is lost', () => {
  it('reconnects without a limit, after waits that grow to a minute', async () => {
    let mayStart = true;
    create(
      createScriptedHub(async () => {
        if (!mayStart) throw new Error('no way');
      }),
    );
    await open();
    await advance(20_000);
    mayStart = false;
    hub.last.options.lost('gone');
    const waits: (number | null)[] = [];
    for (let times = 0; times < 40; times += 1) {
      waits.push(session.status().nextAttemptInMs);
      await advance(session.status().nextAttemptInMs ?? 0);
    }
    expect(waits.slice(0, 7)).toEqual([1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 60_000]);
    expect(waits.slice(7)).toEqual(waits.slice(7).map(() => 60_000));
    expect(session.status()).toMatchObject({ state: 'waiting', attempts: 41 });
    mayStart = true;
    await advance(60_000);
    expect(session.status()).toMatchObject({ state: 'open' });
    expect(changes).toEqual([true, false, true]);
    expect(hub.last.invoked[0]?.method).toBe('authenticatev2');
  });

  it('adds up to a quarter to the wait, so that servers do not reconnect together', async () => {
    random = 1;
    await open();
    hub.last.options.lost('gone');
    expect(session.status().nextAttemptInMs).toBe(1_250);
  });

  it('lengthens the wait after each immediate loss, and resets it after an event or 10 s', async () => {
    await open();
    const loseAndWait = async () => {
      hub.last.options.lost('gone');
      const { nextAttemptInMs } = session.status();
      await advance(nextAttemptInMs ?? 0);
      return nextAttemptInMs;
    };
    expect([await loseAndWait(), await loseAndWait(), await loseAndWait()]).toEqual([1_000, 2_000, 5_000]);
    hub.last.options.received('an event');
    expect([await loseAndWait(), await loseAndWait()]).toEqual([1_000, 2_000]);
    await advance(10_000);
    expect(await loseAndWait()).toBe(1_000);
  });

  it('logs each loss of an open session, even if it was open only for a moment', async () => {
    await open();
    for (const reason of ['gone', 'taken over']) {
      hub.last.options.lost(reason);
      await advance(2_000);
    }
    const told = log.lines.filter(({ level }) => level !== 'debug').map(({ level, fields }) => fields?.reason ?? level);
    expect(told).toEqual(['info', 'gone', 'info', 'taken over', 'info']);
  });

  it('logs repeated failures once', async () => {
    create(
      createScriptedHub(async () => {
        throw new Error('no way');
      }),
    );
    session.applyConfig();
    await settle();
    for (let times = 0; times < 10; times += 1) await advance(60_000);
    const told = log.lines.filter(({ level }) => level !== 'debug');
    expect(told).toMatchObject([{ level: 'warn', fields: { reason: 'no way', nextTryInSeconds: 1 } }]);
  });
});

describe('Session, when the CAD does not answer', () => {
  it('ends the attempt after 15 s of connecting', async () => {
    create(createScriptedHub(() => new Promise(() => {})));
    session.applyConfig();
    await settle();
    await advance(14_999);
    expect(session.status().state).toBe('connecting');
    await advance(1);
    expect(session.status()).toMatchObject({ state: 'waiting', attempts: 1 });
    expect(hub.last.isClosed).toBe(true);
  });

  it('ends the attempt after 10 s of logging in', async () => {
    hub.answer = () => new Promise(() => {});
    session.applyConfig();
    await settle();
    await advance(10_000);
    expect(session.status()).toMatchObject({ state: 'waiting', attempts: 1 });
    expect(hub.last.isClosed).toBe(true);
    await advance(1_000);
    expect(hub.last.options.negotiates).toBe(false);
  });

  it('accepts an answer that arrived during a hitch of the game, and loses no event', async () => {
    const { promise, resolve } = Promise.withResolvers<object>();
    hub.answer = () => promise;
    session.applyConfig();
    await settle();
    // After a hitch, the timer runs before the socket is read.
    clock.advance(10_000);
    resolve({ success: true });
    hub.last.options.received('behind the answer');
    await settle();
    clock.pass();
    expect(session.status()).toMatchObject({ state: 'open', attempts: 0 });
    expect(received).toEqual(['behind the answer']);
  });

  it('opens no connection when it is stopped while the hub module is loading', async () => {
    const { promise, resolve } = Promise.withResolvers<typeof hub.open>();
    const slow = new Session({
      config: () => config,
      mayConnect: () => true,
      receive: () => {},
      clock,
      random: () => 0,
      log,
      loadHub: () => promise,
    });
    slow.applyConfig();
    slow.stop();
    resolve(hub.open);
    await settle();
    expect(hub.connections).toEqual([]);
  });
});

describe('Session, when the CAD refuses the login', () => {
  beforeEach(() => {
    hub.answer = () => ({ success: false, error: `Invalid API key ${KEY}.`, count: 0 });
  });

  it('retries after a minute, and then after waits of up to ten minutes', async () => {
    session.applyConfig();
    await settle();
    const waits: (number | null)[] = [];
    for (let times = 0; times < 6; times += 1) {
      waits.push(session.status().nextAttemptInMs);
      await advance(session.status().nextAttemptInMs ?? 0);
    }
    expect(waits).toEqual([60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
    expect(hub.connections.every(({ isClosed }) => isClosed)).toBe(true);
  });

  it('retries at once when registration has ended with an entry, and only if the session was refused', async () => {
    session.registrationEnded(true);
    expect(hub.connections).toHaveLength(0);
    session.applyConfig();
    await settle();
    session.registrationEnded(true);
    await settle();
    expect(hub.connections).toHaveLength(2);
    hub.answer = () => ({ success: true, error: null, count: 0 });
    session.registrationEnded(true);
    await settle();
    expect(session.status().state).toBe('open');
    session.registrationEnded(true);
    expect(hub.connections).toHaveLength(3);
  });

  it('logs no refusal while registration is running, and opens when the entry is added', async () => {
    isRegistering = true;
    session.applyConfig();
    await settle();
    expect(session.status().state).toBe('waiting');
    isRegistering = false;
    hub.answer = () => ({ success: true, error: null, count: 0 });
    session.registrationEnded(true);
    await settle();
    expect(session.status().state).toBe('open');
    expect(log.lines.filter(({ level }) => level !== 'debug')).toMatchObject([{ level: 'info' }]);
  });

  it('retries and logs the refusal when registration has ended without an entry', async () => {
    isRegistering = true;
    session.applyConfig();
    await settle();
    isRegistering = false;
    session.registrationEnded(false);
    await settle();
    session.registrationEnded(false);
    await settle();
    expect(hub.connections).toHaveLength(2);
    const reported = log.lines.filter(({ level }) => level !== 'debug');
    expect(reported).toMatchObject([
      { level: 'error', message: expect.stringContaining('The CAD refused the session') },
    ]);
  });

  it('logs the refusal once, with advice and without the key', async () => {
    session.applyConfig();
    await settle();
    await advance(60_000);
    const { why } = session.status();
    expect(why).toMatch(/^The CAD refused the session: set communityID, apiKey and serverId [^.]*\.$/);
    const told = log.lines.filter(({ level }) => level !== 'debug');
    expect(told).toMatchObject([
      { level: 'error', message: why, fields: { reason: 'Invalid API key (API key removed).' } },
    ]);
    expect(JSON.stringify(log.lines)).not.toContain(KEY);
  });

  it.each([
    [
      'throws an error',
      () => {
        throw new Error('HubException: Community is suspended.');
      },
      'Community is suspended.',
    ],
    ['answers nothing', () => null, 'no reason was given'],
  ])('counts the login as refused when the hub %s', async (_what, answer, reason) => {
    hub.answer = answer;
    session.applyConfig();
    await settle();
    expect(session.status()).toMatchObject({ state: 'waiting', nextAttemptInMs: 60_000 });
    expect(log.lines.at(-1)?.fields).toMatchObject({ reason });
  });

  it('counts the login as failed, not as refused, when the connection is lost', async () => {
    hub.answer = () => {
      throw new Error('Invocation canceled due to the underlying connection being closed.');
    };
    session.applyConfig();
    await settle();
    expect(session.status()).toMatchObject({ state: 'waiting', nextAttemptInMs: 1_000 });
  });

  it('retries at once when the key changes', async () => {
    session.applyConfig();
    await settle();
    session.applyConfig();
    await settle();
    expect(hub.connections).toHaveLength(1);
    config = { ...CONFIGURED, apiKeys: ['a-new-key-for-testing'] };
    hub.answer = () => ({ success: true });
    await open();
    expect(hub.last.invoked[0]?.args).toEqual(['mycommunity', 'a-new-key-for-testing', 3]);
    expect(clock.waiting).toBe(1);
  });
});

describe('Session, after a change', () => {
  it('keeps the session when its configuration is equal', async () => {
    await open();
    config = { ...CONFIGURED, apiKeys: [KEY] };
    session.applyConfig();
    await settle();
    expect(hub.connections).toHaveLength(1);
  });

  it.each([
    [{ communityID: 'another' }],
    [{ serverId: 4 }],
    [{ mode: 'development' as const }],
    [{ apiKeys: ['a-new-key-for-testing'] }],
  ])('reopens the session with %j', async (values) => {
    await open();
    const [first] = hub.connections;
    config = { ...CONFIGURED, ...values };
    await open();
    expect(first?.isClosed).toBe(true);
    expect(hub.connections).toHaveLength(2);
    expect(changes).toEqual([true, false, true]);
  });

  it.each([
    ['connecting', () => new Promise<void>(() => {})],
    ['open', () => Promise.resolve()],
    ['waiting', () => Promise.reject(new Error('no way'))],
  ])('stops permanently while it is %s, and leaves no timer behind', async (state, start) => {
    create(createScriptedHub(start));
    session.applyConfig();
    await settle();
    expect(session.status().state).toBe(state);
    session.stop();
    expect(session.status()).toMatchObject({ state: 'off', nextAttemptInMs: null });
    expect(hub.last.isClosed).toBe(true);
    expect(clock.waiting).toBe(0);
    session.applyConfig();
    await advance(100_000);
    expect(hub.connections).toHaveLength(1);
  });
});

describe('Session.sendUnitLocations', () => {
  const update = { identId: 1, location: 'Alta Street' };

  it('sends the locations while the session is open', async () => {
    expect(await session.sendUnitLocations([update])).toBe(false);
    await open();
    const sent = session.sendUnitLocations([update]);
    await advance(0);
    expect(await sent).toBe(true);
    expect(hub.last.invoked.at(-1)).toEqual({ method: 'unitLocation', args: [[update]] });
  });

  it('drops waiting locations when the session is lost', async () => {
    await open();
    const sent = session.sendUnitLocations([update]);
    hub.last.options.lost('gone');
    expect(await sent).toBe(false);
    await advance(2_000);
    expect(hub.last.invoked.map(({ method }) => method)).toEqual(['authenticatev2']);
  });
});
