import { afterEach, expect, it } from '@jest/globals';
import { createListener, listenerClock } from '../../../src/listener/create-push-event-listener.ts';
import type { ListeningServer, PushEvent } from '../../../src/listener/push-event-listener.ts';
import { type HttpTarget, startHttpTarget } from '../../http-target.ts';
import { until } from '../../until.ts';
import { KEY, SECRET } from '../page-samples.ts';
import { type OpenForwarder, openForwarder } from './open-forwarder.ts';

let opened: { server: ListeningServer; between: HttpTarget; forwarder: OpenForwarder } | null = null;

afterEach(async () => {
  opened?.forwarder.close();
  await opened?.between.close();
  await opened?.server.close();
  opened = null;
});

it('gets an event that was deferred after those that overtook it, once, and all others in order', async () => {
  const listener = createListener({ apiKey: KEY, secret: SECRET }, listenerClock, () => {});
  const events: PushEvent[] = [];
  listener.on('*', (event) => events.push(event));
  const server = await listener.listen(0);
  let failing: string | null = null;
  /** How often the event that fails has come. */
  let failures = 0;
  const between = await startHttpTarget(async (_request, response, { path, headers, body }) => {
    const passed = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [
      name,
      String(headers[name]),
    ]);
    if (headers['webhook-id'] === failing && events.length < 6) {
      failures += 1;
      return void response.writeHead(500).end();
    }
    const url = `http://127.0.0.1:${server.port}${path}`;
    const answer = await fetch(url, { method: 'POST', body, headers: Object.fromEntries(passed) as never });
    response.writeHead(answer.status).end(await answer.text());
  });
  const forwarder = openForwarder({ url: `http://127.0.0.1:${between.port}/sonorancad/event`, secrets: [SECRET] });
  opened = { server, between, forwarder };
  const sent = Array.from({ length: 7 }, (_, index) => {
    const { id } = forwarder.send({ type: 'EVENT_UNIT_LOGOUT', data: { identId: index } });
    failing ??= id;
    return id;
  });
  await until(() => events.length >= 7 && forwarder.isDone());
  const [late, ...others] = sent;
  expect(events.map(({ id }) => id)).toEqual([...others, late]);
  expect(failures).toBeGreaterThan(2);
});
