import { describe, expect, it } from '@jest/globals';
import type { PushEvent } from '../../src/events/push-event.ts';
import { Traffic } from '../../src/events/traffic.ts';
import { eventOf } from '../event-of.ts';
import { createManualClock } from '../manual-clock.ts';

const other = (type: string) => ({ ...eventOf('EVENT_TONE', { url: 'https://tones.example/t' }), type }) as PushEvent;

describe('Traffic', () => {
  it('reports each transport with the age of its last event, and the types by frequency', () => {
    const clock = createManualClock();
    const traffic = new Traffic(clock);
    const panic = eventOf('EVENT_UNIT_PANIC', { identIds: [12] });
    traffic.accepted({ ...panic, source: 'websocket' });
    traffic.accepted(eventOf('EVENT_TONE', { url: 'https://tones.example/t' }));
    clock.advance(5_000);
    traffic.accepted(panic);
    clock.advance(1_000);
    expect(traffic.report()).toEqual({
      ways: [
        { source: 'websocket', count: 1, lastMs: 6_000 },
        { source: 'http', count: 2, lastMs: 1_000 },
      ],
      types: [
        { type: 'EVENT_UNIT_PANIC', count: 2 },
        { type: 'EVENT_TONE', count: 1 },
      ],
      unreadable: 0,
      refusals: [],
    });
  });

  it('counts events whose data was not understood, and refusals by reason', () => {
    const traffic = new Traffic(createManualClock());
    traffic.accepted({ ...other('EVENT_TONE'), valid: false, issues: ['data: no'] } as unknown as PushEvent);
    traffic.refused('late');
    traffic.refused('wrong-key');
    traffic.refused('wrong-key');
    expect(traffic.report()).toMatchObject({
      unreadable: 1,
      refusals: [
        { reason: 'wrong-key', count: 2 },
        { reason: 'late', count: 1 },
      ],
    });
  });

  it('counts at most 100 unknown types of at most 64 characters by name, and all others together', () => {
    const traffic = new Traffic(createManualClock());
    traffic.accepted(other('X'.repeat(65)));
    for (let index = 0; index < 300; index += 1) traffic.accepted(other(`EVENT_OTHER_${index}`));
    traffic.accepted(other('EVENT_OTHER_99'));
    traffic.accepted(other('EVENT_TONE'));
    const { types } = traffic.report();
    expect(types).toHaveLength(102);
    expect(types.slice(0, 2)).toEqual([
      { type: 'other types', count: 201 },
      { type: 'EVENT_OTHER_99', count: 2 },
    ]);
    expect(types).toContainEqual({ type: 'EVENT_TONE', count: 1 });
  });
});
