import { expect, it } from '@jest/globals';
import { normalise } from '../../src/events/normalise.ts';

it('loses no event by a fault of our own while it is read, and does not call the data wrong', () => {
  const data = {
    get identIds() {
      throw new TypeError('x is not a function');
    },
  };
  expect(normalise('EVENT_UNIT_PANIC', { data: [data] })).toMatchObject({
    valid: false,
    issues: ['data: not read, because of a fault of sonorancad itself'],
    fault: 'x is not a function',
  });
});
