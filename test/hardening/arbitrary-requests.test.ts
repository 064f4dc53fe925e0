import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { printedBy } from '../fxhost/write-resource.ts';
import { postDirectly, type ServedResource, serveResource } from '../serve-resource.ts';
import { arbitraryBody } from './arbitrary-requests.ts';
import { jsRecorder, luaRecorder, takenBy } from './recorders.ts';

const ANSWERS =
  /^(200 ok( \(data not understood: .+\))?|400 (Authentication Key Failed!|Invalid (JSON|Type))|429 .+)$/s;

describe('arbitrary requests', () => {
  let served: ServedResource;
  const counts: Record<number, number> = {};
  beforeAll(async () => {
    served = await serveResource();
    served.add('js', jsRecorder());
    served.add('lua', luaRecorder());
    for (const resource of ['js', 'lua', 'sonorancad']) served.host.ensure(resource);
  });
  afterAll(() => served.close());

  function check(status: number, text: string) {
    expect(`${status} ${text}`).toMatch(ANSWERS);
    counts[status] = (counts[status] ?? 0) + 1;
  }

  it('are each answered as documented, past the sockets', async () => {
    const property = fc.asyncProperty(arbitraryBody, async (body) => {
      const answer = await postDirectly(served.host, body);
      check(answer.status, answer.body.toString());
      // Without a turn for the event loop nothing would be dispatched, and the queue would be full in the end.
      await setImmediate();
    });
    await fc.assert(property, { numRuns: 500 });
  });

  it('are each answered as documented, over HTTP', async () => {
    const property = fc.asyncProperty(arbitraryBody, async (body) => check(...(await served.post(body))));
    await fc.assert(property, { numRuns: 50 });
  });

  it('were mostly accepted, reached both consumers all the same, and no step of theirs failed', async () => {
    const { js = [], lua = [] } = await takenBy(served.host, ['js', 'lua']);
    const accepted = counts[200] ?? 0;
    expect(accepted).toBeGreaterThan(330);
    for (const taken of [js, lua])
      for (const way of ['export', 'event']) expect(taken.filter(([each]) => each === way)).toHaveLength(accepted);
    expect(
      printedBy(served.host, 'sonorancad').filter((line) => line.includes('failed') || line.includes('could not')),
    ).toEqual([]);
    expect(served.host.lines.filter((line) => /error/i.test(line) && !line.startsWith('[script:sonorancad]'))).toEqual(
      [],
    );
  });
});
