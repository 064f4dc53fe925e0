import { describe } from '@jest/globals';
import { NATS_SERVER } from '../scripts/nats-server.ts';

/** As `describe`, where there is a nats-server; `npm test` says what was left out without one. */
export const describeWithNats: typeof describe | typeof describe.skip = NATS_SERVER === null ? describe.skip : describe;
