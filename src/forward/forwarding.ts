import type { NameLookup } from '../events/catalogue/description.ts';
import { describeValue } from '../events/normalise.ts';
import type { PushEvent } from '../events/push-event.ts';
import type { Problem } from '../lib/finding.ts';
import type { HoldMeter } from '../lib/hold-meter.ts';
import type { SettingsOf } from '../lib/settings.ts';
import type { GameEvents } from '../platform/events.ts';
import type { Send } from './delivery.ts';
import { DurableForwarder, type DurableForwarderOptions } from './durable-forwarder.ts';
import { resourceWording } from './queues/outcomes.ts';
import { DEFAULT_RETRIES } from './queues/pace.ts';
import type { forwardKeys } from './settings.ts';
import { isReplayId } from './signed-headers.ts';
import { HttpSending } from './targets/http-sending.ts';
import type { LoadNatsClient } from './targets/nats-client.ts';
import { NatsSending } from './targets/nats-sending.ts';
import { type ResolvedTargets, resolveTargets } from './targets/resolve-targets.ts';
import type { OwnAddress } from './targets/target-addresses.ts';

/** What forwarding takes from the configuration. */
interface ForwardingConfig extends SettingsOf<typeof forwardKeys>, Pick<NameLookup, 'statusLabels'> {
  readonly apiKeys: readonly string[];
  readonly serverId: number;
}

interface ForwardingOptions
  extends Pick<DurableForwarderOptions, 'store' | 'clock' | 'log' | 'keys' | 'attempted'>,
    Pick<NameLookup, 'unit' | 'call'> {
  /** The configuration in force. */
  config(): ForwardingConfig;
  readonly own: OwnAddress;
  readonly version: string;
  readonly loadNats: LoadNatsClient;
  readonly holds: Pick<HoldMeter, 'measure'>;
}

/** Forwarding to the targets of the configuration, over HTTP or to streams of a broker. */
export class Forwarding extends DurableForwarder {
  readonly #options: ForwardingOptions;
  readonly #http: HttpSending;
  readonly #nats: NatsSending;
  #problems: readonly Problem[];

  constructor(options: ForwardingOptions) {
    const { config, own, version, store, clock, log, keys, attempted, loadNats, unit, call, holds } = options;
    const { statusLabels, pushEventForwardRetrySeconds } = config();
    const { targets, problems } = resolveAndReport(options);
    const http = new HttpSending({ version, clock, statusLabels, ...(unit && { unit }), ...(call && { call }) });
    const nats = new NatsSending({ version, clock, load: loadNats });
    const send: Send = (attempt, deadlineMs, { written, ended }) =>
      (attempt.target.nats === undefined ? http : nats).send(attempt, deadlineMs, {
        written,
        ended: (result) => holds.measure(() => ended(result)),
      });
    super({
      targets,
      store,
      send,
      clock,
      log,
      currentKey: () => config().apiKeys[0] ?? '',
      keys,
      random: Math.random,
      retries: { ...DEFAULT_RETRIES, waitsMs: pushEventForwardRetrySeconds.map((seconds) => seconds * 1_000) },
      wording: resourceWording(own.resourceName),
      ...(attempted && { attempted }),
    });
    this.#options = options;
    this.#http = http;
    this.#nats = nats;
    this.#problems = problems;
  }

  /** A replay of another forwarder is sent as a replay: receivers would drop its id as a duplicate. */
  override enqueue(event: PushEvent, raw: Uint8Array, hops: number): void {
    super.enqueue(event, raw, hops, hops > 0 && isReplayId(event.id));
  }

  /** Takes the targets of the configuration in force, and says what is wrong with them. */
  applyConfig(): void {
    const { targets, problems } = resolveAndReport(this.#options);
    this.#problems = problems;
    this.applyTargets(targets);
    this.#nats.keep(targets);
  }

  /** What is wrong with the targets of the configuration in force: some of them may be off. */
  problems(): readonly Problem[] {
    return this.#problems;
  }

  /** Why nothing is forwarded although some of it is configured, in a sentence; null if there is nothing to say. */
  idleBecause(): string | null {
    return this.status().targets.length > 0 ? null : idleReason(this.#options.config());
  }

  override stop(): void {
    super.stop();
    this.#http.close();
    this.#nats.keep([]);
  }
}

function resolveAndReport({ config, own, log }: ForwardingOptions): ResolvedTargets {
  const resolved = resolveTargets(config(), own);
  for (const { level, line } of resolved.problems) log[level](line);
  for (const { name, shownUrl: url } of resolved.targets) {
    log.info('Push events are forwarded.', { target: name, url });
  }
  return resolved;
}

function idleReason(config: ForwardingConfig): string | null {
  const isSet = (name: 'pushEventForwardUrl' | 'pushEventForwardTargets') => config[name].length > 0;
  const set = (['pushEventForwardUrl', 'pushEventForwardTargets'] as const).filter(isSet);
  if (set.length === 0) return null;
  if (config.enablePushEventForwarding) return 'None of the configured targets can be used: nothing is forwarded.';
  const are = set.length > 1 ? 'are' : 'is';
  return `${set.join(' and ')} ${are} set, but enablePushEventForwarding is false: nothing is forwarded.`;
}

/**
 * Provides the exports by which other resources see and steer forwarding:
 *
 * - `getForwardingStatus()` gives how each target and the store are doing (`ForwardingStatus`);
 * - `replayForwarding(id | 'all', target?)` sends dead letters again and gives how many. Throws when an argument
 *   is no text.
 */
export function provideForwarding(forwarder: Pick<DurableForwarder, 'status' | 'replay'>, events: GameEvents): void {
  events.provide('getForwardingStatus', () => forwarder.status());
  events.provide('replayForwarding', (id, target) => {
    if (typeof id !== 'string')
      throw new Error(
        `replayForwarding: the first argument is an event's id or 'all', got ${describeValue(id)}. In Lua, is it called with a colon?`,
      );
    if (target !== undefined && target !== null && typeof target !== 'string') {
      throw new Error(`replayForwarding: the second argument is the name of a target, got ${describeValue(target)}`);
    }
    return forwarder.replay(id, target ?? undefined);
  });
}
