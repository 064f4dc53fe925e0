import { describe, expect, it } from '@jest/globals';
import { createKeyRing } from '../../src/events/key-ring.ts';
import { receiveEvent } from '../../src/events/receive.ts';
import { wordsOf } from '../../src/inspector/event-words.ts';
import { KEY, payload } from '../serve-resource.ts';

const keys = createKeyRing([KEY]);
/** A target's; the key was taken out when the event came in. */
const SECRET = 'whsec_c2VjcmV0';
const STATUSES = ['OFF', 'BUSY', 'FREE', 'DRIVING', 'THERE'];

/** @returns the words about an event that came in */
function wordsAbout(body: string): ReturnType<typeof wordsOf> {
  const received = receiveEvent(Buffer.from(body), keys, 'http', 0);
  if (!received.accepted) throw new Error('It was refused.');
  return wordsOf(received.event, STATUSES, (text) => text.replaceAll(SECRET, '***'));
}
const event = (type: string, data: object): string => JSON.stringify({ key: KEY, type, data });
const call = (call: object): string => event('EVENT_911', { call });

describe('the words about an event', () => {
  it('say what happened, and more in one line', () => {
    expect(wordsAbout(payload('EVENT_UNIT_STATUS')).title).toBe('Unit status: THERE');
    const { title, text } = wordsAbout(call({ callId: 7, caller: 'Ann\nOnymous', description: 'a\t\tfire' }));
    expect([title, text]).toEqual(['911 call 7', 'a fire · Caller: Ann Onymous']);
  });

  it('say no more than its type of one that is not known, and why of one that was not understood', () => {
    expect(wordsAbout(event('EVENT_NUMBERED', { number: 1 }))).toEqual({ title: '', text: '' });
    expect(wordsAbout(event('EVENT_UNIT_STATUS', { status: 'x' }))).toEqual({
      title: '',
      text: expect.stringContaining('identIds'),
    });
  });

  it('are cut, never through a character, and never so that a part of a secret is left', () => {
    expect(wordsAbout(call({ callId: 7, description: `${'x'.repeat(159)}😀` })).text).toBe(`${'x'.repeat(159)}…`);
    for (let at = 100; at < 200; at += 1) {
      const { text } = wordsAbout(call({ callId: 7, description: `${'.'.repeat(at)}${SECRET}` }));
      expect(text).not.toContain(SECRET.slice(0, 4));
    }
  });
});
