import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readSettings } from '../../examples/discord-relay/settings.mjs';
import { packageVersion } from '../../scripts/build/versions.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { signatureOf } from '../../src/forward/signed-headers.ts';
import { until } from '../until.ts';
import { call, KEY, MARK, SECRET, sendCalls, setRelayScene, titles } from './relay-scene.ts';

describe('examples/discord-relay as a program', () => {
  const scene = setRelayScene();

  it('exits with code 78 and one line if the webhook is gone, at the start and later', async () => {
    scene.discord.isGone = true;
    const line = 'The webhook is gone (HTTP 404): make a new one in Discord, and set DISCORD_WEBHOOK_URL.';
    const first = await scene.start();
    expect([await first.exited, first.printed()]).toEqual([78, `${line}\n`]);
    scene.discord.isGone = false;
    scene.discord.hold = true;
    const second = await scene.start();
    await sendCalls(second, 1, 3);
    await until(() => scene.discord.requests === 1);
    scene.discord.script.push({ status: 401, body: { message: 'Invalid Webhook Token', code: 50027 } });
    expect(await second.post(MARK)).toEqual([200, 'ok']);
    scene.discord.hold = false;
    expect(await second.exited).toBe(78);
    expect(second.printed()).toContain(`${line.replace('404', '401')} 3 messages were not posted.\n`);
    await expect(second.post(call(4))).rejects.toThrow();
  });

  it('starts and keeps trying while Discord cannot be reached', async () => {
    await scene.discord.close();
    const running = await scene.start();
    expect(running.printed()).toContain('Whether the webhook exists cannot be said yet (ECONNREFUSED).\n');
    await sendCalls(running, 1, 1);
    await until(() => running.printed().includes('Discord takes no messages (ECONNREFUSED): trying again.\n'));
  });

  it('posts its queue before it exits on SIGTERM, within the rate limit', async () => {
    scene.discord.hold = true;
    const running = await scene.start({ STOP_WITHIN_SECONDS: '60' });
    await sendCalls(running, 1, 12);
    running.child.kill('SIGTERM');
    scene.discord.hold = false;
    expect(await running.exited).toBe(0);
    expect(scene.posted()).toEqual(titles(1, 12));
    expect([scene.discord.early, scene.discord.requests]).toEqual([0, 12]);
  });

  it('exits with code 1 and the number of unposted messages if STOP_WITHIN_SECONDS is over', async () => {
    scene.discord.always = { status: 503 };
    const running = await scene.start({ STOP_WITHIN_SECONDS: '1' });
    await sendCalls(running, 1, 3);
    await until(() => scene.discord.requests > 0);
    running.child.kill('SIGTERM');
    expect(await running.exited).toBe(1);
    expect(running.printed()).toMatch(/\n3 messages were not posted\.\n$/);
  });

  it('reads its secrets from files, and accepts only signed events', async () => {
    const files = Object.entries({
      SONORANCAD_KEY: KEY,
      SONORANCAD_SECRET: SECRET,
      DISCORD_WEBHOOK_URL: scene.discord.url,
    }).map(([name, value]) => {
      writeFileSync(join(scene.folder, name), `${value}\n`);
      return [`${name}_FILE`, join(scene.folder, name)];
    });
    const running = await scene.start({ SONORANCAD_KEY: '', DISCORD_WEBHOOK_URL: '', ...Object.fromEntries(files) });
    expect(await running.post(call(1))).toEqual([401, 'Invalid Signature']);
    const now = Math.floor(Date.now() / 1_000);
    const body = Buffer.from(JSON.stringify({ ...call(2), key: KEY }));
    const headers = {
      'webhook-id': 'event-2',
      'webhook-timestamp': String(now),
      'webhook-signature': signatureOf([SECRET], 'event-2', now, body),
    };
    for (let times = 0; times < 2; times += 1) expect((await running.post(call(2), headers))[0]).toBe(200);
    await until(() => scene.discord.messages.length === 1);
    running.child.kill('SIGTERM');
    expect(await running.exited).toBe(0);
    expect(scene.posted()).toEqual(['911 call 2']);
  });

  it.each([
    [{ SONORANCAD_KEY: '' }, 'SONORANCAD_KEY is missing: '],
    // The library refuses these two values.
    [{ SONORANCAD_KEY: 'short' }, /^SONORANCAD_KEY is too short/],
    [{ SONORANCAD_SECRET: 'whsec_short' }, /^SONORANCAD_SECRET: expected /],
  ])('exits with code 78 and one line for the environment %j', async (env, line) => {
    const running = await scene.start(env as unknown as Record<string, string>);
    expect(await running.exited).toBe(78);
    expect(running.printed()).toMatch(/^[^\n]+\n$/);
    expect(running.printed()).toMatch(line);
    expect(scene.discord.requests).toBe(0);
  });

  it.each([
    [{ SONORANCAD_KEY_FILE: 'nowhere' }, 'SONORANCAD_KEY_FILE: the file cannot be read (ENOENT).'],
    [{ DISCORD_WEBHOOK_URL: '' }, 'DISCORD_WEBHOOK_URL is missing: '],
    [{ DISCORD_WEBHOOK_URL: 'http://192.0.2.1/api/webhooks/1/a' }, 'DISCORD_WEBHOOK_URL: expected '],
    [{ DISCORD_WEBHOOK_URL: 'https://discord.example/channels/1' }, 'DISCORD_WEBHOOK_URL: expected '],
    [{ PORT: '70000' }, 'PORT: expected a whole number from 0 to 65535.'],
    [{ QUEUE_LENGTH: 'many' }, 'QUEUE_LENGTH: expected a whole number from 1 to 10000.'],
  ])('readSettings refuses the environment %j', (env, line) => {
    const usual = { SONORANCAD_KEY: KEY, DISCORD_WEBHOOK_URL: 'http://127.0.0.1:9/api/webhooks/1/a' };
    expect(() => readSettings({ ...usual, ...env })).toThrow(line);
  });

  it('installs the current version of the library from its file, and imports no other package', () => {
    const manifest = JSON.parse(readFileSync(join(scene.folder, 'package.json'), 'utf8'));
    expect(manifest.dependencies).toEqual({ sonorancad: `file:sonorancad-${packageVersion()}.tgz` });
    const files = ['relay', 'settings', 'messages', 'channel', 'webhook', 'verdict', 'shown-text'];
    const imports = files.flatMap((name) => [
      ...readFileSync(join(scene.folder, `${name}.mjs`), 'utf8').matchAll(/from '([^']+)'/g),
    ]);
    const outside = imports.map(([, name = '']) => name).filter((name) => !name.startsWith('./'));
    expect(new Set(outside.filter((name) => !name.startsWith('node:')))).toEqual(new Set(['sonorancad/listener']));
  });

  it('has a README.md that names every setting and has no dead link', () => {
    const readme = readFileSync(join(scene.folder, 'README.md'), 'utf8');
    const settings = readFileSync(join(scene.folder, 'settings.mjs'), 'utf8');
    const names = new Set([...settings.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b|\b(?:PORT|HOST)\b/g)].map(([name]) => name));
    for (const name of [...names].filter((each) => each !== 'API_VERSION')) expect(readme).toContain(`\`${name}\``);
    for (const [, path = ''] of readme.matchAll(/\]\(([^)#]+)/g))
      expect([path, existsSync(join(projectRoot, 'examples', 'discord-relay', path))]).toEqual([path, true]);
  });
});
