import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, it } from '@jest/globals';
import { printedBy } from '../../fxhost/write-resource.ts';
import { payload, postDirectly, type ServedResource, serveResource } from '../../serve-resource.ts';

let served: ServedResource;
afterEach(() => served.close());

it('an event is answered before a subscriber that blocks for 200 ms is called', async () => {
  served = await serveResource();
  served.add(
    'consumer',
    `exports.sonorancad.onPushEvent('*', () => {
      for (const end = Date.now() + 200; Date.now() < end; );
      print('has blocked');
    });`,
  );
  for (const name of ['sonorancad', 'consumer']) served.host.ensure(name);
  served.host.tick(2);
  const seen: string[] = [];
  const answered = postDirectly(served.host, payload('EVENT_UNIT_LOGOUT')).then(({ status }) => {
    seen.push(`answered ${status}`, ...printedBy(served.host, 'consumer'));
  });
  while (printedBy(served.host, 'consumer').length === 0) await setImmediate();
  seen.push(...printedBy(served.host, 'consumer'));
  await answered;
  expect(seen).toEqual(['answered 200', 'has blocked']);
});
