import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startNats } from '../../scripts/nats-server.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { SOURCE_FLAGS } from '../child-program.ts';
import { beginLife, type ServerLife } from '../crash/server-life.ts';
import { openBroker } from '../nats-stream.ts';
import { startProxy } from './frozen-connections.ts';
import type { WorkerOrders } from './worker-process.ts';

export interface ChaosOptions {
  readonly gameServers: number;
  readonly workers: number;
  /** The number of events that are posted to each game server. */
  readonly eventsEach: number;
  /** Wait between two events for the same game server. By default there is none. */
  readonly postEveryMs?: number;
  /** The deaths to cause, one after the other. */
  readonly deaths: readonly Death[];
  /** Wait before each death. */
  readonly deathEveryMs: number;
  /** Returns a number from 0 to below 1, as `Math.random`. */
  random(): number;
}

/** A part of the cluster that is killed and restarted, or frozen for a while. */
export type Death = 'broker' | 'worker' | 'game server' | 'frozen connection';

/** An event that a worker has handled. */
export interface HandledEvent {
  readonly server: number;
  readonly number: number;
  readonly id: string;
  /** When the handler finished, in milliseconds since 1970. */
  readonly at: number;
}

const KEY = 'a-key-for-testing';
const ACK_WAIT_MS = 2_000;
/** Time without a newly handled event after which the missing events count as lost. */
const LOST_AFTER_MS = 60_000;
const toEventName = ({ server, number }: { readonly server: number; readonly number: number }) => `${server}/${number}`;

