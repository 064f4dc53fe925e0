import { EventEmitter } from 'node:events';
import { expect, it } from '@jest/globals';
import type { RouterContext } from '@koa/router';
import { createKeyRing } from '../../src/events/api-keys.ts';
import { EventRoutes } from '../../src/http/event-routes.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingLog } from '../recording-log.ts';

const clock = createManualClock();
const done: string[] = [];
const routes = new EventRoutes({
  keys: () => createKeyRing(['a-key']),
  intake: { accept: () => void done.push('stored'), refuse() {} },
  holds: {
    measure(work) {
      done.push('begins');
      const result = work();
      done.push('ends');
      return result;
    },
  },
  answerHttpEvent: async () => ({ status: 'unhandled' }),
  readHops: () => ({ hops: 0, id: undefined }),
  peerLabel: () => () => '203.0.113.7',
  log: createRecordingLog(),
  clock,
});

/** A request whose body comes by `emit`. */
function post() {
  const req = Object.assign(new EventEmitter(), { headers: {} });
  const context = { req, status: 404, body: '', set: () => {} };
  routes.receive(context as unknown as RouterContext);
  return { req, context };
}

/** What is to be answered by now is: that takes some promises, and no time. */
const answered = () => new Promise(setImmediate);

it('gives each body 4 s of its own', async () => {
  const first = post();
  clock.advance(3_000);
  const second = post();
  clock.advance(999);
  const whole = post();
  whole.req.emit('data', Buffer.from('{"key":"a-key","type":"EVENT_TONE"}'));
  whole.req.emit('end');
  await answered();
  expect([first, second, whole].map(({ context }) => context.status)).toEqual([404, 404, 200]);
  clock.advance(1);
  await answered();
  expect(first.context.status).toBe(408);
  clock.advance(2_999);
  await answered();
  expect(second.context.status).toBe(404);
  clock.advance(1);
  await answered();
  expect(second.context.status).toBe(408);
});

it('has it measured how long an event is taken for, answer included, and not how long its body is waited for', async () => {
  done.length = 0;
  const { req, context } = post();
  Object.defineProperty(context, 'body', { set: () => done.push('answered') });
  req.emit('data', Buffer.from('{"key":"a-key","type":"EVENT_TONE"}'));
  await answered();
  expect(done).toEqual([]);
  req.emit('end');
  await answered();
  expect(done).toEqual(['begins', 'stored', 'answered', 'ends']);
});

it('waits for nothing once no body is coming', () => {
  clock.advance(4_000);
  expect(clock.waiting).toBe(0);
});
