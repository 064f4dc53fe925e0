import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ConnectedPlayer } from '../packages/fxhost/src/index.ts';
import { printedBy } from '../packages/fxhost/test/write-resource.ts';
import type { ForwardingStatus } from '../types.d.ts';

import { type HttpTarget, startHttpTarget } from './http-target.ts';
import { type ServedResource, serveResource } from './serve-resource.ts';
import { until } from './until.ts';

interface Recorded {
  readonly version: string;
  /** Milliseconds since 1970: when the resource that wrote the store was stopped. */
  readonly recordedAt: number;
  /** All that were forwarded, in order; the body in base64, as the CAD sent it. */
  readonly events: readonly { readonly id: string; readonly type: string; readonly body: string }[];
  /** By target, the ids of the events that it had not taken. `flaky` had deferred its only one. */
  readonly waiting: Readonly<Record<'down' | 'statuses' | 'silent' | 'flaky' | 'left', readonly string[]>>;
  readonly deadLetters: readonly Record<'id' | 'target' | 'type' | 'reason', string>[];
  /** What the exports said of the state. */
  readonly state: { readonly units: unknown; readonly calls: unknown; readonly emergencyCalls: unknown };
  /** The whole of KVP. */
  readonly store: Readonly<Record<string, string>>;
}

/**
 * What this resource left on the stand-in when format 1 of the outbox was frozen: with targets that were down, refused, failed over one
 * event, never answered, or had been removed. It is never recorded again: later versions read it as it is.
 */
const recorded = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures/recorded-store/format-1.json'), 'utf8'),
) as Recorded;
const { waiting, deadLetters, events, state } = recorded;
const bodyOf = (id: string) => Buffer.from(events.find((event) => event.id === id)?.body ?? '', 'base64');

/** The resource starts a minute after the recorded one stopped. */
const CLOCK = `{
  const now = Date.now;
  const ahead = ${recorded.recordedAt + 60_000} - now();
  Date.now = () => now() + ahead;
}`;

const CONFIGURED = ['up', 'down', 'statuses', 'refusing', 'flaky', 'silent'] as const;

let served: ServedResource;
/** Unit 12, who had switched notifications off. */
let jim: ConnectedPlayer;
/** Had muted them for ten minutes. */
let sue: ConnectedPlayer;
let targets: Readonly<Record<(typeof CONFIGURED)[number], HttpTarget>>;
const status = () => served.host.callExport('sonorancad', 'getForwardingStatus') as ForwardingStatus;
const queued = () => status().targets.reduce((sum, target) => sum + target.queued, 0);
const takenBy = (target: (typeof CONFIGURED)[number]) => targets[target].received;
const idsAt = (target: (typeof CONFIGURED)[number]) => takenBy(target).map(({ headers }) => headers['webhook-id']);

/** Starts this version on the recorded store; every target answers now, and `left` is not configured any more. */
async function startOnRecorded(): Promise<void> {
  const opened = await Promise.all(CONFIGURED.map(async (name) => [name, await startHttpTarget()] as const));
  targets = Object.fromEntries(opened) as typeof targets;
  served = await serveResource({
    before: { 'clock.js': CLOCK },
    config: {
      enablePushEventForwarding: true,
      pushEventForwardRetrySeconds: [0.1],
      pushEventForwardTargets: opened.map(([name, { port }]) => ({ name, url: `http://127.0.0.1:${port}/` })),
    },
  });
  const { host, own } = served;
  const manifest = readFileSync(join(own, 'fxmanifest.lua'), 'utf8');
  // What was known of units and calls is taken up by the version that saved it, and by no other.
  writeFileSync(join(own, 'fxmanifest.lua'), manifest.replace(/^version '.*'/m, `version '${recorded.version}'`));
  host.refresh();
  for (const [key, value] of Object.entries(recorded.store)) {
    host.natives.kvp.set('sonorancad', key, { type: 'string', value }, false);
  }
  jim = host.addPlayer({ identifiers: ['license:000000000000000000000000000000000000000c'] });
  sue = host.addPlayer({ identifiers: ['license:0000000000000000000000000000000000000018'] });
  host.ensure('sonorancad');
  await until(() => !status().recovering && queued() === 0 && status().leaving.length === 0);
}

