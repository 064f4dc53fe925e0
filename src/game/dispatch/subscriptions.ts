import type { PushEvent } from '../../events/push-event.ts';
import type { ReceivedEvent } from '../../events/receive.ts';
import { isThenable } from '../../lib/is-thenable.ts';
import type { Log } from '../../lib/log.ts';
import { reasonOf } from '../../lib/text.ts';

export type SubscriptionCallback = (event: PushEvent) => unknown;
export type BodyCallback = (body: Readonly<Record<string, unknown>>) => unknown;

/** Who wants which events. */
export interface Subscriptions {
  /**
   * @param types one type or several in any case, or `*` for all
   * @param owner the resource the callback belongs to
   * @returns a handle for `unsubscribe`
   */
  subscribe(types: string | readonly string[], callback: SubscriptionCallback, owner: string): number;
  /**
   * The official resource's way: the callback gets the body as received, also when its data was not understood.
   *
   * @param type in any case
   */
  subscribeToBody(type: string, callback: BodyCallback, owner: string): void;
  /** @returns whether the handle was one of this owner's */
  unsubscribe(handle: number, owner: string): boolean;
  /** Forgets all callbacks of a resource; they cannot be called any more once it stopped. */
  dropOwner(owner: string): void;
  /**
   * Runs what tells consumers that they can subscribe. A consumer that started in the same tick has subscribed already, and
   * does so again when told: what a resource subscribes to meanwhile takes the place of its own earlier subscription to the
   * same types, so that no event reaches it twice.
   */
  whileAnnounced(announce: () => void): void;
  /**
   * @param forms whether subscribers of bodies are among those called, all unless given
   * @returns one call for each subscriber of the event; a failing one is reported and stops nobody else
   */
  callsFor(received: ReceivedEvent, forms?: 'event' | 'all'): Iterable<() => void>;
}

interface Subscription {
  readonly handle: number;
  readonly owner: string;
  /** What the callback gets. */
  readonly form: 'event' | 'body';
  /** null for all types, those that are not understood among them. */
  readonly types: ReadonlySet<string> | null;
  /** Whether the callback wants an event of this type. */
  wants(event: PushEvent): boolean;
  call(received: ReceivedEvent): unknown;
  /** Made before consumers were told that they can subscribe. */
  readonly early: boolean;
  reported: boolean;
}

/** More than any sane set of resources needs; a resource that subscribes in a loop must not fill the memory. */
const MAX_PER_OWNER = 500;

export function createSubscriptions(log: Log): Subscriptions {
  const subscriptions = new Map<number, Subscription>();
  let lastHandle = 0;
  let phase: 'early' | 'announcing' | 'running' = 'early';

  function report(subscription: Subscription, reason: unknown): void {
    if (subscription.reported) return;
    subscription.reported = true;
    const what = 'A subscriber failed; the others are served. Further failures of it are not reported.';
    log.error(what, { resource: subscription.owner, handle: subscription.handle, reason: reasonOf(reason) });
  }

  function attempt(subscription: Subscription, received: ReceivedEvent): void {
    if (!subscriptions.has(subscription.handle)) return;
    try {
      const returned = subscription.call(received);
      if (isThenable(returned)) returned.then(undefined, (reason: unknown) => report(subscription, reason));
    } catch (error) {
      report(subscription, error);
    }
  }

  function add(owner: string, added: Pick<Subscription, 'form' | 'types' | 'wants' | 'call'>): number {
    const owned = [...subscriptions.values()].filter((subscription) => subscription.owner === owner).length;
    if (owned >= MAX_PER_OWNER) throw new Error(`${owner} has ${MAX_PER_OWNER} subscriptions already`);
    if (phase === 'announcing') replaceEarly(owner, added);
    lastHandle += 1;
    subscriptions.set(lastHandle, { ...added, handle: lastHandle, owner, early: phase === 'early', reported: false });
    return lastHandle;
  }

  function replaceEarly(owner: string, { form, types }: Pick<Subscription, 'form' | 'types'>): void {
    for (const other of subscriptions.values()) {
      if (!other.early || other.owner !== owner || other.form !== form || !sameTypes(types, other.types)) continue;
      subscriptions.delete(other.handle);
      return;
    }
  }

  return {
    subscribe(types, callback, owner) {
      const wanted = typeof types === 'string' ? [types] : types;
      const names = wanted.includes('*') ? null : new Set(wanted.map((type) => type.toUpperCase()));
      return add(owner, {
        form: 'event',
        types: names,
        wants: (event) => names === null || (event.valid && names.has(event.type)),
        call: ({ event }) => callback(event),
      });
    },
    subscribeToBody(type, callback, owner) {
      const name = type.toUpperCase();
      add(owner, {
        form: 'body',
        types: new Set([name]),
        wants: (event) => event.type === name,
        call: ({ body }) => callback(body),
      });
    },
    unsubscribe(handle, owner) {
      return subscriptions.get(handle)?.owner === owner && subscriptions.delete(handle);
    },
    dropOwner(owner) {
      for (const { handle, owner: name } of subscriptions.values()) if (name === owner) subscriptions.delete(handle);
    },
    whileAnnounced(announce) {
      phase = 'announcing';
      try {
        announce();
      } finally {
        phase = 'running';
      }
    },
    callsFor(received, forms = 'all') {
      // All at once: whoever subscribes while an event is being dispatched gets the next one.
      const calls: (() => void)[] = [];
      for (const subscription of subscriptions.values()) {
        if (forms === 'event' && subscription.form !== 'event') continue;
        if (subscription.wants(received.event)) calls.push(() => attempt(subscription, received));
      }
      return calls;
    },
  };
}

function sameTypes(one: ReadonlySet<string> | null, other: ReadonlySet<string> | null): boolean {
  if (one === null || other === null) return one === other;
  return one.size === other.size && [...one].every((type) => other.has(type));
}
