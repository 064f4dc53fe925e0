import { describe, expect, it, jest } from '@jest/globals';
import { createKeyRing } from '../../src/events/api-keys.ts';
import { catalogue } from '../../src/events/catalogue/catalogue.ts';
import type { PushEvent } from '../../src/events/push-event.ts';
import { logReceived, receiveEvent, receivePayload } from '../../src/events/receive.ts';
import { cutKeys, withKey, withoutKey } from '../../src/forward/outbox/outgoing-bodies.ts';
import { createRecordingLog } from '../recording-log.ts';
import { eventFixtures } from './fixtures.ts';

const KEY = 'a-key-for-testing';
const keys = createKeyRing([KEY, 'another-key-for-testing']);
const receive = (rest: string) => receiveEvent(Buffer.from(`{"key":"${KEY}",${rest}}`), keys, 'http', 7);
const lists = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('receiveEvent', () => {
  it('takes data out of a list of one, in the event and in the body', () => {
    expect(receive('"type":"t","data":[{"a":1}],"more":2')).toMatchObject({
      accepted: true,
      event: { type: 'T', data: { a: 1 }, valid: true, receivedAt: 7, source: 'http' },
      body: { type: 't', data: { a: 1 }, more: 2 },
    });
  });

  it('gives a body as it is when it is nested as deep as the game server can hand on', () => {
    const result = receive(`"type":"T","data":${lists(499)}`);
    expect(result).toMatchObject({ accepted: true, event: { valid: true } });
  });

  it('tells of a fault of its own beside the event, not in it', () => {
    const gather = jest.spyOn(catalogue.GET_LOGS, 'gather').mockImplementation(() => {
      throw new Error('something with text from the data');
    });
    const result = receive('"type":"GET_LOGS","data":{"logKey":"12"}');
    gather.mockRestore();
    expect(result).toMatchObject({ accepted: true, fault: 'something with text from the data' });
    expect(result).toHaveProperty('event.valid', false);
    expect(JSON.stringify(result.accepted && result.event)).not.toContain('something');
    expect(receive('"type":"GET_LOGS","data":{"logKey":"12"}')).not.toHaveProperty('fault');
  });

  it.each([
    ['in its data', `"type":"T","data":${lists(500)}`],
    ['anywhere else', `"type":"T","data":1,"more":[${lists(30_000)}]`],
    ['in objects', `"type":"T","data":${'{"a":'.repeat(500)}1${'}'.repeat(500)}`],
  ])('leaves out what is nested deeper than that, %s', (_where, rest) => {
    const issues = ['data: expected at most 500 levels of nesting, got more'];
    expect(receive(rest)).toMatchObject({
      accepted: true,
      event: { type: 'T', data: null, valid: false, issues },
      body: { type: 'T', data: null },
    });
  });
});

const take = (payload: unknown) => receivePayload(payload, keys, KEY, 7);
const panic = { type: 'event_unit_panic', data: { identIds: [12], isPanic: true } };

/** As no JSON can be. */
const endless: Record<string, unknown> = { type: 'T' };
endless.self = endless;

/** What a target gets that wants the key, and one that does not. */
function forwarded(payload: unknown): [string, string] {
  const result = take(payload);
  if (!result.accepted) throw new Error(result.reason);
  const keyless = cutKeys(result.raw);
  return [withKey(keyless, KEY).toString(), withoutKey(keyless).toString()];
}

