import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from '@jest/globals';
import type * as Transport from '@nats-io/transport-node';
import { Webhook } from 'standardwebhooks';
import { type NatsServer, startNats } from '../../../scripts/nats-server.ts';
import { createKeyRing } from '../../../src/events/api-keys.ts';
import type { AttemptResult } from '../../../src/forward/delivery.ts';
import { DurableForwarder } from '../../../src/forward/durable-forwarder.ts';
import { DEFAULT_RETRIES } from '../../../src/forward/queues/pace.ts';
import { NatsSending } from '../../../src/forward/targets/nats-sending.ts';
import type { NatsTarget } from '../../../src/forward/targets/nats-settings.ts';
import { listenerClock as clock } from '../../../src/listener/create-push-event-listener.ts';
import { loadInstalledClient } from '../../../src/listener/stream-connection.ts';
import { makeCertificate } from '../../certificate.ts';
import { eventOf } from '../../event-of.ts';
import { describeWithNats } from '../../nats-server.ts';
import { openBroker } from '../../nats-stream.ts';
import { createRecordingLog } from '../../recording-log.ts';
import { until } from '../../until.ts';
import { createMemoryStore } from '../memory-store.ts';
import { createTarget, STREAM } from '../scripted-target.ts';
import { makeAttempt } from './make-attempt.ts';

const KEY = 'a-key-for-testing';
const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of cleanUp.splice(0).reverse()) await close();
});

async function startBroker(config = ''): Promise<NatsServer> {
  const server = await startNats(config);
  cleanUp.push(() => server.close());
  return server;
}

async function openStream(server: NatsServer, config = {}) {
  const broker = await openBroker(server.url);
  cleanUp.push(() => broker.close());
  await broker.addStream(config);
  return broker;
}

