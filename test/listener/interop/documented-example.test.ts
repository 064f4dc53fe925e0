import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../until.ts';
import { linkPackage } from '../link-package.ts';
import { type RunningSample, runSample } from '../page-samples.ts';
import { type OpenForwarder, openForwarder } from './open-forwarder.ts';

/** So that it is soon clear that there will be no answer; a busy machine answers within that. */
const PATIENCE_MS = 2_000;
const callers = Array.from({ length: 8 }, (_, index) => `caller ${index + 1}`);
const call = (caller: string, callId: number) => ({
  type: 'EVENT_911',
  data: { call: { callId, isEmergency: true, caller, location: '', description: '', metaData: {} } },
});
/** `before.mjs` has no `case` for it, and nobody a handler. */
const WITHOUT_CASE = { type: 'EVENT_UNIT_LOGOUT', data: { identId: 12 } };

describe('the forwarder, which sends to a listener as the documentation shows it,', () => {
  let folder: string;
  let sample: RunningSample | null = null;
  let open: OpenForwarder | null = null;

  beforeAll(async () => {
    folder = linkPackage();
  });
  afterEach(async () => {
    open?.close();
    await sample?.close();
    open = null;
    sample = null;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['before.mjs', { silent: true, counts: { unwanted: 2, lost: 0 } }],
    ['after.mjs', { silent: false, counts: { delivered: 10, unconfirmed: 0, unwanted: 0, lost: 0 } }],
  ])('has %s of docs/listener.md handle each event once and in order', async (name, expected) => {
    const running = await runSample(name, folder);
    sample = running;
    open = openForwarder({ url: running.url, timeoutMs: PATIENCE_MS });
    const { send, forwarder } = open;
    const status = () => forwarder.status().targets[0];
    callers.slice(0, 4).map(call).map(send);
    send(WITHOUT_CASE);
    callers.slice(4).map(call).map(send);
    // It is answered by either, after all that was sent before it.
    send(WITHOUT_CASE);
    await until(() => status()?.counts.unwanted === expected.counts.unwanted && running.lines().length > 8);
    if (!expected.silent) await until(() => status()?.queued === 0);
    expect(running.lines().slice(1)).toEqual(callers.map((caller) => `911 call from ${caller}`));
    expect(status()).toMatchObject({ deadLetters: 0, ...expected });
  });
});
