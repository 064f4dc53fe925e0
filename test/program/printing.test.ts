import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { signatureOf } from '../../src/forward/signed-headers.ts';
import { eventFixtures } from '../events/fixtures.ts';
import { until } from '../until.ts';
import { cleanUp, KEY, logout, newFolder, startProgram } from './start-program.ts';

const fixture = (type: string) => ({ ...eventFixtures().find((one) => one.type === type)?.body, key: KEY });

describe('sonorancad listen', () => {
  afterEach(cleanUp);

  it('prints one line for each event, in order', async () => {
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

  it('prints each event as JSON without its key, if --json is given', async () => {
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

  it('prints a repeated event once, with its webhook-id as its id', async () => {
    const program = await startProgram(['--json']);
    for (let n = 0; n < 3; n += 1) await program.post(logout(1), { 'webhook-id': 'the-same' });
    await program.stop();
    expect(program.lines().map((line) => JSON.parse(line).id)).toEqual(['the-same']);
  });

  it('refuses a wrong key, and logs the refusal without any key', async () => {
    const program = await startProgram();
    expect(await program.post({ ...logout(1), key: 'another-key-of-letters' })).toEqual([
      400,
      'Authentication Key Failed!',
    ]);
    await until(() => program.said().includes('Refused a push event: its API key'));
    await program.stop();
    expect(program.lines()).toEqual([]);
    expect(program.said()).not.toMatch(/key-of/);
  });

  it('accepts only signed requests if --secret-file is given', async () => {
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
    expect(program.said()).toContain('it is not signed with a secret of --secret-file');
  });

  it('exits with code 0 and without a message when the reader of its output is gone', async () => {
    const program = await startProgram();
    const before = program.said();
    program.child.stdout?.destroy();
    const exited = program.exited;
    // The program notices at the first line that it cannot write.
    while (program.child.exitCode === null) await program.post(logout(1)).catch(() => undefined);
    expect(await exited).toBe(0);
    expect(program.said()).toBe(before);
  });

  it('receives events at the path of --path, and answers 404 at the default path', async () => {
    const program = await startProgram(['--path', '/events']);
    expect(await program.post(logout(1))).toEqual([200, 'ok']);
    expect((await fetch(`http://127.0.0.1:${program.port}/sonorancad/event`, { method: 'POST' })).status).toBe(404);
  });
});
