import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { startNats } from '../../scripts/nats-server.ts';
import { projectRoot } from '../../scripts/project-root.ts';
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

describeWithNats('docs/cluster.md', () => {
  it('has a game server and a worker that need no rights but those it shows', async () => {
    const server = await startNats(blockOf(/^authorization/));
    cleanUp.push(() => server.close());
    const broker = await openBroker(server.url, { user: 'admin', pass: '...' });
    cleanUp.push(() => broker.close());
    await broker.addStream();
    await broker.manager.consumers.add('sonoran', {
      ...{ durable_name: 'bot', ack_policy: 'explicit', max_deliver: -1, max_ack_pending: 10_000 },
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
