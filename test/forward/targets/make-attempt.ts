import type { Attempt, OutgoingEvent, Target } from '../../../src/forward/delivery.ts';
import { createTarget } from '../scripted-target.ts';

export const body = Buffer.from('{"key":"test-api-key","type":"EVENT_TONE","data":{"url":"https://x.example/a.mp3"}}');

/** A first attempt at a tone event. */
export function makeAttempt(
  target: Partial<Target> = {},
  { event, ...overrides }: Partial<Omit<Attempt, 'event'>> & { event?: Partial<OutgoingEvent> } = {},
): Attempt {
  return {
    target: createTarget({ url: 'http://127.0.0.1:9/events', ...target }),
    event: { id: 'msg_1', type: 'EVENT_TONE', receivedAt: 1_700_000_000_000, body, hops: 0, ...event },
    attempt: 1,
    replay: false,
    probe: false,
    ...overrides,
  };
}
