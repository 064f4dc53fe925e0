import type { Wording } from '../../forward/queues/attempt-log.ts';

/** What can be done about a target from the command line, where there is no console that takes commands. */
export const PROGRAM_WORDING: Wording = {
  endWait: () => 'start this program anew',
  afterGivingUp: 'it stays in the folder of --forward-dir',
  afterRemoval: 'which stay in the folder of --forward-dir',
  beginAnew: 'start this program anew',
  checkCredentials: 'check its address',
  insistOnAnswers: null,
};
