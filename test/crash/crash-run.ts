import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../scripts/project-root.ts';
import type { ForwardingStatus } from '../../src/forward/forwarding-status.ts';
import { numberedEventsOf, startHttpTarget } from '../http-target.ts';
import type { KillPlan } from './kill-points.ts';
import { beginLife, type ServerLife } from './server-life.ts';

export interface CrashRunOptions {
  /** One for each life but the last. In a life without target the target hangs up. */
  readonly lives: readonly (KillPlan & { readonly targetDown?: boolean })[];
  /** How many events are posted in all. */
  readonly events: number;
  readonly powerLoss?: boolean;
  /** Milliseconds between two events of a poster, but in the last life; none unless given. */
  readonly everyMs?: number;
}

/** What became of the events. */
export interface CrashRun {
  /** Signals that ended the lives. */
  readonly signals: readonly (string | null)[];
  /** Numbers of the events that were answered `ok`. */
  readonly answered: readonly number[];
  /** Those of them that the target never got. */
  readonly missing: readonly number[];
  /** By number, the webhook-id of each time it came to the target. */
  readonly ids: ReadonlyMap<number, readonly string[]>;
  /** What each killed life has stored, as webhook-ids: what a flush has made safe, and what came after it. */
  readonly stored: readonly { readonly flushed: readonly string[]; readonly unflushed: readonly string[] }[];
  /** As the last life has it, after all was delivered. */
  readonly status: ForwardingStatus;
}

const KEY = 'a-key-for-testing';
/** The CAD posts several events at a time. */
const POSTERS = 4;
const PATIENCE_MS = 15_000;

/** Posts events to a server that is killed again and again over the same data, and looks what the target has got. */
export async function crashRun(options: CrashRunOptions): Promise<CrashRun> {
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-crash-'));
  const target = await startHttpTarget();
  const answered: number[] = [];
  const signals: (string | null)[] = [];
  const stored: CrashRun['stored'][number][] = [];
  let next = 1;
  let life: ServerLife | null = null;

  async function postFrom(server: ServerLife, everyMs: number): Promise<void> {
    while (!server.isOver && next <= options.events) {
      const number = next;
      next += 1;
      if (await server.post(event(number))) answered.push(number);
      else if (!server.isOver) await server.ended;
      if (everyMs > 0) await sleep(everyMs);
    }
  }

  async function live(plan: CrashRunOptions['lives'][number] | null, journal: string): Promise<ServerLife> {
    target.down = plan?.targetDown ?? false;
    const resource = join(folder, 'sonorancad');
    const orders = { root: join(folder, 'root'), resource, plan, powerLoss: options.powerLoss ?? false, journal };
    const server = await beginLife(orders);
    life = server;
    const everyMs = plan === null ? 0 : (options.everyMs ?? 0);
    await Promise.all(Array.from({ length: POSTERS }, () => postFrom(server, everyMs)));
    return server;
  }

  try {
    writeResource(join(folder, 'sonorancad'), target.url);
    for (const [index, plan] of options.lives.entries()) {
      const journal = join(folder, `journal-${index}`);
      const server = await live(plan, journal);
      signals.push(await Promise.race([server.ended, sleep(PATIENCE_MS, null, { ref: false })]));
      if (!server.isOver) await server.kill();
      stored.push(readJournal(journal));
    }
    const last = await live(null, join(folder, 'journal-last'));
    const status = await whenDelivered(last);
    const { ids } = numberedEventsOf(target);
    const missing = answered.filter((number) => !ids.has(number));
    return { signals, answered, missing, ids, stored, status };
  } finally {
    await (life as ServerLife | null)?.kill();
    await target.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns how it is when nothing waits any more, or when it has waited long enough */
async function whenDelivered(server: ServerLife): Promise<ForwardingStatus> {
  for (let waited = 0; ; waited += 20) {
    const status = await server.status();
    const isDone = !status.recovering && status.targets.every(({ queued }) => queued === 0);
    if (isDone || waited >= PATIENCE_MS) return status;
    await sleep(20);
  }
}

function event(number: number): string {
  return JSON.stringify({ key: KEY, type: 'EVENT_CRASH_TEST', data: { number } });
}

function readJournal(journal: string): CrashRun['stored'][number] {
  const lines = existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').slice(0, -1) : [];
  const safe = lines.lastIndexOf('flushed') + 1;
  return { flushed: lines.slice(0, safe).filter((line) => line !== 'flushed'), unflushed: lines.slice(safe) };
}

function writeResource(path: string, target: string): void {
  mkdirSync(join(path, 'resource'), { recursive: true });
  for (const file of ['fxmanifest.lua', 'resource/exports.lua', 'resource/server.js', 'resource/client.js']) {
    cpSync(join(projectRoot, file), join(path, file));
  }
  const config = {
    apiKey: KEY,
    apiSendEnabled: false,
    enablePushEventForwarding: true,
    pushEventForwardUrl: target,
    pushEventForwardRetrySeconds: [0.2],
  };
  writeFileSync(join(path, 'config.json'), JSON.stringify(config));
}
