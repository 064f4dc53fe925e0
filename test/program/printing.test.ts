import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { signatureOf } from '../../src/forward/signed-headers.ts';
import { eventFixtures } from '../events/fixtures.ts';
import { until } from '../until.ts';
import { cleanUp, KEY, logout, newFolder, startProgram } from './start-program.ts';

const fixture = (type: string) => ({ ...eventFixtures().find((one) => one.type === type)?.body, key: KEY });

describe('the program', () => {
  afterEach(cleanUp);

  it('prints each event as one line, in their order', async () => {
    const program = await startProgram();
    expect(await program.post(fixture('EVENT_911'))).toEqual([200, 'ok']);
    await program.post(fixture('EVENT_DISPATCH_NEW'));
    await program.post(fixture('EVENT_UNIT_STATUS'));
    await program.post({ key: KEY, type: 'event_new_kind', data: { a: 1 } });
    await program.post({ key: KEY, type: 'EVENT_911', data: { call: { callId: {}, description: 'x' } } });
    await program.post({
      key: KEY,
      type: 'EVENT_911',
      data: {
        call: { callId: 8, isEmergency: false, caller: '\u001b[31mEve\u202e', location: 'a\nb', description: '' },
      },
    });
    expect(await program.stop()).toBe(0);
    const lines = program.lines();
    for (const line of lines) expect(line).toMatch(/^\d\d:\d\d:\d\d [A-Z]/);
    expect(lines.map((line) => line.slice(9))).toEqual([
      expect.stringMatching(/^EVENT_911 911 from Lamar Davis: Someone is breaking into my car!, .* · Call: 302 · /),
      expect.stringMatching(
        /^EVENT_DISPATCH_NEW Call 501 created: .* · Two cars, one on its roof · .* · Units: 12, 18/,
      ),
      'EVENT_UNIT_STATUS Unit 12, Unit 18 → On scene · Units: 12, 18',
      'EVENT_NEW_KIND not known to this version · {"a":1}',
      expect.stringMatching(/^EVENT_911 not understood: data\.call\S*: /),
      expect.stringContaining('EVENT_911 Non-emergency call from \\u{1b}[31mEve\\u{202e}: a / b · Call: 8 · '),
    ]);
    expect(program.said()).not.toContain(KEY);
  });

  it('prints each event as it is handed to subscribers with --json, without the key', async () => {
    const program = await startProgram(['--json']);
    for (const { body } of eventFixtures()) await program.post({ ...body, key: KEY });
    await program.post({ key: KEY, type: 'EVENT_911', data: 5 });
    expect(await program.stop()).toBe(0);
    const events = program.lines().map((line) => JSON.parse(line));
    expect(events.slice(0, -1).map(({ type, valid, source }) => [type, valid, source])).toEqual(
      eventFixtures().map(({ type }) => [type, true, 'http']),
    );
    expect(events.at(-1)).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      type: 'EVENT_911',
      data: 5,
      receivedAt: expect.any(Number),
      source: 'http',
      valid: false,
      issues: [expect.any(String)],
    });
    expect(program.lines().join('\n')).not.toContain(KEY);
  });

  it('prints an event that is sent again once, under the id of whoever sent it', async () => {
    const program = await startProgram(['--json']);
    for (let n = 0; n < 3; n += 1) await program.post(logout(1), { 'webhook-id': 'the-same' });
    await program.stop();
    expect(program.lines().map((line) => JSON.parse(line).id)).toEqual(['the-same']);
  });

  it('refuses a wrong key and says so, without any key', async () => {
    const program = await startProgram();
    expect(await program.post({ ...logout(1), key: 'another-key-of-letters' })).toEqual([
      400,
      'Authentication Key Failed!',
    ]);
    await until(() => program.said().includes('A push event was refused: its API key'));
    await program.stop();
    expect(program.lines()).toEqual([]);
    expect(program.said()).not.toMatch(/key-of/);
  });

  it('takes nothing but what is signed when it is given a secret', async () => {
    const secret = `whsec_${Buffer.from('a secret of at least 24 bytes').toString('base64')}`;
    const file = join(newFolder(), 'secret');
    writeFileSync(file, `${secret}\n`);
    const program = await startProgram(['--json', '--secret-file', file]);
    expect(await program.post(logout(1))).toEqual([401, 'Invalid Signature']);
    const body = JSON.stringify(logout(2));
    const now = Math.floor(Date.now() / 1_000);
    const headers = {
      'webhook-id': 'signed',
      'webhook-timestamp': String(now),
      'webhook-signature': signatureOf([secret], 'signed', now, Buffer.from(body)),
    };
    expect(await program.post(body, headers)).toEqual([200, 'ok']);
    await program.stop();
    expect(program.lines().map((line) => JSON.parse(line).id)).toEqual(['signed']);
    expect(program.said()).toContain('it is not signed with the secret of --secret-file');
  });

  it('ends quietly when nobody reads any more', async () => {
    const program = await startProgram();
    const before = program.said();
    program.child.stdout?.destroy();
    const exited = program.exited;
    // The first line that cannot be written tells it.
    while (program.child.exitCode === null) await program.post(logout(1)).catch(() => undefined);
    expect(await exited).toBe(0);
    expect(program.said()).toBe(before);
  });

  it('listens at another path when it is told to', async () => {
    const program = await startProgram(['--path', '/events']);
    expect(await program.post(logout(1))).toEqual([200, 'ok']);
    expect((await fetch(`http://127.0.0.1:${program.port}/sonorancad/event`, { method: 'POST' })).status).toBe(404);
  });
});
