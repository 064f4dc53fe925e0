import { join } from 'node:path';
import * as v from 'valibot';
import { configKeys } from '../config/schema.ts';
import type { KeyRing } from '../events/key-ring.ts';
import type { Target } from '../forward/delivery.ts';
import { createDurableForwarder } from '../forward/durable-forwarder.ts';
import type { Wording } from '../forward/queues/outcomes.ts';
import { createFileStore, type FileStore } from '../forward/stores/file-store.ts';
import { createHttpSending } from '../forward/targets/http-sending.ts';
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
import { type TargetSettings, targetSchema } from '../forward/targets/target-schema.ts';
import type { Clock } from '../lib/clock.ts';
import type { Problem } from '../lib/finding.ts';
import type { Log } from '../lib/log.ts';
import { errorCodeOf } from '../lib/text.ts';
import { programFault } from './arguments.ts';
import { lockFolder } from './lock-folder.ts';

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
  const http = createHttpSending({ version, clock, statusLabels: configKeys.statusLabels.default });
  const forwarder = createDurableForwarder({
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
    enqueue: forwarder.enqueue,
    /** Stops sending, and keeps what waits for the next run. @returns how many deliveries wait */
    stop(): number {
      const waiting = forwarder.status().targets.reduce((sum, { queued }) => sum + queued, 0);
      forwarder.stop();
      http.close();
      store.close();
      unlock();
      return waiting;
    },
  };
}

function openStore(folder: string, unlock: () => void, log: Log): FileStore {
  const keepsGrowing = (reason: string) =>
    log.warn('The file of the outbox cannot be made smaller for now, and goes on growing.', { reason });
  try {
    return createFileStore(join(folder, STORE_FILE), keepsGrowing);
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
  beginAnew: 'restart this program',
  checkCredentials: 'check its address',
  insistOnAnswers: null,
};
