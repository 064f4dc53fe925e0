import { randomInt } from 'node:crypto';
import { describeUnknownType, type PushEvent, typeNamed } from '../../events/push-event.ts';
import type { ReceivedEvent } from '../../events/receive.ts';
import type { Log } from '../../lib/log.ts';
import { attempt, type Subscriber, Subscribers, wantedTypes } from '../../lib/subscribers.ts';
import { reasonOf } from '../../lib/text.ts';

export type SubscriptionCallback = (event: PushEvent) => unknown;
export type BodyCallback = (body: Readonly<Record<string, unknown>>) => unknown;

interface Subscription extends Subscriber {
  readonly handle: number;
  /** What the callback gets. */
  readonly form: 'event' | 'body';
  call(received: ReceivedEvent): unknown;
  /** Made before consumers were told that they can subscribe. */
  readonly early: boolean;
}

const FAILED = 'A subscriber failed; the others are served.';

/** Pairs of resource and unknown type that are remembered. */
const MAX_TOLD = 5_000;

/** How a subscriber took one event. */
export interface SubscriberCall {
  /** The resource that it belongs to. */
  readonly resource: string;
  readonly form: Subscription['form'];
  /** How long it held the game's thread. */
  ms: number;
  /** Why it failed; null as long as that is not known. */
  failed: string | null;
}

interface SubscriptionsOptions {
  readonly log: Log;
  readonly clock: { monotonic(): number };
  /** Gets how each call went. A failure may become known later, and stands in the call then. */
  called(event: PushEvent, call: SubscriberCall): void;
}

/** Which resource wants which events. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #subscribers = new Subscribers<Subscription>();
  /** Pairs of resource and unknown type that the console was told of. */
  readonly #told = new Set<string>();
  // Another one at each start, so that a handle of an earlier run ends no subscription of this one; Lua has it as an integer.
  #lastHandle = randomInt(2 ** 30);
  #phase: 'early' | 'announcing' | 'running' = 'early';

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
  }

  /**
   * @param types one type or several in any case, or `*` for all
   * @param owner the resource the callback belongs to
   * @returns a handle for `unsubscribe`
   */
  subscribe(types: string | readonly string[], callback: SubscriptionCallback, owner: string): number {
    const call = ({ event }: ReceivedEvent) => callback(event);
    return this.#add({ form: 'event', types: wantedTypes(types, typeNamed), owner, call });
  }

  /**
   * The official resource's way: the callback gets the body as received, also when its data was not understood.
   *
   * @param type in any case
   */
  subscribeToBody(type: string, callback: BodyCallback, owner: string): void {
    const types = new Set([typeNamed(type)]);
    this.#add({ form: 'body', types, takesInvalid: true, owner, call: ({ body }) => callback(body) });
  }

  /** @returns whether the handle was one of this owner's */
  unsubscribe(handle: number, owner: string): boolean {
    return this.#subscribers.remove((other) => other.handle === handle && other.owner === owner) > 0;
  }

  /** Forgets all callbacks of a resource; they cannot be called any more once it stopped. */
  dropOwner(owner: string): void {
    this.#subscribers.remove((other) => other.owner === owner);
  }

  /**
   * Runs what tells consumers that they can subscribe. A consumer that started in the same tick has subscribed already, and
   * does so again when told: what a resource subscribes to meanwhile takes the place of its own earlier subscription to the
   * same types, so that no event reaches it twice.
   */
  whileAnnounced(announce: () => void): void {
    this.#phase = 'announcing';
    try {
      announce();
    } finally {
      this.#phase = 'running';
    }
  }

  /**
   * @param forms whether subscribers of bodies are among those called
   * @returns one call for each subscriber of the event; one that fails is reported, and the others are called all the same
   */
  callsFor(received: ReceivedEvent, forms: 'event' | 'all' = 'all'): (() => void)[] {
    return this.#subscribers
      .wanting(received.event)
      .filter(({ form }) => forms === 'all' || form === 'event')
      .map((subscription) => () => {
        if (this.#subscribers.has(subscription)) this.#call(subscription, received);
      });
  }

  #call(subscription: Subscription, received: ReceivedEvent): void {
    const { log, clock, called } = this.#options;
    const { owner: resource, form, handle } = subscription;
    const began = clock.monotonic();
    const record: SubscriberCall = { resource, form, ms: 0, failed: null };
    attempt(
      () => subscription.call(received),
      (reason) => {
        record.failed = reasonOf(reason);
        log.coalesce({ resource, handle }).error(FAILED, { reason: record.failed });
      },
    );
    record.ms = clock.monotonic() - began;
    called(received.event, record);
  }

  /** Warns once of a type that is misspelt, or newer than this version: a subscription to it stands all the same. */
  #warnUnknownTypes(types: ReadonlySet<string> | null, resource: string): void {
    for (const type of types ?? []) {
      const reason = describeUnknownType(type);
      const pair = `${resource} ${type}`;
      if (reason === null || this.#told.has(pair) || this.#told.size >= MAX_TOLD) continue;
      this.#told.add(pair);
      this.#options.log.warn(`A resource subscribes to a type of push event, but ${reason}`, { resource, type });
    }
  }

  #add(added: Omit<Subscription, 'handle' | 'early'>): number {
    const handle = this.#lastHandle + 1;
    this.#warnUnknownTypes(added.types, added.owner);
    const isEarlier = (other: Subscription) => other.early && wishOf(other) === wishOf(added);
    const early = this.#phase === 'announcing' ? this.#subscribers.all().find(isEarlier) : undefined;
    this.#subscribers.add({ ...added, handle, early: this.#phase === 'early' });
    this.#lastHandle = handle;
    if (early !== undefined) this.#subscribers.remove((other) => other === early);
    return handle;
  }
}

/** The same for two subscriptions of one resource to the same types, in any order. */
const wishOf = ({ owner, form, types }: Pick<Subscription, 'owner' | 'form' | 'types'>): string =>
  JSON.stringify([owner, form, types && [...types].sort()]);
