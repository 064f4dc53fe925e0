import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { NATS_SERVER, startNats } from '../../scripts/nats-server.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { makeCertificate } from '../certificate.ts';
import { startProgram } from '../child-program.ts';
import { describeWithNats } from '../nats-server.ts';
import { openBroker } from '../nats-stream.ts';
import { payload, serveResource } from '../serve-resource.ts';
import { linkPackage } from './link-package.ts';

const page = readFileSync(join(projectRoot, 'docs', 'cluster.md'), 'utf8');
const blockOf = (begin: RegExp): string => {
  const text = [...page.matchAll(/^```\w*\n(.*?)^```$/gms)].find(([, block = '']) => begin.test(block))?.[1];
  if (text === undefined) throw new Error(`The page has no block ${begin}.`);
  return text;
};
const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const BROKER = 'nats://broker.example:4222';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of cleanUp.splice(0).reverse()) await close();
});

/** Reads the flags of a command that the page shows, by their names. */
function flagsOf(command: string): Record<string, string | undefined> {
  const line = new RegExp(`^${command} (.*)$`, 'm').exec(page)?.[1] ?? '';
  const flags = line.matchAll(/--([\w-]+)(?: "?((?!--)[^\s"]+))?/g);
  return Object.fromEntries([...flags].map(([, name, value]) => [name, value]));
}

describeWithNats('docs/cluster.md', () => {
  it('starts with a working target and worker, whose stream equals that of its `nats stream add`', async () => {
    const server = await startNats();
    cleanUp.push(() => server.close());
    const at = (text: string) => text.replaceAll('nats://127.0.0.1:4222', server.url);
    const config = JSON.parse(at(blockOf(/^\{\n {2}"enablePush/)));
    const served = await serveResource({ config });
    cleanUp.push(() => served.close());
    served.host.ensure('sonorancad');
    const [, args = ''] = /^npx sonorancad (listen --from \S+)$/m.exec(at(page)) ?? [];
    const worker = startProgram(process.execPath, ['bin/sonorancad.js', ...args.split(' ')], { cwd: projectRoot });
    cleanUp.push(() => worker.kill());
    expect(await served.post(payload('EVENT_911'))).toEqual([200, 'ok']);
    await worker.printed(/ EVENT_911 911 from Lamar Davis: /);

    const broker = await openBroker(server.url);
    cleanUp.push(() => broker.close());
    const { config: made } = await broker.manager.streams.info('sonoran');
    const flags = flagsOf('nats stream add sonoran');
    const hours = (nanoseconds: number) => nanoseconds / 3_600_000_000_000;
    expect(flags).toMatchObject({
      subjects: made.subjects.join(),
      storage: made.storage,
      replicas: String(made.num_replicas),
      retention: made.retention,
      discard: made.discard,
      'max-age': `${hours(made.max_age) / 24}d`,
      'max-bytes': `${made.max_bytes / 1024 ** 3}GB`,
      'dupe-window': `${hours(made.duplicate_window) * 60}m`,
    });
  });

  it('shows TLS settings that nats-server accepts', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sonorancad-tls-'));
    cleanUp.push(() => rmSync(folder, { recursive: true }));
    makeCertificate(folder);
    const file = join(folder, 'nats.conf');
    writeFileSync(file, blockOf(/^tls/).replaceAll('/etc/nats', folder));
    execFileSync(NATS_SERVER ?? '', ['-t', '-c', file], { stdio: 'pipe' });
  });

  it('shows broker accounts whose rights are enough for a game server and a worker', async () => {
    const server = await startNats(blockOf(/^authorization/));
    cleanUp.push(() => server.close());
    const broker = await openBroker(server.url, { user: 'admin', pass: '...' });
    cleanUp.push(() => broker.close());
    await broker.addStream();
    const { ack, 'max-deliver': deliveries, 'max-pending': pending } = flagsOf('nats consumer add sonoran bot');
    expect(ack).toBe('explicit');
    await broker.manager.consumers.add('sonoran', {
      ...{
        durable_name: 'bot',
        ack_policy: 'explicit',
        max_deliver: Number(deliveries),
        max_ack_pending: Number(pending),
      },
    });

    const config = JSON.parse(blockOf(/^\{\n {2}"serverId"/).replace('whsec_...', SECRET));
    const [target] = config.pushEventForwardTargets;
    Object.assign(target, { url: target.url.replace(BROKER, server.url), tls: undefined });
    const served = await serveResource({ config });
    cleanUp.push(() => served.close());
    served.host.ensure('sonorancad');

    const folder = linkPackage();
    cleanUp.push(() => rmSync(folder, { recursive: true }));
    const given = 'const saveCall = async ({ callId, caller }) => console.log("call", callId, "of", caller);\n';
    const sample = blockOf(/createPushEventConsumer/).replace(BROKER, server.url);
    expect(sample).toContain(server.url);
    writeFileSync(join(folder, 'worker.mjs'), given + sample);
    const env = { PATH: process.env.PATH, BROKER_PASSWORD: '...', PUSH_EVENT_SECRET: SECRET };
    const worker = startProgram(process.execPath, ['worker.mjs'], { cwd: folder, env });
    cleanUp.push(() => worker.kill());

    expect(await served.post(payload('EVENT_911'))).toEqual([200, 'ok']);
    await worker.printed(/^call 302 of Lamar Davis$/m);
    worker.child.kill('SIGTERM');
    expect(await worker.exited).toBe(0);
  });
});