function forwardTo(url: string, nats: Partial<NatsTarget> = {}, target = {}, store = createMemoryStore()) {
  const sending = new NatsSending({ version: '5.0.0', clock, load: loadInstalledClient });
  const log = createRecordingLog();
  const forwarder = new DurableForwarder({
    targets: [
      createTarget({
        ...{ name: 'network', url, shownUrl: url, includeKey: false, timeoutMs: 1_000 },
        ...target,
        nats: { ...STREAM, servers: url.split(','), serverId: 3, ...nats },
      }),
    ],
    store,
    send: sending.send,
    clock,
    log,
    currentKey: () => KEY,
    keys: () => createKeyRing([KEY]),
    random: Math.random,
    retries: { ...DEFAULT_RETRIES, waitsMs: [100] },
  });
  const stop = () => {
    forwarder.stop();
    sending.keep([]);
  };
  cleanUp.push(stop);
  return {
    log,
    forwarder,
    stop,
    status: () => forwarder.status().targets[0],
    /** @returns the event's id */
    take(type: string, data: object): string {
      const id = randomUUID();
      const body = Buffer.from(JSON.stringify({ key: KEY, type, data }));
      forwarder.enqueue({ ...eventOf(type, data), id }, body);
      return id;
    },
  };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const numberIn = ({ text }: { readonly text: string }): number => JSON.parse(text).data.number;

describeWithNats('a stream as a target', () => {
  it('gets the body without the key, the headers of Standard Webhooks, and the id as Nats-Msg-Id', async () => {
    const server = await startBroker();
    const broker = await openStream(server);
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const network = forwardTo(server.url, {}, { secrets: [secret] });
    const id = network.take('EVENT_NUMBERED', { number: 1 });
    await until(() => network.status()?.counts.delivered === 1);
    const [message] = await broker.messages();
    expect(message).toMatchObject({
      subject: 'sonoran.push.3.EVENT_NUMBERED',
      text: '{"type":"EVENT_NUMBERED","data":{"number":1}}',
      headers: {
        'Nats-Msg-Id': id,
        'webhook-id': id,
        'x-sonorancad-event': 'EVENT_NUMBERED',
        'content-type': 'application/json',
      },
    });
    expect(() => new Webhook(secret).verify(message?.text ?? '', message?.headers ?? {})).not.toThrow();
    expect(network.status()).toMatchObject({ state: 'open', reason: null, reached: true });
  });

  it('has what is foreign in the subject made harmless, and the first call in its lane', async () => {
    const server = await startBroker();
    const broker = await openStream(server);
    const network = forwardTo(server.url, { subject: 'sonoran.push.3.{type}.{callId}' });
    network.take('EVENT_A.B > *\r\nPUB X', {});
    network.take(`EVENT_${'X'.repeat(80)}`, {});
    network.take('EVENT_REMOVE_911', { callIds: [37, 2] });
    await until(() => network.status()?.counts.delivered === 3);
    const subjects = (await broker.messages()).map(({ subject }) => subject);
    expect(subjects).toEqual([
      expect.stringMatching(/^sonoran\.push\.3\.EVENT_A_B______PUB_X\.([0-9]|1[0-5])\._$/),
      expect.stringMatching(new RegExp(`^sonoran\\.push\\.3\\.EVENT_${'X'.repeat(58)}\\.`)),
      'sonoran.push.3.EVENT_REMOVE_911.5.37',
    ]);
  });

  it('gets every event once and in order, although the broker is killed and started again', async () => {
    const server = await startBroker();
    await openStream(server);
    const network = forwardTo(server.url);
    for (const number of numbers(1_000)) network.take('EVENT_NUMBERED', { number });
    for (const delivered of [200, 500]) {
      await until(() => (network.status()?.counts.delivered ?? 0) >= delivered);
      await server.kill();
      await server.start();
    }
    await until(() => network.status()?.queued === 0);
    const broker = await openBroker(server.url);
    cleanUp.push(() => broker.close());
    expect((await broker.messages()).map(numberIn)).toEqual(numbers(1_000));
    expect(network.status()?.counts).toMatchObject({ delivered: 1_000, deadLettered: 0, lost: 0 });
  });

  it('is left when it is frozen, and gets each event once when it goes on', async () => {
    const server = await startBroker();
    const broker = await openStream(server);
    const network = forwardTo(server.url);
    for (const number of numbers(300)) network.take('EVENT_NUMBERED', { number });
    await until(() => (network.status()?.counts.delivered ?? 0) >= 50);
    server.freeze();
    await until(() => network.status()?.reason === 'no answer in time');
    server.thaw();
    await until(() => network.status()?.queued === 0);
    expect((await broker.messages()).map(numberIn)).toEqual(numbers(300));
  });

  it('drops what a game server sends again that died before it had heard of the acknowledgement', async () => {
    const server = await startBroker();
    const broker = await openStream(server);
    const store = createMemoryStore();
    const before = new Map<string, string>();
    const first = forwardTo(server.url, {}, {}, store);
    for (const number of numbers(20)) first.take('EVENT_NUMBERED', { number });
    for (const [key, value] of store.values) before.set(key, value);
    await until(() => first.status()?.queued === 0);
    first.stop();
    const second = forwardTo(server.url, {}, {}, createMemoryStore(before));
    await until(() => second.status()?.counts.delivered === 20);
    expect((await broker.messages()).map(numberIn)).toEqual(numbers(20));
  });

  it('is made with createStream, and not otherwise', async () => {
    const server = await startBroker();
    const network = forwardTo(server.url);
    network.take('EVENT_NUMBERED', { number: 1 });
    await until(() => network.status()?.state === 'parked');
    const command =
      'nats stream add sonoran --subjects "sonoran.push.>" --storage file --replicas 1 --retention limits --max-age 3d --max-bytes 1GB --discard old --dupe-window 60m --defaults';
    expect(network.status()).toMatchObject({
      reason: 'the stream does not exist',
      advice: `create the stream with  ${command}  or set "createStream": true`,
    });
    expect(network.log.lines.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
      expect.stringContaining(command),
    ]);
    network.stop();
    const making = forwardTo(server.url, { createStream: true });
    making.take('EVENT_NUMBERED', { number: 1 });
    await until(() => making.status()?.counts.delivered === 1);
    const broker = await openBroker(server.url);
    cleanUp.push(() => broker.close());
    expect((await broker.manager.streams.info('sonoran')).config).toMatchObject({
      subjects: ['sonoran.push.>'],
      storage: 'file',
      num_replicas: 1,
      max_age: 3 * 86_400 * 1e9,
      max_bytes: 1024 ** 3,
      duplicate_window: 3_600 * 1e9,
    });
  });

  it('that takes no such subject is waited for, with advice', async () => {
    const server = await startBroker();
    await openStream(server);
    const network = forwardTo(server.url, { subject: 'sonoran.other.{type}' });
    network.take('EVENT_NUMBERED', { number: 1 });
    await until(() => network.status()?.reason === 'no stream takes the subject');
    expect(network.status()?.advice).toContain('that the stream sonoran takes sonoran.other.>');
  });

  it('that another stream stands in for is refused', async () => {
    const server = await startBroker();
    const broker = await openStream(server);
    await broker.addStream({ name: 'other', subjects: ['other.>'] });
    const network = forwardTo(server.url, { stream: 'other' });
    network.take('EVENT_NUMBERED', { number: 1 });
    await until(() => network.status()?.state === 'parked');
    expect(network.status()).toMatchObject({ reason: 'another stream takes the subject' });
  });

  it('makes a dead letter of what is larger than the broker takes, and goes on', async () => {
    const server = await startBroker('max_payload: 4096');
    const broker = await openStream(server);
    const network = forwardTo(server.url);
    network.take('EVENT_NUMBERED', { number: 1, text: 'x'.repeat(5_000) });
    network.take('EVENT_NUMBERED', { number: 2 });
    await until(() => network.status()?.queued === 0);
    expect((await broker.messages()).map(numberIn)).toEqual([2]);
    expect(network.forwarder.deadLetters()).toMatchObject([{ reason: 'larger than the broker takes' }]);
  });

  it('is tried at its other servers when one does not answer', async () => {
    const server = await startBroker();
    const broker = await openStream(server);
    const network = forwardTo(`nats://127.0.0.1:9,${server.url}`);
    network.take('EVENT_NUMBERED', { number: 1 });
    await until(() => network.status()?.queued === 0);
    expect((await broker.messages()).map(numberIn)).toEqual([1]);
  });
});

