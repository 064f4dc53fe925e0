import { afterEach, expect, it, jest } from '@jest/globals';
import { catalogue } from '../../src/push-events/catalogue/catalogue.ts';
import { prepareTypes } from '../../src/push-events/prepare-types.ts';
import { createManualClock } from '../manual-clock.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

it('asks for the schema of one type after the other, tells of one that fails, and ends', async () => {
  const asked: string[] = [];
  for (const entry of Object.values(catalogue)) {
    const { schema } = entry;
    jest.spyOn(entry, 'schema').mockImplementation(() => {
      asked.push(entry.type);
      if (entry.type === 'EVENT_TONE') throw new Error('a fault of ours');
      return schema();
    });
  }
  const clock = createManualClock();
  const reported: unknown[] = [];
  prepareTypes(clock, (error) => reported.push(error));
  expect(asked).toEqual([]);
  await clock.advance(200);
  expect(asked).toHaveLength(2);
  await clock.advance(10_000);
  expect(asked).toEqual(Object.keys(catalogue));
  expect(reported).toMatchObject([{ message: 'a fault of ours' }]);
});

it('stops with the resource', async () => {
  const asked = jest.spyOn(catalogue.EVENT_UNIT_UPDATE, 'schema');
  const clock = createManualClock();
  prepareTypes(clock, () => {})();
  await clock.advance(10_000);
  expect(asked).not.toHaveBeenCalled();
});
