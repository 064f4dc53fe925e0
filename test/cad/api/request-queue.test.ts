import { expect, it } from '@jest/globals';
import { createRequestQueue } from '../../../src/cad/api/request-queue.ts';
import { createManualClock } from '../../manual-clock.ts';

it('settles a request whose attempt failed in a way that nobody foresaw', async () => {
  const queue = createRequestQueue({ ...createManualClock(), soon: (callback) => void setImmediate(callback) });
  const result = await queue.submit({
    endpoint: 'GET /anything',
    perMinute: 10,
    mark: null,
    mustBeNew: false,
    mayWait: true,
    refusal: () => null,
    attempt: () => ({ outcome: Promise.reject(new Error('a fault of ours')), abort: () => {} }),
  });
  expect(result).toMatchObject({ ok: false, error: { kind: 'unreadable', message: 'a fault of ours' } });
  expect(queue.status()).toMatchObject([{ underWay: 0, waiting: 0 }]);
});
