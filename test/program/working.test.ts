import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type * as JetStream from '@nats-io/jetstream';
import { startNats } from '../../scripts/nats-server.ts';
import { describeWithNats } from '../nats-server.ts';
import { openBroker } from '../nats-stream.ts';
import { until } from '../until.ts';
import { cleanUp, newFolder, spawnProgram } from './start-program.ts';

const { jetstream } = createRequire(import.meta.url)('@nats-io/jetstream') as typeof JetStream;
const closing: (() => unknown)[] = [];

afterEach(async () => {
  await cleanUp();
  for (const close of closing.splice(0).reverse()) await close();
});

async function setUp(config = '', login = {}) {
  const server = await startNats(config);
  closing.push(() => server.close());
  const broker = await openBroker(server.url, login);
  closing.push(() => broker.close());
  await broker.addStream();
  const publisher = jetstream(broker.connection);
  return {
    server,
    broker,
    publish: (identId: number) =>
      publisher.publish(
        'sonoran.push.1.EVENT_UNIT_LOGOUT',
        JSON.stringify({ type: 'EVENT_UNIT_LOGOUT', data: { identId } }),
      ),
  };
}

const noKey = { env: { SONORANCAD_KEY: undefined } };

describeWithNats('sonorancad listen --from', () => {
  it('prints the events of a stream without a key, and stops in peace', async () => {
    const { server, publish } = await setUp();
    await publish(1);
    const program = spawnProgram(['listen', '--from', server.url, '--json'], noKey);
    await until(() => program.lines().length === 1);
    expect(JSON.parse(program.lines()[0] ?? '')).toMatchObject({ type: 'EVENT_UNIT_LOGOUT', data: { identId: 1 } });
    expect(await program.stop()).toBe(0);
    expect(program.said()).toContain('takes push events from the stream sonoran as worker');
  });

  it('has an event again whose command fails, and acknowledges it when that ends with 0', async () => {
    const { server, broker, publish } = await setUp();
    const folder = newFolder();
    const file = join(folder, 'seen');
    const exec = `cat >> ${file}; test $(wc -l < ${file}) -gt 1`;
    const program = spawnProgram(['listen', '--from', server.url, '--durable', 'bot', '--exec', exec], noKey);
    await publish(1);
    const pending = async () => (await broker.manager.consumers.info('sonoran', 'bot')).num_ack_pending;
    const lines = () => readFileSync(file, 'utf8').trim().split('\n');
    await until(() => program.said().includes('the command of --exec ended with exit code 1'));
    await until(() => lines().length === 2);
    await until(async () => (await pending()) === 0);
    expect(await program.stop()).toBe(0);
  });

  it('takes its credentials from a file, and says when they are refused', async () => {
    const login = { user: 'bob', pass: 's3cret-s3cret' };
    const { server, publish } = await setUp('authorization { user: bob, password: "s3cret-s3cret" }', login);
    await publish(1);
    const [good, bad] = [join(newFolder(), 'good'), join(newFolder(), 'bad')];
    writeFileSync(good, 'bob:s3cret-s3cret\n');
    writeFileSync(bad, 'bob:wrong-wrong\n');
    const refused = spawnProgram(['listen', '--from', server.url, '--credentials-file', bad], noKey);
    await until(() => refused.said().includes('it refuses the credentials'));
    expect(refused.said()).not.toContain('wrong-wrong');
    const program = spawnProgram(['listen', '--from', server.url, '--credentials-file', good], noKey);
    await until(() => program.lines().length === 1);
    await Promise.all([program.stop(), refused.stop()]);
  });
});

describe('the options of --from', () => {
  it.each([
    [['--from', 'http://broker.example'], '--from: expected nats://host:4222'],
    [['--from', 'nats://broker.example', '--order', 'size'], '--order: expected "none", "server" or "call"'],
    [['--from', 'nats://broker.example', '--max-deliver', '0'], '--max-deliver: expected a whole number from 1 to 100'],
  ])('%j are refused', async (args, sentence) => {
    const program = spawnProgram(['listen', ...args]);
    expect(await program.exited).toBe(2);
    expect(program.said()).toContain(`sonorancad: ${sentence}`);
  });
});
