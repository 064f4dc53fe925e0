import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../scripts/project-root.ts';
import type { Condition } from '../../src/inspector/alerts.ts';
import { Alerts, createConditions } from '../../src/inspector/alerts.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingLog } from '../recording-log.ts';
import { laneOf } from './set-up-inspector.ts';

const MINUTE = 60_000;
const DISCORD = 'https://discord.example/api/webhooks/1/the-token';

function setUp(addresses = { discord: DISCORD, url: '' }) {
  const clock = createManualClock();
  const log = createRecordingLog();
  const sent: { url: string; body: { content?: string; alerts?: unknown[] } }[] = [];
  const set = { conditions: [] as Condition[], status: 204 };
  const alerts = new Alerts({
    ...{ clock, log, resourceName: 'sonorancad' },
    addresses: () => addresses,
    conditions: () => set.conditions,
    fetching: async (url, init) => {
      sent.push({ url: String(url), body: JSON.parse(String(init?.body)) });
      return new Response(set.status === 204 ? null : 'no', { status: set.status });
    },
  });
  alerts.apply();
  /** @returns what was said since the last time */
  const told = () => sent.splice(0).map(({ body }) => body.content);
  return { clock, log, set, sent, told, alerts };
}

const condition = (id: string, waitMs = 0): Condition => ({ id, waitMs, text: `${id} is down.`, over: `${id} is up.` });
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('the alerts', () => {
  it('tell once when something is wrong for so long, and once when it is over', () => {
    const { clock, set, told } = setUp();
    set.conditions = [condition('bot', 5 * MINUTE)];
    clock.advance(5 * MINUTE);
    expect(told()).toEqual([]);
    clock.advance(MINUTE);
    expect(told()).toEqual(['🔴 bot is down.']);
    clock.advance(60 * MINUTE);
    expect(told()).toEqual([]);
    set.conditions = [];
    clock.advance(MINUTE);
    expect(told()).toEqual(['🟢 bot is up.']);
    clock.advance(60 * MINUTE);
    expect(told()).toEqual([]);
  });

  it('tell nothing of what was over before', () => {
    const { clock, set, told } = setUp();
    for (let round = 0; round < 5; round += 1) {
      set.conditions = [condition('bot', 5 * MINUTE)];
      clock.advance(4 * MINUTE);
      set.conditions = [];
      clock.advance(MINUTE);
    }
    expect(told()).toEqual([]);
  });

  it('tell what begins and ends together in one message', () => {
    const { clock, set, told } = setUp();
    set.conditions = [condition('bot'), condition('map')];
    clock.advance(MINUTE);
    set.conditions = [condition('store')];
    clock.advance(MINUTE);
    expect(told()).toEqual(['🔴 bot is down.\n🔴 map is down.', '🔴 store is down.\n🟢 bot is up.\n🟢 map is up.']);
  });

  it('come ten times an hour at most; what could not be told is told later, if it is still so', () => {
    const { clock, set, told } = setUp();
    for (let round = 0; round < 30; round += 1) {
      set.conditions = round % 2 === 0 ? [condition('bot')] : [];
      clock.advance(MINUTE);
    }
    expect(told()).toHaveLength(10);
    set.conditions = [condition('store')];
    clock.advance(10 * MINUTE);
    expect(told()).toEqual([]);
    clock.advance(40 * MINUTE);
    expect(told()).toEqual(['🔴 store is down.']);
  });

  it('mention nobody in Discord, and go to any other address as JSON', () => {
    const { clock, set, sent } = setUp({ discord: DISCORD, url: 'https://alerts.example/in' });
    set.conditions = [condition('bot')];
    clock.advance(MINUTE);
    const page = readFileSync(join(projectRoot, 'docs/inspector.md'), 'utf8');
    const shown = JSON.parse(/^\{ "source": .*$/m.exec(page)?.[0] ?? '');
    expect(sent[1]?.body).toEqual({ ...shown, alerts: [{ ...shown.alerts[0], id: 'bot', text: 'bot is down.' }] });
    expect(sent).toEqual([
      {
        url: DISCORD,
        body: { username: 'sonorancad', content: '🔴 bot is down.', allowed_mentions: { parse: [] } },
      },
      {
        url: 'https://alerts.example/in',
        body: { source: 'sonorancad', alerts: [{ id: 'bot', state: 'begun', text: 'bot is down.' }] },
      },
    ]);
  });

  it('are tried three times, and then the console says so, without the address', async () => {
    const { clock, log, set, sent } = setUp();
    Object.assign(set, { status: 500, conditions: [condition('bot')] });
    clock.advance(30_000);
    await settled();
    clock.advance(10_000);
    await settled();
    clock.advance(60_000);
    await settled();
    expect(sent).toHaveLength(3);
    expect(log.lines).toEqual([
      { level: 'warn', message: 'An alert could not be sent.', fields: { to: 'discord', reason: 'status 500' } },
    ]);
  });

  it('cost nothing while nobody is to be told', () => {
    const { clock } = setUp({ discord: '', url: '' });
    expect(clock.waiting).toBe(0);
  });

  it('can be tested', async () => {
    const { alerts, set, told } = setUp();
    expect(await alerts.test()).toEqual(['An alert was sent to discord.']);
    expect(told()).toEqual(['🔔 This is a test: alerts come here.']);
    set.status = 404;
    expect(await alerts.test()).toEqual(['An alert could not be sent to discord: status 404.']);
    for (let count = 0; count < 8; count += 1) await alerts.test();
    expect(await alerts.test()).toEqual(['Ten alerts were sent within the last hour: nothing more is sent now.']);
    expect(await setUp({ discord: '', url: '' }).alerts.test()).toEqual([expect.stringContaining('No alert is sent')]);
  });
});

describe('what alerts are about', () => {
  const store = {
    ...{ broken: false, unusedBecause: null, lastFlushMs: 0, longestFlushMs: 0, flushEveryMs: 2_000 },
    eventsInMemory: 0,
  };
  const now = {
    targets: [laneOf('bot')],
    recovering: false,
    store: store as { broken: boolean },
    session: { state: 'open' },
    api: { lastFailure: null as object | null, lastSuccessAt: 5 as number | null },
  };

  function found(...changes: Partial<typeof now>[]) {
    let current = now;
    const conditions = createConditions({
      name: 'sonorancad',
      forwarding: () => ({ ...current, leaving: [], removed: [], stoppedLoops: 0 }) as never,
      link: () => current as never,
    });
    return changes.map((change) => {
      current = { ...now, ...change };
      return conditions().map(({ id, waitMs }) => `${id} after ${waitMs / MINUTE}`);
    });
  }

  it('nothing, where nothing is wrong', () => {
    expect(found({})).toEqual([[]]);
  });

  it('a target that is down for 5 minutes', () => {
    expect(found({ targets: [laneOf('bot', { reason: 'ECONNREFUSED' }), laneOf('map', { state: 'parked' })] })).toEqual(
      [['target bot after 5', 'target map after 5']],
    );
  });

  it('dead letters that appear, but not those that were there at the start', () => {
    const dead = (deadLetters: number) => ({ targets: [laneOf('bot', { deadLetters })] });
    const appeared = ['dead letters bot after 0'];
    expect(found(dead(3), dead(4), dead(3), dead(0), dead(1))).toEqual([[], appeared, [], [], appeared]);
  });

  it('not those that are still being read after a start', () => {
    const dead = { targets: [laneOf('bot', { deadLetters: 3 })] };
    expect(found({ recovering: true }, dead)).toEqual([[], []]);
  });

  it('a key that the CAD refuses, until it accepts one', () => {
    const refused = { lastFailure: { at: 9, error: { kind: 'key' } }, lastSuccessAt: 5 };
    const other = { lastFailure: { at: 9, error: { kind: 'limit' } }, lastSuccessAt: 5 };
    expect(found({ api: refused }, { api: { ...refused, lastSuccessAt: 10 } }, { api: other })).toEqual([
      ['key after 0'],
      [],
      [],
    ]);
  });

  it('a session that is gone for 10 minutes, but not one that is not wanted', () => {
    expect(found({ session: { state: 'waiting' } }, { session: { state: 'off' } })).toEqual([['session after 10'], []]);
  });

  it('a store that does not keep', () => {
    expect(found({ store: { ...store, broken: true } })).toEqual([['store after 0']]);
  });
});
