import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { manifest, printedBy } from '../packages/fxhost/test/server-with.ts';
import { projectRoot } from '../scripts/project-root.ts';
import type { ForwardingStatus, LaneStatus } from '../src/forward/forwarding-status.ts';
import { documentedListener } from './forward/documented-listener.ts';
import { startListener } from './forward/listener-process.ts';
import { type HttpTarget, numberedEventsOf, startHttpTarget } from './http-target.ts';
import { KEY, payload, type ServedResource, serveResource } from './serve-resource.ts';
import { until } from './until.ts';

/** Less than the default, so that it is soon clear that there will be no answer; a busy machine answers within that. */
const PATIENCE_MS = 2_000;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const event = (number: number): string => JSON.stringify({ key: KEY, type: 'EVENT_NUMBERED', data: { number } });

const target = (name: string, url: string, more: object = {}) => ({ name, url, ...more });
const forwardingTo = (...targets: object[]) => ({
  enablePushEventForwarding: true,
  pushEventForwardTargets: targets,
  pushEventForwardRetrySeconds: [0.3],
});

type Closing = (close: () => Promise<void> | void) => void;

/** Runs a test that opens things, and closes them in reverse. */
function scene(act: (closing: Closing) => Promise<void>): () => Promise<void> {
  return async () => {
    const open: (() => Promise<void> | void)[] = [];
    try {
      await act((close) => open.push(close));
    } finally {
      for (const close of open.reverse()) await close();
    }
  };
}

async function serve(closing: Closing, config: object): Promise<ServedResource> {
  const served = await serveResource({ config });
  closing(() => served.close());
  served.host.ensure('sonorancad');
  return served;
}

async function startTarget(closing: Closing): Promise<HttpTarget> {
  const target = await startHttpTarget();
  closing(() => target.close());
  return target;
}

const orderAt = (target: HttpTarget) => numberedEventsOf(target).order;

function statusOf({ host }: ServedResource): ForwardingStatus {
  return host.callExport('sonorancad', 'getForwardingStatus') as ForwardingStatus;
}

/** @returns null while what an earlier run left is still being read */
function laneOf(served: ServedResource, name: string): LaneStatus | null {
  const { recovering, targets } = statusOf(served);
  return recovering ? null : (targets.find((lane) => lane.target === name) ?? null);
}

async function postAll({ post }: ServedResource, bodies: readonly string[]): Promise<void> {
  for (const body of bodies) expect(await post(body)).toEqual([200, 'ok']);
}

