import { join } from 'node:path';
import { configKeys } from '../../config/schema.ts';
import type { Target } from '../../forward/delivery.ts';
import { createDurableForwarder, type DurableForwarder } from '../../forward/durable-forwarder.ts';
import { createFileStore, type FileStore } from '../../forward/stores/file-store.ts';
import { createHttpSending } from '../../forward/targets/http-sending.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { programFault } from '../program-fault.ts';
import { lockFolder } from './lock-folder.ts';
import { PROGRAM_WORDING } from './program-wording.ts';

/** Events on their way to the targets. */
export interface ProgramForwarding extends Pick<DurableForwarder, 'enqueue'> {
  /** Stops sending, and keeps what waits for the next run. @returns how many deliveries wait */
  stop(): number;
}

export interface ProgramForwardingOptions {
  readonly targets: readonly Target[];
  readonly folder: string;
  /** The key that the targets are to see. */
  readonly apiKey: string;
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
export function openForwarding(options: ProgramForwardingOptions): ProgramForwarding {
  const { targets, folder, apiKey, version, clock, log } = options;
  const unlock = lockFolder(folder);
  const store = openStore(folder, unlock, log);
  if (store.unreadable > 0) {
    log.warn('Some lines of the outbox were torn and are left out.', { lines: store.unreadable });
  }
  const http = createHttpSending({ version, clock, statusLabels: configKeys.statusLabels.default });
  const forwarding = {
    targets,
    store,
    send: http.send,
    clock,
    log,
    currentKey: () => apiKey,
    random: Math.random,
    wording: PROGRAM_WORDING,
  };
  const forwarder = createDurableForwarder(forwarding);
  for (const { name, shownUrl } of targets) log.info('Push events are forwarded.', { target: name, url: shownUrl });
  return {
    enqueue: forwarder.enqueue,
    stop() {
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
    const { code } = error as { code?: unknown };
    throw programFault(`The outbox in the folder of --forward-dir cannot be opened (${String(code)}).`, 1);
  }
}
