import type { ConfigProblem } from '../config/config-problem.ts';
import type { Config } from '../config/schema.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Target } from './delivery.ts';
import { createDurableForwarder, type DurableForwarder } from './durable-forwarder.ts';
import { DEFAULT_RETRIES } from './lanes/retry-waits.ts';
import { resourceWording } from './lanes/wording.ts';
import type { KeyValueStore } from './store/key-value-store.ts';
import type { OwnAddress } from './target-url.ts';
import { resolveTargets } from './targets/resolve-targets.ts';
import { createWire } from './wire/create-wire.ts';

/** Forwarding as it is configured. */
export interface Forwarding extends Omit<DurableForwarder, 'applyTargets'> {
  /** Takes the targets of the configuration in force, and says what is wrong with them. */
  applyConfig(): void;
  /** What is wrong with the targets of the configuration in force: some of them may be off. */
  problems(): readonly ConfigProblem[];
  /** Why nothing is forwarded although that is configured in part, in a sentence; null where it is not, or something is. */
  idleBecause(): string | null;
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
  let problems: readonly ConfigProblem[] = [];
  const forwarding = {
    targets: usableTargets(),
    store,
    send: wire.send,
    clock,
    log,
    currentKey: () => config().apiKeys[0] ?? '',
    random: Math.random,
    retries: { ...DEFAULT_RETRIES, waitsMs: pushEventForwardRetrySeconds.map((seconds) => seconds * 1_000) },
    wording: resourceWording(own.resourceName),
  };
  const forwarder = createDurableForwarder(forwarding);

  function usableTargets(): readonly Target[] {
    const resolved = resolveTargets(config(), own);
    problems = resolved.problems;
    for (const { level, line } of problems) log[level](line);
    for (const { name, shownUrl } of resolved.targets)
      log.info('Push events are forwarded.', { target: name, url: shownUrl });
    return resolved.targets;
  }

  return {
    ...forwarder,
    applyConfig() {
      forwarder.applyTargets(usableTargets());
    },
    problems: () => problems,
    idleBecause: () => (forwarder.status().targets.length > 0 ? null : idleReason(config())),
    stop() {
      forwarder.stop();
      wire.close();
    },
  };
}

function idleReason(config: Config): string | null {
  const isSet = (name: 'pushEventForwardUrl' | 'pushEventForwardTargets') => config[name].length > 0;
  const set = (['pushEventForwardUrl', 'pushEventForwardTargets'] as const).filter(isSet);
  if (set.length === 0) return null;
  if (config.enablePushEventForwarding) return 'None of the configured targets can be used: nothing is forwarded.';
  const are = set.length > 1 ? 'are' : 'is';
  return `${set.join(' and ')} ${are} set, but enablePushEventForwarding is false: nothing is forwarded.`;
}