describe('forwarding on the stand-in', () => {
  it.concurrent(
    'brings events to the target with which docs/forwarding.md begins, after a reload, at the path that it adds',
    scene(async (closing) => {
      const bot = await startTarget(closing);
      const page = readFileSync(join(projectRoot, 'docs/forwarding.md'), 'utf8');
      const shown = /```json\n(.*?)```/s.exec(page)?.[1] ?? '';
      const served = await serve(closing, {});
      served.configure(JSON.parse(shown.replace('http://127.0.0.1:30150', new URL(bot.url).origin)));
      served.host.execute('sonorancad reload');
      served.host.execute('sonorancad forward status');
      await until(() => printedBy(served.host, 'sonorancad').some((line) => /^bot\b/.test(line)));
      await postAll(served, [event(1)]);
      await bot.count(1);
      expect(bot.received[0]).toMatchObject({ path: '/sonorancad/event', body: Buffer.from(event(1)) });
    }),
  );

  it.concurrent(
    'names a unit to Discord by what the events said of it',
    scene(async (closing) => {
      const channel = await startTarget(closing);
      const served = await serve(closing, forwardingTo(target('channel', channel.url, { format: 'discord' })));
      await postAll(served, [payload('EVENT_UNIT_LOGIN')]);
      await channel.count(1);
      await postAll(served, [payload('EVENT_UNIT_PANIC')]);
      await channel.count(2);
      const { embeds } = JSON.parse(channel.received[1]?.body.toString() ?? '');
      expect(embeds[0].fields).toMatchObject([{ name: 'Units', value: '1-ADAM-12 · Jim Reed (12), 18' }]);
    }),
  );

  it.concurrent(
    'keeps the queue of a target that is down over a restart, and delivers it in order',
    scene(async (closing) => {
      const bot = await startTarget(closing);
      bot.down = true;
      const served = await serve(closing, forwardingTo(target('bot', bot.url)));
      await postAll(served, numbers(20).map(event));
      served.host.restart('sonorancad');
      await postAll(served, numbers(30).slice(20).map(event));
      served.host.restart('sonorancad');
      expect(orderAt(bot)).toEqual([]);
      bot.down = false;
      await until(() => laneOf(served, 'bot')?.queued === 0);
      expect(orderAt(bot)).toEqual(numbers(30));
      expect(laneOf(served, 'bot')?.counts).toMatchObject({ recovered: 30, delivered: 30, lost: 0 });
    }),
  );

  it.concurrent(
    'takes the queue along to a changed address at a reload, and says so',
    scene(async (closing) => {
      const [before, after] = [await startTarget(closing), await startTarget(closing)];
      before.down = true;
      const served = await serve(closing, forwardingTo(target('bot', before.url)));
      await postAll(served, numbers(10).map(event));
      served.configure(forwardingTo(target('bot', after.url)));
      served.host.execute('sonorancad reload');
      const lines = printedBy(served.host, 'sonorancad').filter((line) => line.includes('has a new address'));
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain('waiting=10');
      await until(() => laneOf(served, 'bot')?.queued === 0);
      expect(orderAt(after)).toEqual(numbers(10));
      expect(orderAt(before)).toEqual([]);
    }),
  );

  it.concurrent(
    'makes dead letters of the queue of a removed target, and replays them to another when told to',
    scene(async (closing) => {
      const [bot, other] = [await startTarget(closing), await startTarget(closing)];
      bot.down = true;
      const rest = target('other', other.url, { events: ['EVENT_OF_NOBODY'] });
      const served = await serve(closing, forwardingTo(target('bot', bot.url), rest));
      await postAll(served, numbers(10).map(event));
      served.configure(forwardingTo(rest));
      served.host.execute('sonorancad reload');
      await until(() => statusOf(served).removed[0]?.deadLetters === 10);
      expect(statusOf(served)).toMatchObject({ leaving: [], removed: [{ target: 'bot', deadLetters: 10 }] });
      served.host.restart('sonorancad');
      served.host.execute('sonorancad forward replay all other');
      await until(() => other.received.length === 10);
      expect(orderAt(other)).toEqual(numbers(10));
      expect(numberedEventsOf(other).replays).toEqual(numbers(10));
      await until(() => laneOf(served, 'other')?.queued === 0);
      expect(statusOf(served).removed).toEqual([]);
    }),
  );

  it.concurrent(
    'delivers twelve events once each to a listener with the documented behaviour',
    scene(async (closing) => {
      const handled: string[] = [];
      const types = ['EVENT_NUMBERED'];
      const listener = await startHttpTarget(
        documentedListener(KEY, types, (_id, body) => handled.push(JSON.stringify(body))),
      );
      closing(() => listener.close());
      const url = `http://127.0.0.1:${listener.port}`;
      const served = await serve(closing, forwardingTo(target('bot', url, { timeoutMs: PATIENCE_MS })));
      await postAll(served, [...numbers(6).map(event), event(0).replace('EVENT_NUMBERED', 'EVENT_UNHEARD_OF')]);
      await postAll(served, numbers(12).slice(6).map(event));
      await until(() => handled.length >= 12);
      await sleep(PATIENCE_MS + 500);
      // Each request has a connection of its own, so a busy listener may read two in the wrong order.
      expect(handled.toSorted()).toEqual(numbers(12).map(event).toSorted());
      expect(laneOf(served, 'bot')).toMatchObject({ silent: true, deadLetters: 0, counts: { unwanted: 1, lost: 0 } });
      expect(printedBy(served.host, 'sonorancad').filter((line) => line.includes('never answers'))).toHaveLength(1);
    }),
  );

  it.concurrent(
    // More than are sent between two probes.
    'loses none of 24 events to a documented listener that froze, was killed and started again',
    scene(async (closing) => {
      const types = ['EVENT_NUMBERED'];
      const frozen = await startListener(KEY, types);
      closing(() => frozen.kill());
      const url = `http://127.0.0.1:${frozen.port}`;
      const served = await serve(closing, forwardingTo(target('bot', url, { timeoutMs: PATIENCE_MS })));
      await postAll(served, [event(0)]);
      await until(() => laneOf(served, 'bot')?.silent === true);
      frozen.freeze();
      await postAll(served, numbers(24).map(event));
      await until(() => laneOf(served, 'bot')?.state === 'parked');
      expect(laneOf(served, 'bot')).toMatchObject({ state: 'parked', queued: 24 });
      await frozen.kill();
      const next = await startListener(KEY, types, frozen.port);
      closing(() => next.kill());
      await until(() => new Set(next.handled).size >= 24);
      expect(new Set(next.handled).size).toBe(24);
      expect(frozen.handled).toHaveLength(1);
    }),
  );

  it.concurrent(
    'forwards a status that changes to and fro sixty times, and loses none that a forwarder sent so often',
    scene(async (closing) => {
      const bot = await startTarget(closing);
      const served = await serve(closing, forwardingTo(target('bot', `http://127.0.0.1:${bot.port}/`)));
      const bodies = numbers(60).map((number) =>
        JSON.stringify({ key: KEY, type: 'EVENT_UNIT_STATUS', data: { identIds: [12], status: 2 + (number % 2) } }),
      );
      await postAll(served, bodies);
      await until(() => bot.received.length >= 60);
      expect(bot.received.map(({ body }) => String(body))).toEqual(bodies);

      const path = '/sonorancad/event';
      for (const body of bodies)
        expect(await served.post(body, path, { 'x-sonorancad-hop': '1' })).toEqual([200, 'ok']);
      await until(() => bot.received.length >= 80);
      await until(() => laneOf(served, 'bot')?.queued === 0);
      expect(bot.received).toHaveLength(80);
      expect(laneOf(served, 'bot')).toMatchObject({
        deadLetters: 40,
        counts: { accepted: 120, delivered: 80, lost: 0 },
      });
      served.host.execute('sonorancad forward list bot');
      const listed = printedBy(served.host, 'sonorancad').filter((line) => line.includes('EVENT_UNIT_STATUS'));
      expect(
        listed.filter((line) => line.includes('came from a forwarder more than 10 times within 10 s')),
      ).toHaveLength(40);
      served.host.execute('sonorancad forward replay all');
      await until(() => bot.received.length >= 120);
      const statuses = bot.received.slice(80).map(({ body }) => String(body));
      expect(statuses).toEqual(bodies.slice(20));
      expect(laneOf(served, 'bot')).toMatchObject({ deadLetters: 0 });
    }),
  );

  it.concurrent(
    'dispatches a 911 call once on each of two servers that forward to one another, and once more for each replay',
    scene(async (closing) => {
      const [one, other] = [await serve(closing, {}), await serve(closing, {})];
      for (const served of [one, other]) {
        served.add('consumer', COUNTING_JS);
        served.host.ensure('consumer');
      }
      const lead = (from: ServedResource, ...targets: object[]) => {
        from.configure(forwardingTo(...targets));
        from.host.execute('sonorancad reload');
      };
      const at = ({ host }: ServedResource) => target('peer', `${host.url}/sonorancad/event`);
      const got = () => [one, other].map(({ host }) => host.callExport('consumer', 'got') as string[]);
      const isDone = () => [one, other].every((served) => laneOf(served, 'peer')?.queued === 0);
      lead(one, at(other));
      lead(other, at(one));
      await postAll(one, [payload('EVENT_911')]);
      await until(() => got()[1]?.length === 1 && isDone());
      const [id = ''] = got()[0] ?? [];
      expect(got()).toEqual([[id], [id]]);
      expect(laneOf(other, 'peer')?.counts).toMatchObject({ accepted: 1, delivered: 1 });

      // The answer was lost: here and after a restart, by whichever way it comes.
      const again = { 'webhook-id': id, 'x-sonorancad-hop': '1' };
      const repeat = () => other.post(payload('EVENT_911'), '/sonorancad/event', again);
      expect(await repeat()).toEqual([200, 'ok']);
      other.host.restart('sonorancad');
      expect(await repeat()).toEqual([200, 'ok']);
      await until(isDone);
      expect(got()).toEqual([[id], [id]]);

      lead(one, target('peer', 'http://127.0.0.1:1'));
      await postAll(one, [payload('EVENT_911')]);
      lead(one);
      await until(() => statusOf(one).removed[0]?.deadLetters === 1);
      lead(one, at(other));
      one.host.execute('sonorancad forward replay all peer');
      await until(() => got()[0]?.length === 3 && isDone());
      const second = got()[0]?.[1] ?? '';
      // Back at the first, the replay is one that it has not had either.
      expect(got()).toEqual([
        [id, second, `${second}.r1`],
        [id, `${second}.r1`],
      ]);
    }),
  );

  it.concurrent(
    'tells other resources how it is doing, and replays for them',
    scene(async (closing) => {
      let status = 422;
      const bot = await startHttpTarget((_request, response) => response.writeHead(status).end());
      closing(() => bot.close());
      const served = await serve(closing, forwardingTo(target('bot', `http://127.0.0.1:${bot.port}/`)));
      served.add('from-lua', { 'fxmanifest.lua': manifest(`server_script 'main.lua'`), 'main.lua': ASKING_LUA });
      served.add('from-js', ASKING_JS);
      for (const name of ['from-lua', 'from-js']) served.host.ensure(name);
      await postAll(served, numbers(2).map(event));
      await until(() => laneOf(served, 'bot')?.deadLetters === 2);
      for (const name of ['from-lua', 'from-js']) {
        served.host.execute(`ask-${name}`);
        const lines = printedBy(served.host, name);
        expect(lines.slice(0, 2)).toEqual(['bot is open and has 2 dead letters', 'nothing to replay: 0']);
        expect(lines.at(-1)).toBe('refused');
      }
      status = 200;
      for (const name of ['from-lua', 'from-js']) served.host.execute(`replay-${name}`);
      expect(printedBy(served.host, 'from-lua').at(-1)).toBe('on the way: 2');
      await until(() => laneOf(served, 'bot')?.queued === 0 && laneOf(served, 'bot')?.deadLetters === 0);
      expect(laneOf(served, 'bot')).toMatchObject({ queued: 0, deadLetters: 0, counts: { delivered: 2 } });
      const ids = bot.received.map(({ headers }) => headers['webhook-id']);
      expect(ids.slice(2)).toEqual(ids.slice(0, 2).map((id) => `${id}.r1`));
    }),
  );
});

