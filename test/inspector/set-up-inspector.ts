import { createServer } from 'node:http';
import * as prometheus from 'prom-client';
import type { LinkStatus } from '../../src/cad/cad-link.ts';
import { createKeyRing } from '../../src/events/api-keys.ts';
import { receiveEvent } from '../../src/events/receive.ts';
import { Traffic } from '../../src/events/traffic.ts';
import type { DeadLetterInfo, LaneStatus } from '../../src/forward/forwarding-status.ts';
import type { SimulatedEvent } from '../../src/game/dispatch/event-steps.ts';
import { Players } from '../../src/game/players/players.ts';
import { State } from '../../src/game/state/state.ts';
import { createApp } from '../../src/http/app.ts';
import type { ApiError, Done } from '../../src/inspector/api-types.ts';
import { createInspector } from '../../src/inspector/create-inspector.ts';
import { Recorder } from '../../src/inspector/history.ts';
import { createRedaction } from '../../src/inspector/redaction.ts';
import type { Finding } from '../../src/lib/finding.ts';
import { HoldMeter } from '../../src/lib/hold-meter.ts';
import { createFakePlayerSource } from '../game/players/fake-player-source.ts';
import { openLocally } from '../local-server.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingLog } from '../recording-log.ts';

const KEY = 'a-key-for-testing';
/** With spaces: an operator may choose one of words. */
export const HEALTH_TOKEN = 'a token for testing';

const PAGE = '<!doctype html><style>b{color:red}</style><script>document.title = "1"</script>';

/** How a target is doing that nothing is wrong with. */
export function laneOf(target: string, more: Partial<LaneStatus> = {}): LaneStatus {
  const counts = { accepted: 0, recovered: 0, delivered: 0, unconfirmed: 0, unwanted: 0, deadLettered: 0, lost: 0 };
  return {
    ...{ target, url: `https://${target}.example/events`, state: 'open', reason: null, advice: null },
    ...{ queued: 0, setAside: 0, deadLetters: 0, bytes: 0, oldestMs: null, nextAttemptInMs: null },
    ...{ failuresInARow: 0, silent: false, reached: true, refusals: null },
    counts: { ...counts, lostDeadLetters: 0, dropped: 0, leftAlone: 0 },
    ...more,
  };
}

export function deadLetterOf(id: string, more: Partial<DeadLetterInfo> = {}): DeadLetterInfo {
  const about = { type: 'EVENT_911', reason: 'answered 500', receivedAt: 1, diedAt: 2, attempts: 7, size: 100 };
  return { id, target: 'bot', ...about, ...more };
}

/** The page's API behind a plain Node server, on a clock that stands still. */
export async function setUpInspector() {
  const clock = createManualClock();
  const log = createRecordingLog();
  const keys = createKeyRing([KEY]);
  const players = new Players(createFakePlayerSource({ 3: ['license:c'] }));
  const state = new State({ clock, players, emitsLegacy: () => false });
  const traffic = new Traffic(clock);
  const set = {
    isEnabled: true,
    recovering: false,
    apiKeys: [KEY] as readonly string[],
    prometheusLogin: null as { user: string; password: string } | null,
    targets: [] as LaneStatus[],
    deadLetters: [] as DeadLetterInfo[],
    /** Called before each dead letter is read. */
    searching: (): unknown => undefined,
    doctor: async (): Promise<readonly Finding[]> => [{ ok: true, text: 'The configuration is valid.' }],
    link: { session: { state: 'open' }, api: { endpoints: [] } } as object,
  };
  /** What forwarding and the game were told to do. */
  const done: unknown[][] = [];
  const holds = new HoldMeter(clock.monotonic);
  const recorder = new Recorder(clock, () => set.isEnabled);
  const store = { broken: false, unusedBecause: null, lastFlushMs: 0, longestFlushMs: 0, flushEveryMs: 2_000 };
  const redaction = createRedaction(keys, () => ['the-secret-of-a-target']);
  const inspector = createInspector({
    ...{ recorder, holds, clock, log, traffic },
    own: { name: 'sonorancad', readFile: () => PAGE, requirePrometheus: () => prometheus },
    address: { port: 30120, resourceName: 'sonorancad', addresses: [] },
    version: '5.0.0',
    live: {
      current: () => ({
        inspector: set.isEnabled,
        apiKeys: set.apiKeys,
        statusLabels: ['UNAVAILABLE', 'BUSY', 'AVAILABLE'],
        alerts: { discord: '', url: '' },
      }),
      shown: () => ({ file: 'config.json', keys: [], problems: [] }),
    },
    keys: () => keys,
    redaction: () => redaction,
    healthToken: () => HEALTH_TOKEN,
    prometheusLogin: () => set.prometheusLogin,
    peerLabel: () => (request) => `label of ${request.socket.remoteAddress}`,
    forwarding: {
      status: () => ({
        ...{ recovering: set.recovering, targets: set.targets, leaving: [], removed: [], stoppedLoops: 0 },
        store: { ...store, eventsInMemory: 0 },
      }),
      idleBecause: () => null,
      *newestDeadLetters(target, skip = 0) {
        const ofTarget = set.deadLetters.filter((each) => target === undefined || each.target === target);
        for (const letter of ofTarget.reverse().slice(skip)) {
          set.searching();
          yield letter;
        }
      },
      replay: (id, target) => done.push(['replay', id, target]) && 1,
      drop: (id, target) => done.push(['drop', id, target]) && 1,
      retry: (target) => done.push(['retry', target]) > 0 && target === 'bot',
    },
    link: { status: () => set.link as LinkStatus },
    doctor: { examine: () => set.doctor() },
    status: { run: () => ['sonorancad 5.0.0, running for 1 s'] },
    game: {
      state,
      players,
      dispatchSimulated: (simulated: SimulatedEvent) => done.push(['dispatch', simulated.event, simulated.body]),
    },
  });
  const app = createApp({
    ...{ version: '5.0.0', log, clock },
    keys: () => keys,
    readHops: () => ({ hops: 0, id: undefined }),
    intake: { accept() {}, refuse() {} },
    holds,
    answerHttpEvent: async () => ({ status: 'unhandled' }),
    healthToken: () => HEALTH_TOKEN,
    healthDetails: () => ({}),
    mask: (text) => text,
    peerLabel: () => () => '',
    routes: inspector.routes,
  });
  const server = await openLocally(createServer(app.callback()));
  let token = inspector.open();

  const ask = (path: string, init: RequestInit = {}) =>
    fetch(server.url + path, { headers: { authorization: `Bearer ${token}` }, ...init });
  return {
    ...{ clock, log, recorder, holds, state, traffic, inspector, set, done, server, ask },
    /** Takes another link. */
    open() {
      token = inspector.open();
    },
    /** An event comes in. */
    push(type: string, data: unknown, more: object = {}) {
      const raw = Buffer.from(JSON.stringify({ key: KEY, type, data, ...more }));
      const received = receiveEvent(raw, keys, 'http', clock.now());
      if (!received.accepted) throw new Error(received.reason);
      recorder.received(received.event, raw, 0);
      for (const step of state.stepsOf(received)) if ('commit' in step) step.commit();
      return received.event;
    },
    /** @returns status and what was answered */
    async get<Body = ApiError & Done>(path: string, method = 'GET'): Promise<[status: number, body: Body]> {
      const answer = await ask(path, { method, headers: { authorization: `Bearer ${token}` } });
      const text = await answer.text();
      return [answer.status, answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text];
    },
  };
}
