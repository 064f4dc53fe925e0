import { describe, expect, it, jest } from '@jest/globals';
import { createKeyRing } from '../../src/events/api-keys.ts';
import { catalogue } from '../../src/events/catalogue/catalogue.ts';
import { receiveEvent } from '../../src/events/receive.ts';

const KEY = 'a-key-for-testing';
const keys = createKeyRing([KEY]);
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