const require = createRequire(import.meta.url);
const { nkeys } = require('@nats-io/transport-node') as typeof Transport;

const folder = mkdtempSync(join(tmpdir(), 'sonorancad-nats-access-'));

afterAll(() => rmSync(folder, { recursive: true }));

const startWith = async (config: string): Promise<string> => (await startBroker(config)).url;

/** @returns what came of one event */
function publishTo(url: string, changes: Partial<NatsTarget>): Promise<AttemptResult> {
  const sending = new NatsSending({ version: '5.0.0', clock, load: loadInstalledClient });
  cleanUp.push(() => sending.keep([]));
  const nats = { ...STREAM, servers: [url], createStream: true, ...changes };
  const attempt = makeAttempt({ name: 'network', url, nats });
  return new Promise((resolve) => sending.send(attempt, 5_000, { written: () => {}, ended: resolve }));
}

const stored = { kind: 'answered', status: 200 };
const refusedAs = (code: string) => ({ kind: 'failed', code, outcome: { kind: 'refused' } });

/** Each look at a key costs some milliseconds. */
const keyOf = (pair: ReturnType<typeof nkeys.createUser>) => ({ pair, name: pair.getPublicKey() });
type Key = ReturnType<typeof keyOf>;
const [operator, account, system] = [nkeys.createOperator(), nkeys.createAccount(), nkeys.createAccount()].map(
  keyOf,
) as [Key, Key, Key];
const user = keyOf(nkeys.createUser());
const seed = new TextDecoder().decode(user.pair.getSeed());

/** What `nsc` writes, as far as a server looks at it. */
function jwt(issuer: Key, subject: Key, type: string, claims: object): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const head = encode({ typ: 'JWT', alg: 'ed25519-nkey' });
  const about = { jti: type, iat: 1_700_000_000, iss: issuer.name, name: type, sub: subject.name };
  const body = encode({ ...about, nats: { ...claims, type, version: 2 } });
  const signature = issuer.pair.sign(new TextEncoder().encode(`${head}.${body}`));
  return `${head}.${body}.${Buffer.from(signature).toString('base64url')}`;
}

