import type { Config } from '../config/schema.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Target } from './delivery.ts';
import { createDurableForwarder, type DurableForwarder } from './durable-forwarder.ts';
import { DEFAULT_RETRIES } from './lanes/retry-waits.ts';
import type { KeyValueStore } from './store/key-value-store.ts';
import type { OwnAddress } from './target-url.ts';
import { resolveTargets } from './targets/resolve-targets.ts';
import { createWire } from './wire/create-wire.ts';

/** Forwarding as it is configured. */
export interface Forwarding extends Omit<DurableForwarder, 'applyTargets'> {
  /** Takes the targets of the configuration in force, and says what is wrong with them. */
  applyConfig(): void;
}

export interface ForwardingOptions {
  /** The configuration in force. */
  config(): Config;
  readonly own: OwnAddress;
  readonly version: string;
  readonly store: KeyValueStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** Puts together what decides about deliveries and what makes the requests, and says what is wrong with the targets. */
export function createForwarding({ config, own, version, store, clock, log }: ForwardingOptions): Forwarding {
  const { statusLabels, pushEventForwardRetrySeconds } = config();
  const wire = createWire({ version, clock, statusLabels });
  const forwarder = createDurableForwarder({
    targets: usableTargets(),
    store,
    send: wire.send,
    clock,
    log,
    currentKey: () => config().apiKeys[0] ?? '',
    random: Math.random,
    retries: { ...DEFAULT_RETRIES, waitsMs: pushEventForwardRetrySeconds.map((seconds) => seconds * 1_000) },
  });

  function usableTargets(): readonly Target[] {
    const { targets, problems } = resolveTargets(config(), own);
    for (const { level, line } of problems) log[level](line);
    for (const { name, shownUrl } of targets) log.info('Push events are forwarded.', { target: name, url: shownUrl });
    return targets;
  }

  return {
    ...forwarder,
    applyConfig() {
      forwarder.applyTargets(usableTargets());
    },
    stop() {
      forwarder.stop();
      wire.close();
    },
  };
}
