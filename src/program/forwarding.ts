import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { configKeys } from '../config/schema.ts';
import type { KeyRing } from '../events/api-keys.ts';
import type { Target } from '../forward/delivery.ts';
import { DurableForwarder } from '../forward/durable-forwarder.ts';
import type { Wording } from '../forward/queues/outcomes.ts';
import { type TargetSettings, targetSchema } from '../forward/settings.ts';
import { FileStore } from '../forward/stores/file-store.ts';
import { HttpSending } from '../forward/targets/http-sending.ts';
import { resolveTargets } from '../forward/targets/resolve-targets.ts';
import {
  DOCUMENTED_PATH,
  hashAddress,
  isDiscordWebhook,
  isEventPathHere,
  isForwardUrl,
  type OwnAddress,
  settledForwardUrl,
  targetUrl,
} from '../forward/targets/target-addresses.ts';
import type { Clock } from '../lib/clock.ts';
import type { Problem } from '../lib/finding.ts';
import type { Log } from '../lib/log.ts';
import { errorCodeOf } from '../lib/text.ts';
import { programFault, readFault } from './arguments.ts';

interface ForwardTargetsOptions {
  readonly urls: readonly string[];
  readonly apiKeys: readonly string[];
  /** Where the program receives events itself. */
  readonly own: OwnAddress;
  readonly ownPath: string;
}

const CALLED = /^the target \S+ of pushEventForwardTargets/;

/**
 * Makes targets of the addresses of `--forward`.
 *
 * @returns the targets, and lines about what should be mended
 * @throws a fault for an address that cannot be sent to, without what is secret in it
 */
export function forwardTargets({ urls, apiKeys, own, ownPath }: ForwardTargetsOptions) {
  const settings = [...new Set(urls.map((url) => url.trim()))].map(settingsOf);
  for (const { url } of settings) refuseOwnPath(targetUrl(url), own, ownPath);
  const { targets, problems } = resolveTargets(
    {
      enablePushEventForwarding: true,
      pushEventForwardUrl: '',
      pushEventForwardTargets: settings,
      apiKeys,
      serverId: 1,
    },
    own,
  );
  const fault = problems.find(({ level }) => level === 'error');
  if (fault !== undefined) throw programFault(`${sentenceOf(fault).replace(/: this target is off$/, '')}.`);
  return { targets, warnings: problems.map(sentenceOf) };
}

function settingsOf(url: string): TargetSettings {
  if (settledForwardUrl(url) === '' || !isForwardUrl(url)) {
    throw programFault('--forward: expected a URL like http://203.0.113.5:30150 or https://bot.example/events.');
  }
  const address = targetUrl(url);
  const format = isDiscordWebhook(address) ? 'discord' : 'payload';
  return v.parse(targetSchema, { name: nameOf(address), url, format });
}

/** What waits for a target is kept under its name: the same for the same address, wherever that stands on the command line. */
function nameOf({ hostname, href }: URL): string {
  const host = hostname.replace(/[^A-Za-z0-9.-]/g, '').slice(0, 20);
  return `to-${host}-${hashAddress(href).slice(0, 8)}`;
}

function refuseOwnPath(url: URL, own: OwnAddress, ownPath: string): void {
  if (url.pathname !== ownPath) return;
  url.pathname = DOCUMENTED_PATH;
  if (isEventPathHere(url, own)) {
    throw programFault(
      '--forward leads to the address at which this program receives events itself, which would never end.',
    );
  }
}

/** The words of the resource's configuration, in which there are targets with names, in those of the command line. */
function sentenceOf({ line }: Problem): string {
  return line.replace(CALLED, '--forward').replaceAll('this resource', 'this program');
}

interface ProgramForwardingOptions {
  readonly targets: readonly Target[];
  readonly folder: string;
  /** The key that the targets are to see. */
  readonly apiKey: string;
  /** All that are accepted: targets without the key see none of them. */
  readonly keys: KeyRing;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
}

const STORE_FILE = 'outbox.log';

