import { callFaults } from './call-faults.ts';
import type { Fault } from './fault.ts';
import { messageFaults } from './message-faults.ts';
import { unitFaults } from './unit-faults.ts';

/** All of them, in the order of their numbers. */
export const faults: readonly Fault[] = [...unitFaults, ...callFaults, ...messageFaults].sort(
  (a, b) => a.number - b.number,
);