function credsSetUp() {
  const unlimited = { subs: -1, data: -1, payload: -1 };
  const jetstream = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
  const limits = { ...unlimited, ...jetstream, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
  const noStorage = { mem_storage: 0, disk_storage: 0, streams: 0, consumer: 0 };
  const accountJwt = jwt(operator, account, 'account', { limits });
  const config = `operator: ${jwt(operator, operator, 'operator', {})}
system_account: ${system.name}
authorization { timeout: 60 }
resolver: MEMORY
resolver_preload: {
  ${account.name}: ${accountJwt}
  ${system.name}: ${jwt(operator, system, 'account', { limits: { ...limits, ...noStorage } })}
}`;
  const userJwt = jwt(account, user, 'user', { ...unlimited, pub: {}, sub: {} });
  const creds = `-----BEGIN NATS USER JWT-----\n${userJwt}\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`;
  return { config, creds };
}

describeWithNats('a broker that asks who sends', () => {
  const { config: withCreds, creds } = credsSetUp();

  it.each<[string, string, NatsTarget['credentials']]>([
    ['a user and a password', 'authorization { user: bob, password: "s3cret" }', { user: 'bob', password: 's3cret' }],
    ['a token', 'authorization { token: "t0ken" }', { token: 't0ken' }],
    ['an nkey', `authorization { timeout: 60, users: [{ nkey: ${user.name} }] }`, { nkey: seed }],
    ['a creds file', withCreds, { creds }],
  ])('takes the events with %s, and none without', async (_what, config, credentials) => {
    const url = await startWith(config);
    expect(await publishTo(url, { credentials })).toMatchObject(stored);
    expect(await publishTo(url, {})).toMatchObject(refusedAs('it refuses the credentials'));
  });

  it('is enough with the right to publish alone', async () => {
    const rights = 'publish: "sonoran.push.>", subscribe: "_INBOX.>"';
    const url = await startWith(`authorization { users: [
      { user: admin, password: a }
      { user: game, password: b, permissions: { ${rights} } }
      { user: other, password: c, permissions: { publish: "else.>", subscribe: "_INBOX.>" } }
    ] }`);
    expect(await publishTo(url, { credentials: { user: 'admin', password: 'a' } })).toMatchObject(stored);
    expect(await publishTo(url, { credentials: { user: 'game', password: 'b' } })).toMatchObject(stored);
    const refused = await publishTo(url, { credentials: { user: 'other', password: 'c' } });
    expect(refused).toMatchObject(refusedAs('its account may not publish there'));
    expect(JSON.stringify(refused)).toContain('allow the account of the target to publish to sonoran.push.1.>');
  });
});

describeWithNats('a broker with TLS', () => {
  const { key, cert } = makeCertificate(folder);
  const tls = `tls { cert_file: "${cert}", key_file: "${key}" }`;
  const named = (url: string) => url.replace('127.0.0.1', 'localhost');

  it('takes the events of who trusts its certificate', async () => {
    const url = named(await startWith(tls));
    expect(await publishTo(url, { tls: { ca: readFileSync(cert, 'utf8') } })).toMatchObject(stored);
  });

  it.each([{}, null])('is not sent to with a certificate of nobody (tls: %j)', async (settings) => {
    const url = named(await startWith(tls));
    expect(await publishTo(url, { tls: settings })).toMatchObject({ kind: 'failed', certificate: true });
  });

  it('is not sent to by its address, for which no certificate can be checked', async () => {
    const url = await startWith(tls);
    expect(await publishTo(url, {})).toMatchObject(refusedAs('its certificate can be checked against a name only'));
  });

  it('is wanted in vain where there is none', async () => {
    const url = named(await startWith(''));
    expect(await publishTo(url, { tls: {} })).toMatchObject(refusedAs('it offers no TLS'));
  });
});