afterEach(async () => {
  await served.close();
  for (const target of Object.values(targets)) await target.close();
});

describe('a recorded store of format 1', () => {
  it('has every waiting event delivered, in order, with its bytes and its id', async () => {
    await startOnRecorded();
    for (const target of ['down', 'statuses', 'silent', 'flaky'] as const) {
      expect([target, idsAt(target)]).toEqual([target, waiting[target]]);
      expect(takenBy(target).map(({ body }) => body)).toEqual(waiting[target].map(bodyOf));
    }
    expect([idsAt('up'), idsAt('refusing')]).toEqual([[], []]);
    expect(takenBy('down').map(({ headers }) => headers['x-sonorancad-event'])).toEqual(events.map(({ type }) => type));
    expect(takenBy('down').map(({ headers }) => headers['x-sonorancad-hop'])).toContain('3');
    // Nothing is left for the next start.
    served.host.restart('sonorancad');
    await until(() => !status().recovering);
    expect(queued()).toBe(0);
    expect(takenBy('down')).toHaveLength(waiting.down.length);
  });

  it('has its dead letters listed, those of removed targets among them, and replayed', async () => {
    await startOnRecorded();
    const { host } = served;
    const before = printedBy(host, 'sonorancad').length;
    host.execute('sonorancad forward list');
    const listed = printedBy(host, 'sonorancad').slice(before);
    const removed = waiting.left.map((id) => ({ id, target: 'left', type: '', reason: 'target removed' }));
    for (const { id, target, type, reason } of [...deadLetters, ...removed]) {
      const line = listed.find((each) => each.startsWith(`${id} `) && each.includes(` ${target} `));
      expect(line).toContain(type);
      expect(line).toMatch(new RegExp(`  ${reason}$`));
    }
    expect(listed).toHaveLength(1 + deadLetters.length + removed.length);

    // Those of targets that are configured first, then of the two that are not.
    const of = (...targets: string[]) => deadLetters.filter(({ target }) => targets.includes(target));
    host.execute('sonorancad forward replay all');
    await until(() => queued() === 0 && status().targets.every((target) => target.deadLetters === 0));
    expect(idsAt('refusing')).toEqual(of('refusing').map(({ id }) => `${id}.r1`));
    expect(takenBy('refusing').map(({ headers }) => headers['x-sonorancad-replay'])).not.toContain(undefined);
    const sentToUp = takenBy('up').length;
    const homeless = [...of('gone', 'left').map(({ id }) => id), ...waiting.left].map((id) => `${id}.r1`);
    host.execute('sonorancad forward replay all up');
    await until(() => takenBy('up').length >= sentToUp + homeless.length);
    expect(idsAt('up').slice(sentToUp).sort()).toEqual(homeless.sort());
    await until(() => queued() === 0);
    expect([status().removed, status().targets.map((target) => target.deadLetters)]).toEqual([[], [0, 0, 0, 0, 0, 0]]);
  });

  it('has units, calls and 911 calls as they were, and what players chose', async () => {
    await startOnRecorded();
    const { host } = served;
    const ask = (name: string) => host.callExport('sonorancad', name);
    expect({ units: ask('getUnits'), calls: ask('getCalls'), emergencyCalls: ask('getEmergencyCalls') }).toEqual(state);
    expect(host.callExport('sonorancad', 'getUnitByPlayer', jim.id)).toMatchObject({ id: 12, isPanic: true });
    const told = (player: ConnectedPlayer) => JSON.stringify(player.received.slice(-1));
    for (const player of [jim, sue]) host.natives.runAsPlayer(player.id, 'cadnotify');
    await until(() => [jim, sue].every((player) => told(player).includes('CAD notifications')));
    expect(told(jim)).toContain('Notifications are off');
    expect(told(sue)).toMatch(/muted|silent/);
  });
});
