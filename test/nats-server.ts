import { describe } from '@jest/globals';
import { NATS_SERVER } from '../scripts/nats-server.ts';

/** As `describe`, where there is a nats-server. */
export const describeWithNats: typeof describe | typeof describe.skip =
  NATS_SERVER === undefined ? describe.skip : describe;
if (NATS_SERVER === undefined) process.stderr.write('There is no nats-server here: what needs one is not tested.\n');
