import { describe, expect, it } from '@jest/globals';
import {
  deadLetterKey,
  deadNameKey,
  eventKey,
  markKey,
  parseDeadLetterKey,
  parseDeadNameKey,
  parseEventKey,
  parseMarkKey,
  parseQueueKey,
  queueKey,
} from '../../../src/forward/outbox/store-keys.ts';

describe('the keys of the outbox', () => {
  it('say all that is needed at the start', () => {
    const event = { seq: 42, slots: 2 ** 51 + 5, size: 450, id: 'a/b c' };
    expect(eventKey(event)).toBe('o/000000000042/8000000000005/450/a%2Fb%20c');
    expect(parseEventKey(eventKey(event))).toEqual(event);
    const deadLetter = { target: 'my bot/2', seq: 42, size: 450, id: 'x' };
    expect(parseDeadLetterKey(deadLetterKey(deadLetter))).toEqual(deadLetter);
    expect(parseDeadNameKey(deadNameKey(deadLetter))).toEqual({ target: 'my bot/2', seq: 42, id: 'x' });
    expect(parseQueueKey(queueKey('my bot/2', 51))).toEqual({ target: 'my bot/2', slot: 51 });
    expect(parseMarkKey(markKey('my bot/2', 7))).toEqual({ target: 'my bot/2', seq: 7 });
  });

  it('are in the order of the events', () => {
    const keys = [9, 10, 99_999, 100_000].map((seq) => eventKey({ seq, slots: 1, size: 1, id: 'z' }));
    expect([...keys].sort()).toEqual(keys);
  });

  it.each(['o/1', 'o/000000000042/g/1/a', 'o/000000000042/1/1/a/b', 'o/000000000042/1/1/%', 'x'])(
    'are not of this layout: %s',
    (key) => {
      const parsers = [parseEventKey, parseDeadLetterKey, parseDeadNameKey, parseQueueKey, parseMarkKey];
      expect(parsers.map((parse) => parse(key))).toEqual(parsers.map(() => null));
    },
  );
});