/** Posts events to game servers while parts of the cluster die, and collects which events workers have handled. */
export async function chaosRun(options: ChaosOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-chaos-'));
  const journal = join(folder, 'handled');
  const nats = await startNats();
  const proxy = await startProxy(() => nats.port);
  const url = `nats://127.0.0.1:${proxy.port}`;
  const answered: string[] = [];
  const gameServers: (ServerLife | null)[] = [];
  const workers: ChildProcess[] = [];
  const countUpTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  let isPosting = true;
  /** The deaths so far, with their time in milliseconds since 1970. */
  const deaths: { readonly of: Death; readonly at: number }[] = [];

  async function startGameServer(server: number): Promise<ServerLife> {
    const serverFolder = join(folder, `game-${server}`);
    const orders = {
      root: join(serverFolder, 'root'),
      resource: join(serverFolder, 'sonorancad'),
      plan: null,
      powerLoss: false,
    };
    const life = await beginLife({ ...orders, journal: join(serverFolder, 'journal') });
    gameServers[server] = life;
    return life;
  }

  async function startWorker(index: number): Promise<void> {
    const orders: WorkerOrders = { servers: url, order: 'server', ackWaitMs: ACK_WAIT_MS, handlingMs: 0, journal };
    const child = fork(join(import.meta.dirname, 'worker-process.ts'), [JSON.stringify(orders)], {
      execArgv: SOURCE_FLAGS,
    });
    workers[index] = child;
    await once(child, 'message');
  }

  /** Posts the events of one game server one at a time, so that the server receives them in order. */
  async function postEvents(server: number): Promise<void> {
    for (const number of countUpTo(options.eventsEach)) {
      const life = gameServers[server];
      const body = JSON.stringify({ key: KEY, type: 'EVENT_NUMBERED', data: { server, number } });
      if (life && !life.isOver && (await life.post(body))) answered.push(toEventName({ server, number }));
      else await sleep(50);
      if (options.postEveryMs !== undefined) await sleep(options.postEveryMs);
    }
  }

  const causeDeath: Readonly<Record<Death, () => Promise<void>>> = {
    async broker() {
      await nats.kill();
      await sleep(200);
      await nats.start();
    },
    async worker() {
      const index = Math.floor(options.random() * options.workers);
      workers[index]?.kill('SIGKILL');
      await startWorker(index);
    },
    async 'game server'() {
      const server = Math.floor(options.random() * options.gameServers);
      await gameServers[server]?.kill();
      await startGameServer(server);
    },
    async 'frozen connection'() {
      const thaw = proxy.freezeOne(options.random());
      await sleep(1_500);
      thaw();
    },
  };

  async function causeDeaths(): Promise<void> {
    for (const death of options.deaths) {
      if (!isPosting) return;
      await sleep(options.deathEveryMs);
      deaths.push({ of: death, at: Date.now() });
      await causeDeath[death]();
    }
  }

  try {
    const broker = await openBroker(nats.url);
    await broker.addStream();
    await broker.close();
    const servers = countUpTo(options.gameServers).map((server) => server - 1);
    for (const server of servers) writeResource(join(folder, `game-${server}`, 'sonorancad'), server, url);
    await Promise.all(servers.map(startGameServer));
    await Promise.all(countUpTo(options.workers).map((worker) => startWorker(worker - 1)));
    const dying = causeDeaths();
    await Promise.all(servers.map(postEvents));
    isPosting = false;
    await dying;
    const handled = await waitUntilHandled(journal, answered);
    const missing = findMissing(answered, handled);
    return {
      answered,
      handled,
      deaths,
      missing,
      state: missing.length === 0 ? null : await locateEvents(nats.url, gameServers),
    };
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    for (const life of gameServers) await life?.kill();
    await proxy.close();
    await nats.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function readHandled(journal: string): HandledEvent[] {
  const lines = existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').slice(0, -1) : [];
  return lines.map((line) => {
    const [server, number, id = '', at] = line.split(' ');
    return { server: Number(server), number: Number(number), id, at: Number(at) };
  });
}

function findMissing(answered: readonly string[], handled: readonly HandledEvent[]): string[] {
  const handledNames = new Set(handled.map(toEventName));
  return answered.filter((name) => !handledNames.has(name));
}

/** Waits until every answered event is handled, or no event was handled for a minute. */
async function waitUntilHandled(journal: string, answered: readonly string[]): Promise<HandledEvent[]> {
  let handled: HandledEvent[] = [];
  for (let since = performance.now(); performance.now() - since < LOST_AFTER_MS; ) {
    const before = handled.length;
    handled = readHandled(journal);
    if (findMissing(answered, handled).length === 0) break;
    if (handled.length > before) since = performance.now();
    await sleep(100);
  }
  return handled;
}

/** Collects the state of queues, stream and consumers, which shows where missing events are. */
async function locateEvents(url: string, gameServers: readonly (ServerLife | null)[]) {
  const broker = await openBroker(url);
  const consumers = await broker.manager.consumers.list('sonoran').next();
  const stored: Record<string, number> = {};
  for (const { text } of await broker.messages()) {
    const { server, number } = JSON.parse(text).data;
    stored[server] = number;
  }
  await broker.close();
  const lanes = consumers.map(({ name, delivered, ack_floor, num_pending, num_ack_pending, num_waiting }) => ({
    ...{ name, delivered, ack_floor, num_pending, num_ack_pending, num_waiting },
  }));
  const queues = await Promise.all(gameServers.map(async (life) => (await life?.status())?.targets[0]));
  return { lanes, stored, queues };
}

function writeResource(path: string, serverId: number, url: string): void {
  mkdirSync(join(path, 'resource'), { recursive: true });
  const files = [
    'fxmanifest.lua',
    'resource/exports.lua',
    'resource/server.js',
    'resource/client.js',
    'resource/nats.cjs',
  ];
  for (const file of files) {
    cpSync(join(projectRoot, file), join(path, file));
  }
  const target = { name: 'network', url, stream: 'sonoran', timeoutMs: 1_000 };
  const config = {
    ...{ apiKey: KEY, apiSendEnabled: false, serverId: serverId + 1, enablePushEventForwarding: true },
    ...{ pushEventForwardTargets: [target], pushEventForwardRetrySeconds: [0.2] },
  };
  writeFileSync(join(path, 'config.json'), JSON.stringify(config));
}