describe('receivePayload', () => {
  it.each([
    ['text', JSON.stringify(panic)],
    ['an object', panic],
    ['text with the key', JSON.stringify({ key: KEY.toUpperCase(), ...panic })],
    ['an object with another configured key', { ...panic, key: 'another-key-for-testing' }],
    ['an object whose key is null', { ...panic, key: null }],
    ['text whose key is empty', JSON.stringify({ ...panic, key: '' })],
  ])('takes %s', (_what, payload) => {
    const result = take(payload);
    expect(result).toMatchObject({
      accepted: true,
      event: { type: 'EVENT_UNIT_PANIC', source: 'websocket', receivedAt: 7, valid: true, data: panic.data },
      body: panic,
    });
    expect(result).not.toHaveProperty('body.key');
  });

  it.each(eventFixtures().map(({ name, body: { key: _key, ...body } }) => [name, body] as const))(
    'understands %s as HTTP does',
    (_name, body) => {
      expect(take(body)).toMatchObject({ accepted: true, event: { valid: true } });
    },
  );

  it.each([
    ['of another community', 'somebody-elses-key-here', 'wrong-key'],
    ['that is a number', 7, 'no-key'],
    ['that is a list', [KEY], 'no-key'],
  ])('refuses a key %s', (_what, key, reason) => {
    expect(take({ ...panic, key })).toEqual({ accepted: false, reason });
    expect(take(JSON.stringify({ ...panic, key }))).toEqual({ accepted: false, reason });
  });

  it.each([
    ['text that is no JSON', '{"type":'],
    ['a list', [panic]],
    ['nothing', undefined],
    ['a number', 5],
    ['text that holds a list', '[1]'],
    ['an object that refers to itself', endless],
  ])('refuses %s', (_what, payload) => {
    expect(take(payload)).toMatchObject({ accepted: false, reason: 'invalid-json' });
  });

  it('refuses an event without a type', () => {
    expect(take({ data: {} })).toEqual({ accepted: false, reason: 'invalid-type' });
  });

  it('takes 1 MiB and no more, as text and as an object, counted in bytes', () => {
    const filled = (bytes: number) => ({ type: 'T', data: 'ä'.repeat(bytes / 2) });
    const frame = JSON.stringify(filled(0)).length;
    const most = 1024 * 1024 - frame;
    expect(take(filled(most))).toMatchObject({ accepted: true });
    expect(take(JSON.stringify(filled(most)))).toMatchObject({ accepted: true });
    expect(take(filled(most + 2))).toEqual({ accepted: false, reason: 'too-large' });
    expect(take(JSON.stringify(filled(most + 2)))).toEqual({ accepted: false, reason: 'too-large' });
  });

  it('hands on nothing that is nested too deep for the game server', () => {
    const result = take(`{"type":"T","data":${'['.repeat(600)}${']'.repeat(600)}}`);
    expect(result).toMatchObject({ accepted: true, event: { data: null, valid: false } });
  });

  it('takes the key out wherever it stands, although the envelope has none', () => {
    const result = take({ type: 'T', data: { note: `see ${KEY}`, [KEY]: 1 } });
    expect(result).toMatchObject({ accepted: true, event: { data: { note: 'see (API key removed)' } } });
    if (result.accepted) expect(JSON.stringify([result.event, result.body])).not.toContain(KEY);
  });

  it('gives for forwarding what HTTP would have brought: the key for those who want it, and the rest as it came', () => {
    const text = '{ "type": "T",  "data": {"b": 1, "a": 2} }';
    expect(forwarded(text)).toEqual([`{"key":"${KEY}", "type": "T",  "data": {"b": 1, "a": 2} }`, `{${text.slice(2)}`]);
    expect(forwarded({ type: 'T', data: 1 })).toEqual([
      `{"key":"${KEY}","type":"T","data":1}`,
      '{"type":"T","data":1}',
    ]);
    expect(forwarded(`{"key":"${KEY}","type":"T"}`)).toEqual([`{"key":"${KEY}","type":"T"}`, '{"type":"T"}']);
    expect(forwarded('{"type":"T","key":null}')).toEqual([`{"type":"T","key":"${KEY}"}`, '{"type":"T"}']);
  });
});

const NAMES = { type: 'EVENT_UNIT_PANIC', id: '1' } as const;
const unread: PushEvent = {
  ...NAMES,
  data: {},
  receivedAt: 0,
  source: 'websocket',
  valid: false,
  issues: ['data: first', 'data: second'],
};

function linesFor(event: PushEvent, fault?: string) {
  const log = createRecordingLog();
  logReceived({ accepted: true, event, body: {}, ...(fault === undefined ? {} : { fault }) }, log);
  return log.lines.map(({ level, fields }) => [level, fields]);
}

const received = ['debug', { ...NAMES, source: 'websocket' }];

describe('in the log', () => {
  it('an event that was understood is a debug line', () => {
    expect(linesFor({ ...unread, valid: true, data: { identIds: [1], isPanic: true } } as PushEvent)).toEqual([
      received,
    ]);
  });

  it('one whose data was not understood is a warning too, with the first reason', () => {
    expect(linesFor(unread)).toEqual([received, ['warn', { ...NAMES, reason: 'data: first' }]]);
  });

  it('one that this resource failed at is an error of its own', () => {
    expect(linesFor(unread, 'x is undefined')).toEqual([received, ['error', { ...NAMES, reason: 'x is undefined' }]]);
  });
});
