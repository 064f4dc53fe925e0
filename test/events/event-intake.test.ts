import { describe, expect, it } from '@jest/globals';
import { EventIntake } from '../../src/events/event-intake.ts';
import type { PushEvent } from '../../src/events/push-event.ts';
import type { ReceivedEvent } from '../../src/events/receive.ts';
import { eventOf } from '../event-of.ts';
import { createRecordingLog } from '../recording-log.ts';

const event: PushEvent = eventOf('EVENT_UNIT_PANIC', { identIds: [12] });
const received: ReceivedEvent = { event, body: { type: event.type } };
const RAW = Buffer.from('{}');

interface SetUp {
  readonly isForwarding?: boolean;
  readonly isProcessed?: boolean;
  readonly isDuplicate?: boolean;
  /** Makes storing the event for its targets throw. */
  readonly enqueueFails?: boolean;
}

/** @returns the intake, and the names of its parts in the order in which they were called */
function setUp({ isForwarding = false, isProcessed = false, isDuplicate = false, enqueueFails = false }: SetUp = {}) {
  const steps: string[] = [];
  const intake = new EventIntake({
    processedIds: { has: () => isProcessed, add: () => void steps.push('remember') },
    duplicates: { isDuplicate: () => isDuplicate },
    traffic: { accepted: () => void steps.push('count'), refused: () => void steps.push('count refusal') },
    recorder: { received: () => void steps.push('record'), refused: () => void steps.push('record refusal') },
    forwarding: {
      enqueue() {
        if (enqueueFails) throw new Error('out of memory');
        steps.push('store for targets');
      },
    },
    dispatcher: { enqueue: () => void steps.push('queue for dispatch') },
    isForwarding: () => isForwarding,
    log: createRecordingLog(),
  });
  return { intake, steps };
}

describe('EventIntake', () => {
  it('counts, records, stores and queues an event, and remembers its id last', () => {
    const { intake, steps } = setUp({ isForwarding: true });
    intake.accept(received, RAW, 0);
    expect(steps).toEqual(['count', 'record', 'store for targets', 'queue for dispatch', 'remember']);
  });

  it('does not remember an event of the CAD when this server forwards nothing', () => {
    const { intake, steps } = setUp();
    intake.accept(received, RAW, 0);
    expect(steps).not.toContain('remember');
  });

  it('remembers an event of a forwarder even when this server forwards nothing', () => {
    const { intake, steps } = setUp();
    intake.accept(received, RAW, 1);
    expect(steps).toContain('remember');
  });

  it('drops an event of a forwarder whose id was processed', () => {
    const { intake, steps } = setUp({ isProcessed: true });
    intake.accept(received, RAW, 1);
    expect(steps).toEqual([]);
  });

  it('does not look up the ids of events that come from the CAD, which are new each time', () => {
    const { intake, steps } = setUp({ isProcessed: true });
    intake.accept(received, RAW, 0);
    expect(steps).toContain('queue for dispatch');
  });

  it('drops an event that the CAD has sent by the other transport already', () => {
    const { intake, steps } = setUp({ isDuplicate: true, isForwarding: true });
    intake.accept(received, RAW, 0);
    expect(steps).toEqual([]);
  });

  it('does not remember an event that could not be stored, so that its sender can send it again', () => {
    const { intake, steps } = setUp({ enqueueFails: true });
    expect(() => intake.accept(received, RAW, 1)).toThrow('out of memory');
    expect(steps).toEqual(['count', 'record']);
  });

  it('counts and records a refused request', () => {
    const { intake, steps } = setUp();
    intake.refuse('wrong-key');
    expect(steps).toEqual(['count refusal', 'record refusal']);
  });
});
