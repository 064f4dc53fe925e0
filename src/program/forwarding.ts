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
import { ProgramFault } from './arguments.ts';
import { lockFolder } from './folder-lock.ts';

interface ForwardTargetsOptions {
  readonly urls: readonly string[];
  readonly apiKeys: readonly string[];
  /** The address at which the program itself receives events. */
  readonly own: OwnAddress;
  readonly ownPath: string;
}

interface ForwardTargets {
  readonly targets: readonly Target[];
  readonly warnings: readonly string[];
}

/**
 * Creates forwarding targets from the URLs of `--forward`.
 *
 * @throws a ProgramFault if a URL cannot be a target. It quotes no secret part of the URL.
 */
export function createForwardTargets({ urls, apiKeys, own, ownPath }: ForwardTargetsOptions): ForwardTargets {
  const uniqueUrls = new Set(urls.map((url) => url.trim()));
  const targetSettings = [...uniqueUrls].map(createTargetSettings);
  for (const { url } of targetSettings) refuseOwnAddress(targetUrl(url), own, ownPath);

  const { targets, problems } = resolveTargets(
    {
      enablePushEventForwarding: true,
      pushEventForwardUrl: '',
      pushEventForwardTargets: targetSettings,
      apiKeys,
      serverId: 1,
    },
    own,
  );
  const error = problems.find(({ level }) => level === 'error');
  if (error !== undefined) {
    const sentence = describeForCommandLine(error).replace(/: this target is off$/, '');
    throw new ProgramFault(`${sentence}.`);
  }
  return { targets, warnings: problems.map(describeForCommandLine) };
}

function createTargetSettings(url: string): TargetSettings {
  if (settledForwardUrl(url) === '' || !isForwardUrl(url)) {
    throw new ProgramFault('--forward: expected a URL like http://203.0.113.5:30150 or https://bot.example/events.');
  }
  const address = targetUrl(url);
  const format = isDiscordWebhook(address) ? 'discord' : 'payload';
  return v.parse(targetSchema, { name: createTargetName(address), url, format });
}

/**
 * Derives a target's name from its address alone. The outbox stores waiting events under the name, so the name must not
 * depend on the order of the options.
 */
function createTargetName({ hostname, href }: URL): string {
  const host = hostname.replace(/[^A-Za-z0-9.-]/g, '').slice(0, 20);
  return `to-${host}-${hashAddress(href).slice(0, 8)}`;
}

function refuseOwnAddress(url: URL, own: OwnAddress, ownPath: string): void {
  if (url.pathname !== ownPath) return;
  url.pathname = DOCUMENTED_PATH;
  if (isEventPathHere(url, own)) {
    throw new ProgramFault(
      '--forward is an address at which this program receives events itself: its events would circulate without end.',
    );
  }
}

const CONFIGURED_TARGET = /^the target \S+ of pushEventForwardTargets/;

/** Rewrites a problem of the resource's configuration for the command line, where targets have no names. */
function describeForCommandLine({ line }: Problem): string {
  return line.replace(CONFIGURED_TARGET, '--forward').replaceAll('this resource', 'this program');
}

interface ProgramForwardingOptions {
  readonly targets: readonly Target[];
  readonly folder: string;
  /** The API key in forwarded events, for targets that include it. */
  readonly apiKey: string;
  /** All accepted API keys. They are removed from events for targets without a key. */
  readonly keys: KeyRing;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
}

const STORE_FILE = 'outbox.log';

/** The resource's forwarding, with a file as its outbox. Continues with the events that an earlier run has left. */
export class ProgramForwarding {
  readonly #forwarder: DurableForwarder;
  readonly #http: HttpSending;
  readonly #store: FileStore;
  readonly #unlock: () => void;

  /** @throws a ProgramFault if the folder cannot be locked or the outbox cannot be opened */
  constructor({ targets, folder, apiKey, keys, version, clock, log }: ProgramForwardingOptions) {
    this.#unlock = lockFolder(folder);
    this.#store = openStore(folder, this.#unlock, log);
    if (this.#store.unreadable > 0) {
      log.warn('Skipped damaged lines of the outbox file.', { lines: this.#store.unreadable });
    }
    this.#http = new HttpSending({ version, clock, statusLabels: configKeys.statusLabels.default });
    this.#forwarder = new DurableForwarder({
      targets,
      store: this.#store,
      send: this.#http.send,
      clock,
      log,
      currentKey: () => apiKey,
      keys: () => keys,
      random: Math.random,
      wording: PROGRAM_WORDING,
    });
    for (const { name, shownUrl } of targets) {
      log.info('Forwarding push events to this target.', { target: name, url: shownUrl });
    }
  }

  /** Stores an event and delivers it to all targets. */
  enqueue(...args: Parameters<DurableForwarder['enqueue']>): void {
    this.#forwarder.enqueue(...args);
  }

  /**
   * Stops sending and keeps waiting events for the next run.
   *
   * @returns how many deliveries wait, and whether the outbox file holds all of them
   */
  stop(): { readonly waiting: number; readonly isKept: boolean } {
    const { targets } = this.#forwarder.status();
    const waiting = targets.reduce((sum, { queued }) => sum + queued, 0);
    this.#forwarder.stop();
    // `stop` verifies the last writes, so the store's state is known only now.
    const isKept = !this.#forwarder.status().store.broken;
    this.#http.close();
    this.#store.close();
    this.#unlock();
    return { waiting, isKept };
  }
}

function openStore(folder: string, unlock: () => void, log: Log): FileStore {
  const reportCompactionFailure = (reason: string) =>
    log.coalesce({ reason }).warn('The outbox file could not be compacted and keeps growing for now.');
  try {
    return new FileStore(join(folder, STORE_FILE), reportCompactionFailure);
  } catch (error) {
    unlock();
    throw new ProgramFault(`The outbox in the folder of --forward-dir cannot be opened (${errorCodeOf(error)}).`, 1);
  }
}

/** Advice for a program, which has no game server console to type commands into. */
const PROGRAM_WORDING: Wording = {
  endWait: () => 'restart this program',
  afterGivingUp: 'it stays in the folder of --forward-dir',
  afterRemoval: 'which stay in the folder of --forward-dir',
  checkCredentials: 'check its address',
  insistOnAnswers: null,
};
