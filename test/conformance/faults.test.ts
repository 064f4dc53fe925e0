import { afterAll, beforeAll, beforeEach, describe, it } from '@jest/globals';
import { callFaults } from './faults/call-faults.ts';
import { messageFaults } from './faults/message-faults.ts';
import { unitFaults } from './faults/unit-faults.ts';
import type { Fault } from './faults/units-and-calls.ts';
import { type System, startResource } from './system.ts';

const faults: readonly Fault[] = [...unitFaults, ...callFaults, ...messageFaults];

describe('of the faults that the official resource has, this one', () => {
  let system: System;
  beforeAll(async () => {
    system = await startResource();
  });
  afterAll(() => system.close());
  beforeEach(() => system.restart());

  it.each(faults.map((fault) => [fault.number, fault.name, fault] as const))(
    'does not have number %i: %s',
    async (_number, _name, { check }) => {
      await check(system);
    },
  );
});
