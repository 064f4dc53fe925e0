import { request } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { readSamples } from '../../../scripts/send/sample-payloads.ts';
import type { FakeCad } from '../src/fake-cad.ts';
import { faultNames } from '../src/faults.ts';
import { ask, CAD_KEY, closeCads, startCad } from './started-cads.ts';

afterEach(closeCads);

async function post(
  { url }: FakeCad,
  path: string,
  body: unknown,
  headers: Record<string, string> = { 'x-fakecad': '1' },
) {
  const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** Asks under another name, which `fetch` would not do. */
function statusUnder(cad: FakeCad, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${cad.url}/state`, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

describe('the page of the pretend CAD', () => {
  it('is whole in itself, and runs nothing that is not its own', async () => {
    const answer = await fetch((await startCad()).url);
    const html = await answer.text();
    const [, nonce] = /script-src 'nonce-([^']+)'/.exec(String(answer.headers.get('content-security-policy'))) ?? [];
    expect(html).toContain(`<script nonce="${nonce}">`);
    expect(html).not.toMatch(/(?:src|href)="(?!data:)|innerHTML|\{\{/);
  });

  it('lets its icon be drawn, explains each fault, and says when a server cannot be reached over HTTP yet', async () => {
    const { url } = await startCad();
    const answer = await fetch(url);
    const html = await answer.text();
    expect(html).toContain('<link rel="icon" href="data:,"');
    expect(answer.headers.get('content-security-policy')).toContain('img-src data:');
    const { faults } = (await (await fetch(`${url}/samples`)).json()) as { faults: { name: string; says: string }[] };
    expect(faults.map(({ name }) => name)).toEqual(faultNames);
    for (const { says } of faults) expect(says).toMatch(/^[A-Z].*\.$/);
    expect(html).toContain('The server has no address yet.');
    expect(html).toContain('none: a session answers nothing');
  });

  it('has a sample of each type, without a key', async () => {
    const { samples } = (await (await fetch(`${(await startCad()).url}/samples`)).json()) as {
      samples: { type: string }[];
    };
    expect(samples.map(({ type }) => type).sort()).toEqual(Object.keys(readSamples()));
    expect(samples.filter((sample) => 'key' in sample)).toEqual([]);
  });

  it('fires what was written, and says what came of it', async () => {
    const cad = await startCad();
    const event = { type: 'EVENT_UNIT_LOGIN', data: { unit: { id: 12 } } };
    const { body } = await post(cad, '/fire', { event, via: 'http', serverId: 1 });
    expect(body).toMatchObject({
      outcome: 'none',
      text: expect.stringContaining('EVENT_UNIT_LOGIN did not get through'),
    });
    expect(cad.world.at(1).units).toEqual([{ id: 12 }]);
  });

  it('switches faults and drops sessions', async () => {
    const cad = await startCad();
    expect((await post(cad, '/fault', { name: 'mute', on: true })).body).toEqual({ faults: ['mute'] });
    expect(cad.faults.mute).toBe(true);
    expect((await post(cad, '/drop', {})).body).toEqual({ dropped: 0 });
  });

  it('shows what happens, the latest first, and never the key', async () => {
    const cad = await startCad();
    await ask(cad, 'GET /v2/general/version');
    await ask(cad, 'GET /v2/general/info');
    await cad.push('EVENT_TONE', {});
    const text = await (await fetch(`${cad.url}/state`)).text();
    const state = JSON.parse(text);
    expect(state.requests.map(({ path }: { path: string }) => path)).toEqual([
      '/v2/general/info',
      '/v2/general/version',
    ]);
    expect(state).toMatchObject({ pushes: [{ type: 'EVENT_TONE' }], sessions: [], servers: [{ id: 1 }], faults: [] });
    expect(text).not.toContain(CAD_KEY);
  });

  it('does nothing for pages of other sites', async () => {
    const cad = await startCad();
    expect((await post(cad, '/fault', { name: 'mute', on: true }, {})).status).toBe(403);
    expect(cad.faults.mute).toBe(false);
    expect(await statusUnder(cad, 'attacker.example')).toBe(403);
    expect(await statusUnder(cad, 'localhost:1234')).toBe(200);
  });

  it.each([
    ['an event without a type', '/fire', { event: {}, via: 'http' }, 400],
    ['a fault that there is not', '/fault', { name: 'only', on: true }, 400],
    ['an action that there is not', '/toString', {}, 404],
  ])('refuses %s', async (_, path, body, status) => {
    const answer = await post(await startCad(), path, body);
    expect([answer.status, typeof answer.body.error]).toEqual([status, 'string']);
  });
});