/**
 * The resource's forwarding over a file. Goes on with what an earlier run has left.
 *
 * @throws a fault when the folder cannot be had
 */
export function openForwarding({ targets, folder, apiKey, keys, version, clock, log }: ProgramForwardingOptions) {
  const unlock = lockFolder(folder);
  const store = openStore(folder, unlock, log);
  if (store.unreadable > 0) {
    log.warn('Some lines of the outbox were torn and are left out.', { lines: store.unreadable });
  }
  const http = new HttpSending({ version, clock, statusLabels: configKeys.statusLabels.default });
  const forwarder = new DurableForwarder({
    targets,
    store,
    send: http.send,
    clock,
    log,
    currentKey: () => apiKey,
    keys: () => keys,
    random: Math.random,
    wording: PROGRAM_WORDING,
  });
  for (const { name, shownUrl } of targets) log.info('Push events are forwarded.', { target: name, url: shownUrl });
  return {
    enqueue: forwarder.enqueue.bind(forwarder),
    /** Stops sending, and keeps what waits for the next run. @returns how many deliveries wait, and whether the file has all of them */
    stop(): { readonly waiting: number; readonly isKept: boolean } {
      const waiting = forwarder.status().targets.reduce((sum, { queued }) => sum + queued, 0);
      forwarder.stop();
      // Known only now: what was written last is proven when it stops.
      const isKept = !forwarder.status().store.broken;
      http.close();
      store.close();
      unlock();
      return { waiting, isKept };
    },
  };
}

function openStore(folder: string, unlock: () => void, log: Log): FileStore {
  const keepsGrowing = (reason: string) =>
    log.coalesce({ reason }).warn('The file of the outbox cannot be made smaller for now, and goes on growing.');
  try {
    return new FileStore(join(folder, STORE_FILE), keepsGrowing);
  } catch (error) {
    unlock();
    throw programFault(`The outbox in the folder of --forward-dir cannot be opened (${errorCodeOf(error)}).`, 1);
  }
}

/** What can be done about a target from the command line, where there is no console that takes commands. */
const PROGRAM_WORDING: Wording = {
  endWait: () => 'restart this program',
  afterGivingUp: 'it stays in the folder of --forward-dir',
  afterRemoval: 'which stay in the folder of --forward-dir',
  checkCredentials: 'check its address',
  insistOnAnswers: null,
};

const LOCK = 'in-use';

/**
 * Makes a folder that of this process alone: two that write one outbox would destroy it. What a killed process has left behind
 * does not count.
 *
 * @returns a function that gives the folder back
 * @throws a fault when another process has it, or it cannot be written to
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, LOCK);
  try {
    mkdirSync(folder, { recursive: true });
    if (!claim(file)) {
      const owner = liveOwner(file);
      if (owner !== null) {
        throw programFault(
          `The folder of --forward-dir is in use by process ${owner}: give each listener one of its own.`,
          1,
        );
      }
      rmSync(file, { force: true });
      if (!claim(file)) throw programFault('Another listener has just taken the folder of --forward-dir.', 1);
    }
  } catch (error) {
    if (readFault(error) !== null) throw error;
    throw programFault(`The folder of --forward-dir cannot be written to (${errorCodeOf(error)}).`, 1);
  }
  return () => rmSync(file, { force: true });
}

function claim(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid} ${lifeOf(process.pid)}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCodeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** @returns the process that has the lock, or null when that is no more */
function liveOwner(file: string): number | null {
  const [, digits, life] = /^(\d{1,10}) (.*)$/m.exec(readFileSync(file, 'utf8')) ?? [];
  const pid = Number(digits);
  // In a container the last run had the same number.
  if (digits === undefined || pid === process.pid) return null;
  return isRunning(pid) && lifeOf(pid) === life ? pid : null;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCodeOf(error) === 'EPERM';
  }
}

/** @returns what tells a process from a later one with its number, also after the machine was started anew; '' where nothing does */
function lifeOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // The name of the program, in brackets, may hold spaces. What comes 20th after it is when it was started.
    const started = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[19];
    return `${boot}/${started}`;
  } catch {
    return '';
  }
}
