import type { PushEvent } from '../events/push-event.ts';
import { eventIdOf, HOP_HEADER, parseHops } from '../forward/signed-headers.ts';
import { REFUSALS } from '../http/answers.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { createNodeCallback } from '../listener/adapters.ts';
import { createHandlers } from '../listener/handlers.ts';
import type { ListenerSettings } from '../listener/options.ts';
import type { PushEventListener } from '../listener/push-event-listener.ts';
import { createReceive, isReplay, type Receive } from '../listener/receiver.ts';

interface Reception {
  /**
   * Stores what must survive; called before the event is answered.
   *
   * @param event with the `webhook-id` that it came with as its id, so that the receivers of a replay are sent one too
   * @param isReplay whether an operator had it sent again
   */
  keep(event: PushEvent, raw: Uint8Array, hops: number, isReplay: boolean): void;
  /** Called once the event is answered, in order of arrival. */
  take(event: PushEvent): void;
  readonly clock: Clock;
  readonly log: Log;
}

/** @returns the library's listener with a step of ours before the answer, which its users have no need of */
export function receiveEvents(
  settings: ListenerSettings,
  { keep, take, clock, log }: Reception,
): ReturnType<PushEventListener['callback']> {
  const inner = createReceive(settings, clock);
  const receive: Receive = (raw, header, socket) => {
    const received = inner(raw, header, socket);
    const { event, answer } = received;
    if (event !== null) {
      const webhookId = header('webhook-id') ?? '';
      const id = eventIdOf(webhookId) === event.id ? webhookId : event.id;
      keep({ ...event, id }, raw, parseHops(header(HOP_HEADER)), isReplay(settings.secrets, header));
    }
    const from = socket?.remoteAddress ?? 'unknown';
    if (answer === REFUSALS['wrong-key']) {
      log.warn('A push event was refused: its API key is not the one that this program was given.', { from });
    } else if (answer.status === 401) {
      log.warn('A push event was refused: it is not signed with the secret of --secret-file.', { from });
    }
    return received;
  };
  const handlers = createHandlers(clock, (line) => log.error(line));
  handlers.on('*', take);
  return createNodeCallback({ settings, receive, handlers, clock });
}
