import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { catalogue } from '../../src/push-events/catalogue/catalogue.ts';
import { normalise } from '../../src/push-events/normalise.ts';

const fail = () => {
  throw new TypeError('x is not a function');
};
const failed = {
  data: { identIds: [12] },
  valid: false,
  issues: ['data: not looked at, through a fault of sonorancad itself'],
  fault: 'x is not a function',
};

describe('a fault of our own', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('while an event is read loses no event, and does not call the data wrong', () => {
    jest.spyOn(catalogue.EVENT_UNIT_PANIC, 'canonicalise').mockImplementation(fail);
    expect(normalise('EVENT_UNIT_PANIC', { data: [{ identIds: [12] }] })).toEqual(failed);
  });

  it('while a schema is prepared is not taken for an engine that forbids code made from text', () => {
    jest.spyOn(catalogue.EVENT_UNIT_PANIC, 'schema').mockImplementationOnce(fail);
    const body = { data: { identIds: [12] } };
    expect(normalise('EVENT_UNIT_PANIC', body)).toEqual(failed);
    // From then on the schema itself is asked.
    expect(normalise('EVENT_UNIT_PANIC', body)).toMatchObject({ valid: true });
  });
});
