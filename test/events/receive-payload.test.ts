import { describe, expect, it } from '@jest/globals';
import { createKeyRing } from '../../src/events/api-keys.ts';
import { receivePayload } from '../../src/events/receive.ts';
import { cutKeys, withKey, withoutKey } from '../../src/forward/outbox/outgoing-bodies.ts';
import { eventFixtures } from './fixtures.ts';

const KEY = 'a-key-for-testing';
const keys = createKeyRing([KEY, 'another-key-for-testing']);
const receive = (payload: unknown) => receivePayload(payload, keys, KEY, 7);
const panic = { type: 'event_unit_panic', data: { identIds: [12], isPanic: true } };

/** As no JSON can be. */
const endless: Record<string, unknown> = { type: 'T' };
endless.self = endless;

/** What a target gets that wants the key, and one that does not. */
function forwarded(payload: unknown): [string, string] {
  const result = receive(payload);
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
    const result = receive(payload);
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
      expect(receive(body)).toMatchObject({ accepted: true, event: { valid: true } });
    },
  );

  it.each([
    ['of another community', 'somebody-elses-key-here', 'wrong-key'],
    ['that is a number', 7, 'no-key'],
    ['that is a list', [KEY], 'no-key'],
  ])('refuses a key %s', (_what, key, reason) => {
    expect(receive({ ...panic, key })).toEqual({ accepted: false, reason });
    expect(receive(JSON.stringify({ ...panic, key }))).toEqual({ accepted: false, reason });
  });

  it.each([
    ['text that is no JSON', '{"type":'],
    ['a list', [panic]],
    ['nothing', undefined],
    ['a number', 5],
    ['text that holds a list', '[1]'],
    ['an object that refers to itself', endless],
  ])('refuses %s', (_what, payload) => {
    expect(receive(payload)).toMatchObject({ accepted: false, reason: 'invalid-json' });
  });

  it('refuses an event without a type', () => {
    expect(receive({ data: {} })).toEqual({ accepted: false, reason: 'invalid-type' });
  });

  it('takes 1 MiB and no more, as text and as an object, counted in bytes', () => {
    const filled = (bytes: number) => ({ type: 'T', data: 'ä'.repeat(bytes / 2) });
    const frame = JSON.stringify(filled(0)).length;
    const most = 1024 * 1024 - frame;
    expect(receive(filled(most))).toMatchObject({ accepted: true });
    expect(receive(JSON.stringify(filled(most)))).toMatchObject({ accepted: true });
    expect(receive(filled(most + 2))).toEqual({ accepted: false, reason: 'too-long' });
    expect(receive(JSON.stringify(filled(most + 2)))).toEqual({ accepted: false, reason: 'too-long' });
  });

  it('hands on nothing that is nested too deep for the game server', () => {
    const result = receive(`{"type":"T","data":${'['.repeat(600)}${']'.repeat(600)}}`);
    expect(result).toMatchObject({ accepted: true, event: { data: null, valid: false } });
  });

  it('takes the key out wherever it stands, although the envelope has none', () => {
    const result = receive({ type: 'T', data: { note: `see ${KEY}`, [KEY]: 1 } });
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
