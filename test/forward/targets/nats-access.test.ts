import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from '@jest/globals';
import type * as Transport from '@nats-io/transport-node';
import { startNats } from '../../../scripts/nats-server.ts';
import type { AttemptResult } from '../../../src/forward/delivery.ts';
import { createNatsSending } from '../../../src/forward/targets/nats-sending.ts';
import type { NatsTarget } from '../../../src/forward/targets/nats-settings.ts';
import { listenerClock as clock } from '../../../src/listener/create-push-event-listener.ts';
import { loadInstalledClient } from '../../../src/listener/stream-connection.ts';
import { describeWithNats } from '../../nats-server.ts';
import { makeAttempt } from './make-attempt.ts';

const require = createRequire(import.meta.url);
const { nkeys } = require('@nats-io/transport-node') as typeof Transport;

const folder = mkdtempSync(join(tmpdir(), 'sonorancad-nats-access-'));
const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of cleanUp.splice(0).reverse()) await close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function startWith(config: string): Promise<string> {
  const server = await startNats(config);
  cleanUp.push(() => server.close());
  return server.url;
}

/** @returns what came of one event */
function publishTo(url: string, changes: Partial<NatsTarget>): Promise<AttemptResult> {
  const sending = createNatsSending({ version: '5.0.0', clock, load: loadInstalledClient });
  cleanUp.push(() => sending.keep([]));
  const usual = {
    servers: [url],
    stream: 'sonoran',
    subject: 'sonoran.push.{serverId}.{type}',
    serverId: 1,
    credentials: {},
    tls: null,
  };
  const attempt = makeAttempt({ name: 'network', url, nats: { ...usual, createStream: true, ...changes } });
  return new Promise((resolve) => sending.send(attempt, 5_000, { written: () => {}, ended: resolve }));
}

const stored = { kind: 'answered', status: 200 };
const refusedAs = (code: string) => ({ kind: 'failed', code, outcome: { kind: 'refused' } });

const operator = nkeys.createOperator();
const account = nkeys.createAccount();
const system = nkeys.createAccount();
const user = nkeys.createUser();
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
type KeyPair = typeof user;

/** What `nsc` writes, as far as a server looks at it. */
function jwt(issuer: KeyPair, subject: KeyPair, type: string, claims: object): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const head = encode({ typ: 'JWT', alg: 'ed25519-nkey' });
  const about = { jti: type, iat: 1_700_000_000, iss: issuer.getPublicKey(), name: type, sub: subject.getPublicKey() };
  const body = encode({ ...about, nats: { ...claims, type, version: 2 } });
  const signature = issuer.sign(new TextEncoder().encode(`${head}.${body}`));
  return `${head}.${body}.${Buffer.from(signature).toString('base64url')}`;
}

function credsSetUp() {
  const unlimited = { subs: -1, data: -1, payload: -1 };
  const jetstream = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
  const limits = { ...unlimited, ...jetstream, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
  const noStorage = { mem_storage: 0, disk_storage: 0, streams: 0, consumer: 0 };
  const accountJwt = jwt(operator, account, 'account', { limits });
  const config = `operator: ${jwt(operator, operator, 'operator', {})}
system_account: ${system.getPublicKey()}
authorization { timeout: 60 }
resolver: MEMORY
resolver_preload: {
  ${account.getPublicKey()}: ${accountJwt}
  ${system.getPublicKey()}: ${jwt(operator, system, 'account', { limits: { ...limits, ...noStorage } })}
}`;
  const userJwt = jwt(account, user, 'user', { ...unlimited, pub: {}, sub: {} });
  const seed = textOf(user.getSeed());
  const creds = `-----BEGIN NATS USER JWT-----\n${userJwt}\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`;
  return { config, creds };
}

describeWithNats('a broker that asks who sends', () => {
  it.each<[string, string, NatsTarget['credentials']]>([
    ['a user and a password', 'authorization { user: bob, password: "s3cret" }', { user: 'bob', password: 's3cret' }],
    ['a token', 'authorization { token: "t0ken" }', { token: 't0ken' }],
    [
      'an nkey',
      `authorization { timeout: 60, users: [{ nkey: ${user.getPublicKey()} }] }`,
      { nkey: textOf(user.getSeed()) },
    ],
    ['a creds file', credsSetUp().config, { creds: credsSetUp().creds }],
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
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
  const files = ['-keyout', key, '-out', cert];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', ...files, ...subject],
    { stdio: 'ignore' },
  );
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
