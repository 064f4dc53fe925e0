import { randomUUID } from 'node:crypto';
import { normalise } from '../../push-events/normalise.ts';
import type { KnownPushEvent } from '../../push-events/push-event.ts';
import type { CadRequest } from '../api/cad-request.ts';
import { eventsOfWrite, type KnownBefore } from './events-of-write.ts';

export interface ApplyWritesOptions {
  readonly request: CadRequest;
  /** This server's number: what is written to another one changes nothing here. */
  serverId(): number;
  readonly known: KnownBefore;
  /** Takes what a write has changed. */
  amend(event: KnownPushEvent): void;
  /** Milliseconds since 1970. */
  now(): number;
}

/** @returns the same way to ask the CAD; whatever it changes there is known here at once */
export function applyWrites({ request, serverId, known, amend, now }: ApplyWritesOptions): CadRequest {
  return async (name, input) => {
    const result = await request(name, input);
    const isElsewhere = 'serverId' in input && input.serverId !== undefined && input.serverId !== serverId();
    if (!result.ok || isElsewhere) return result;
    for (const { type, data } of eventsOfWrite(name, input, result.data, known, now())) {
      const normalised = normalise(type, { data });
      if (!normalised.valid) continue;
      const event = { id: randomUUID(), type, data: normalised.data, receivedAt: now(), source: 'http', valid: true };
      amend(event as KnownPushEvent);
    }
    return result;
  };
}
