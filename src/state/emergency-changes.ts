import type { KnownPushEvent } from '../push-events/push-event.ts';
import type { Change, EmergencyCall } from './records.ts';

/** @returns what an event does to 911 calls, in its order. Pure: calls are replaced, never changed */
export function emergencyChanges(event: KnownPushEvent): Change<EmergencyCall>[] {
  if (event.type === 'EVENT_911') {
    const { call } = event.data;
    return [{ id: call.callId, next: () => call }];
  }
  if (event.type === 'EVENT_REMOVE_911') {
    return [...new Set(event.data.callIds)].map((id) => ({ id, next: () => undefined }));
  }
  return [];
}
