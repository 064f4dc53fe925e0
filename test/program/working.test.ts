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
  it('prints events of a stream without an API key, and exits with code 0 when it is stopped', async () => {
    const { server, publish } = await setUp();
    await publish(1);
    const program = spawnProgram(['listen', '--from', server.url, '--json'], noKey);
    await until(() => program.lines().length === 1);
    expect(JSON.parse(program.lines()[0] ?? '')).toMatchObject({ type: 'EVENT_UNIT_LOGOUT', data: { identId: 1 } });
    expect(await program.stop()).toBe(0);
    expect(program.said()).toContain('receives push events from the stream sonoran as worker');
  });

  it('receives an event again if its command fails, and acknowledges it when the command succeeds', async () => {
    const { server, broker, publish } = await setUp();
    const folder = newFolder();
    const file = join(folder, 'seen');
    const exec = `cat >> ${file}; test $(wc -l < ${file}) -gt 1`;
    const program = spawnProgram(['listen', '--from', server.url, '--durable', 'bot', '--exec', exec], noKey);
    await publish(1);
    const pending = async () => (await broker.manager.consumers.info('sonoran', 'bot')).num_ack_pending;
    const lines = () => readFileSync(file, 'utf8').trim().split('\n');
    await until(() => program.said().includes('The command of --exec failed for an event. reason="exit code 1"'));
    await until(() => lines().length === 2);
    await until(async () => (await pending()) === 0);
    expect(await program.stop()).toBe(0);
  });

  it('reads its credentials from a file, and warns if the broker refuses them', async () => {
    const login = { user: 'bot', pass: 's3cret-s3cret' };
    const { server, publish } = await setUp('authorization { user: bot, password: "s3cret-s3cret" }', login);
    await publish(1);
    const [good, bad] = [join(newFolder(), 'good'), join(newFolder(), 'bad')];
    writeFileSync(good, 'bot:s3cret-s3cret\n');
    writeFileSync(bad, 'bot:wrong-wrong\n');
    const refused = spawnProgram(['listen', '--from', server.url, '--credentials-file', bad], noKey);
    await until(() => refused.said().includes('The broker refuses the credentials.'));
    expect(refused.said()).not.toContain('wrong-wrong');
    const given = ['--durable', 'bot', '--credentials-file', good, '--exec', 'echo "$PLACE" >&2'];
    const program = spawnProgram(['listen', '--from', server.url, ...given], {
      env: { ...noKey.env, PLACE: '/home/bot' },
    });
    await until(() => program.said().includes('/home/bot'));
    expect(program.said()).toContain('from the stream sonoran as bot');
    await Promise.all([program.stop(), refused.stop()]);
  });

  it.each([
    [
      'authorization { users: [{ user: a, password: b, permissions: { publish: c } }] }\nno_auth_user: a',
      'lacks a right',
    ],
    ['jetstream: disabled', 'The broker has no streams: start nats-server with -js.'],
  ])('warns with the reason if it cannot start at a broker with the configuration %j', async (config, reason) => {
    const server = await startNats(config);
    closing.push(() => server.close());
    const program = spawnProgram(['listen', '--from', server.url], noKey);
    await until(() => program.said().includes(reason));
    await program.stop();
  });
});

describe('sonorancad listen --from with a wrong option', () => {
  it.each([
    [['--from', 'http://broker.example'], '--from: expected nats://host:4222'],
    [['--from', 'nats://broker.example', '--order', 'size'], '--order: expected "none", "server" or "call"'],
    [['--from', 'nats://broker.example', '--max-deliver', '0'], '--max-deliver: expected a whole number from 1 to 100'],
    [
      ['--from', 'nats://broker.example', '--ca-file', import.meta.filename],
      '--ca-file: expected certificates as PEM texts',
    ],
  ])('exits with code 2 and one line for %j', async (args, sentence) => {
    const program = spawnProgram(['listen', ...args]);
    expect(await program.exited).toBe(2);
    expect(program.said()).toContain(`sonorancad: ${sentence}`);
  });
});
