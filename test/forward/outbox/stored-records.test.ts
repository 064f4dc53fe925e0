import { describe, expect, it } from '@jest/globals';
import {
  deadLetterKey,
  eventKey,
  parseDeadLetterKey,
  parseEventKey,
  parseQueueKey,
  queueKey,
} from '../../../src/forward/outbox/store-keys.ts';
import {
  type DeadLetterRecord,
  decodeDeadLetter,
  decodeEvent,
  type EventRecord,
  encodeDeadLetter,
  encodeEvent,
  seal,
  sealedBytes,
  unseal,
} from '../../../src/forward/outbox/stored-records.ts';

const EVENT: EventRecord = {
  type: 'EVENT_911',
  receivedAt: 5,
  enqueuedAt: 6,
  hops: 1,
  replay: false,
  body: { bytes: Buffer.from('{"a":1}'), holes: [3] },
};
const BODIES = [
  ['plain text', Buffer.from('{"a":"Grüße 警察\\n"}')],
  ['several lines', Buffer.from('{\n"a":1\n}\n')],
  ['a NUL', Buffer.from('{"a":"\0"}')],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xc0, 0x7d])],
  ['a byte order mark', Buffer.from('\ufeff{}')],
  ['nothing', Buffer.alloc(0)],
] as const;

/** As KVP keeps it: as UTF-8, up to the first NUL. */
const asKept = (value: string) => Buffer.from(value.split('\0')[0] ?? '').toString();

describe('a stored event', () => {
  it.each(BODIES)('comes back from KVP with a body of %s', (_what, bytes) => {
    const event = { ...EVENT, body: { bytes, holes: [1, 2] } };
    expect(decodeEvent(asKept(encodeEvent(event)))).toEqual(event);
  });

  it.each(['EVENT_ÄÖ', 'a\nb', 'nul\0', '\ud800', '"'])('comes back from KVP with the type %j', (type) => {
    expect(decodeEvent(asKept(encodeEvent({ ...EVENT, type })))).toMatchObject({ type });
  });
});

describe('a stored dead letter', () => {
  const death = { reason: 'answered 422', diedAt: 7, attempts: 2 };

  it.each(BODIES)('comes back from KVP with a body of %s', (_what, bytes) => {
    const deadLetter: DeadLetterRecord = { ...death, content: { ...EVENT, body: { bytes, holes: [] } } };
    expect(decodeDeadLetter(asKept(encodeDeadLetter(deadLetter)))).toEqual(deadLetter);
  });

  it('comes back with what is left of a damaged event', () => {
    const deadLetter = { ...death, content: 'f00{"type":"EVENT_\n{"a"' };
    expect(decodeDeadLetter(encodeDeadLetter(deadLetter))).toEqual(deadLetter);
  });
});

describe('a sealed value', () => {
  const value = seal('1/queue/bot', 'Grüße');

  it('has the announced size and gives back its content', () => {
    expect(Buffer.byteLength(value)).toBe(sealedBytes('Grüße'));
    expect(unseal('1/queue/bot', value)).toBe('Grüße');
  });

  it.each([
    ['is found under another key', '1/queue/bou', value],
    ['has lost its end', '1/queue/bot', value.slice(0, -1)],
    ['has another checksum', '1/queue/bot', `0${value.slice(1)}`],
    ['is empty', '1/queue/bot', ''],
    ['is missing', '1/queue/bot', null],
  ])('gives back nothing when it %s', (_what, key, found) => {
    expect(unseal(key, found)).toBeNull();
  });
});

describe('the keys of the outbox', () => {
  it('give back what they were made of', () => {
    const event = { seq: 42, targets: ['my bot/2', 'a,b', 'log'], size: 450, id: 'a/b c' };
    expect(eventKey(event)).toBe('1/event/000000000000042/my%20bot%2F2,a%2Cb,log/450/a%2Fb%20c');
    expect(parseEventKey(eventKey(event))).toEqual(event);
    const deadLetter = { target: 'my bot/2', seq: 42, size: 450, id: 'x' };
    expect(deadLetterKey(deadLetter)).toBe('1/dead-letter/my%20bot%2F2/000000000000042/450/x');
    expect(parseDeadLetterKey(deadLetterKey(deadLetter))).toEqual(deadLetter);
    expect(parseQueueKey(queueKey('my bot/2'))).toBe('my bot/2');
  });

  it('are in the order of arrival', () => {
    const keys = [9, 10, 99_999, 100_000].map((seq) => eventKey({ seq, targets: ['z'], size: 1, id: 'z' }));
    expect([...keys].sort()).toEqual(keys);
  });

  it.each([
    '1/event/1/bot/1/a',
    '1/event/000000000000042/bot/01/a',
    '1/event/000000000000042/bot/1/a/b',
    '1/event/000000000000042/bot/1/%',
    '1/event/999999999999999999/bot/1/a',
    '2/event/000000000000042/bot/1/a',
    '1/dead-letter/bot/42/1/a',
    '1/queue/%',
    '1/queue/a b',
    'x',
    '',
  ])('are not of this layout: %j', (key) => {
    expect([parseEventKey, parseDeadLetterKey, parseQueueKey].map((parse) => parse(key))).toEqual([null, null, null]);
  });
});
