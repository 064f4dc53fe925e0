import { describe, expect, it } from '@jest/globals';
import { eventJson } from '../../../src/program/print/lines.ts';
import { eventOf } from '../../event-of.ts';

describe('an event as JSON', () => {
  it('is the event, on one line without what controls a terminal', () => {
    const name = 'a\n\u001b[0m\u009b\u2028\u202e\u{e0001}\u200d\0 ä 🚒';
    const event = { ...eventOf('EVENT_UNIT_LOGOUT', { identId: 5 }), data: { name } };
    const json = eventJson(event as never);
    expect(JSON.parse(json)).toEqual(event);
    expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(json).toContain('ä 🚒');
  });
});