const COUNTING_JS = `
const ids = [];
on('sonorancad:pushEvent', ({ id }) => ids.push(id));
exports('got', () => ids);
`;

const ASKING_LUA = `
RegisterCommand('ask-from-lua', function()
  for _, lane in ipairs(exports.sonorancad:getForwardingStatus().targets) do
    print(('%s is %s and has %d dead letters'):format(lane.target, lane.state, lane.deadLetters))
  end
  print('nothing to replay: ' .. exports.sonorancad:replayForwarding('an-id-of-nothing'))
  if not pcall(function() return exports.sonorancad:replayForwarding(5) end) then print('refused') end
end, true)
RegisterCommand('replay-from-lua', function()
  print('on the way: ' .. exports.sonorancad:replayForwarding('all', 'bot'))
end, true)
`;

const ASKING_JS = `
RegisterCommand('ask-from-js', () => {
  for (const lane of exports.sonorancad.getForwardingStatus().targets)
    console.log(lane.target + ' is ' + lane.state + ' and has ' + lane.deadLetters + ' dead letters');
  console.log('nothing to replay: ' + exports.sonorancad.replayForwarding('an-id-of-nothing'));
  try { exports.sonorancad.replayForwarding(5); } catch { console.log('refused'); }
}, true);
RegisterCommand('replay-from-js', () => console.log('on the way: ' + exports.sonorancad.replayForwarding('all')), true);
`;
