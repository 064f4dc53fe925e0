import { normalise } from '../../push-events/normalise.ts';
import type { PushEvent } from '../../push-events/push-event.ts';
import type { Attempt, OutgoingEvent } from '../delivery.ts';
import type { CommunityTerms } from '../targets/describe-event.ts';
import { toDiscordMessage } from '../targets/discord-message.ts';

/** The bytes to be sent: those that were received, or what Discord's webhooks understand. */
export function requestBody({ target, event, probe }: Attempt, options: CommunityTerms): Buffer {
  if (target.format === 'payload' || probe) return event.body;
  return Buffer.from(JSON.stringify(toDiscordMessage(readEvent(event), options)));
}

function readEvent({ id, type, receivedAt, body }: OutgoingEvent): PushEvent {
  const envelope: unknown = JSON.parse(body.toString());
  const normalised = normalise(type, typeof envelope === 'object' && envelope !== null ? { ...envelope } : {});
  // `type` and `data` belong together: `normalise` has just brought the one into the shape of the other.
  return { id, type, receivedAt, source: 'http', ...normalised } as PushEvent;
}
