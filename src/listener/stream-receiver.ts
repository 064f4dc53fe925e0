import type { PushEvent } from '../events/push-event.ts';
import { receivePayload } from '../events/receive.ts';
import { eventIdOf } from '../forward/signed-headers.ts';
import type { Clock } from '../lib/clock.ts';
import type { ConsumerSettings } from './consumer-options.ts';
import { EVENT_ID, isSigned } from './receiver.ts';
import { Repeats } from './repeats.ts';
import type { StreamMessage } from './stream-connection.ts';

/** What a message of the stream is. */
export type ReceivedMessage =
  | { readonly kind: 'event'; readonly event: PushEvent; readonly webhookId: string }
  /** It was handled before by this worker. */
  | { readonly kind: 'repeat' }
  /** @param reason in words that follow "an event" */
  | { readonly kind: 'refused'; readonly reason: string };

/** Checks messages of a stream as the listener does requests, and reads them. */
export class StreamReceiver {
  readonly #settings: ConsumerSettings;
  readonly #repeats: Repeats;

  constructor(settings: ConsumerSettings, clock: Pick<Clock, 'monotonic'>) {
    this.#settings = settings;
    this.#repeats = new Repeats(clock.monotonic);
  }

  receive({ body, header, storedAt }: StreamMessage): ReceivedMessage {
    const { keys, sessionKey, secrets } = this.#settings;
    // It may have waited for days: what counts is when the stream took it.
    if (secrets.length > 0 && !isSigned(secrets, header, body, storedAt)) {
      return { kind: 'refused', reason: 'is not signed with the secret' };
    }
    const result = receivePayload(Buffer.from(body).toString(), keys, sessionKey, storedAt);
    if (!result.accepted) return { kind: 'refused', reason: REFUSED[result.reason] };
    const webhookId = header('webhook-id') ?? header('Nats-Msg-Id') ?? '';
    if (webhookId !== '' && this.#repeats.isRepeat(webhookId, 0)) return { kind: 'repeat' };
    const id = eventIdOf(webhookId);
    const event: PushEvent = { ...result.event, source: 'http', ...(EVENT_ID.test(id) && { id }) };
    return { kind: 'event', event, webhookId };
  }

  /** An event was not handled after all: it is to come again. */
  forget(webhookId: string): void {
    this.#repeats.forget(webhookId);
  }
}

const WRONG_KEY = 'has an API key that is none of those given';

const REFUSED = {
  'wrong-key': WRONG_KEY,
  'no-key': WRONG_KEY,
  'invalid-json': 'is no JSON object',
  'invalid-type': 'has no type',
  'too-long': 'is longer than 1 MiB',
} as const;
