import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { faults } from './faults/faults.ts';
import { type System, startDouble, startResource } from './system.ts';

const table = faults.map((fault) => [fault.number, fault.name, fault] as const);

describe.each([
  ['this resource', startResource],
  ['the faulty double', startDouble],
])('%s', (who, start) => {
  let system: System;
  beforeAll(async () => {
    system = await start();
  });
  afterAll(() => system.close());
  beforeEach(() => system.restart());

  it('works as far as both do', async () => {
    const data = { unit: { id: 12, status: 2, data: { apiIds: [], unitNum: 'U-12' } }, isDispatch: false };
    const heard = await system.push('EVENT_UNIT_LOGIN', data);
    expect(heard.map(({ name }) => name)).toEqual(['SonoranCAD::pushevents:UnitLogin']);
    const dispatch = { callId: 501, status: 1, notes: [], idents: [], metaData: {} };
    await system.push('EVENT_DISPATCH_NEW', { dispatch });
    await system.push('EVENT_911', { call: { callId: 302, caller: 'A', metaData: {} } });
    for (const language of ['js', 'lua'] as const)
      expect(system.caches(language)).toEqual({
        units: '12:2',
        place: 1,
        calls: ['501 CALL_NEW 1 units  notes 0'],
        emergencies: ['302 A'],
      });
  });

  if (who === 'this resource') {
    it.each(table)('does not have fault %i: %s', async (_number, _name, { check }) => {
      await check(system);
    });
  } else {
    it.each(table)('has fault %i: %s', async (_number, _name, { check }) => {
      await expect(check(system)).rejects.toThrow('expect(');
    });
  }
});

it('knows all 24 faults but the one about two ways of delivery', () => {
  const numbers = Array.from({ length: 24 }, (_, index) => index + 1);
  expect(faults.map((fault) => fault.number)).toEqual(numbers.filter((number) => number !== 23));
});
