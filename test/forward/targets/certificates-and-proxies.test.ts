import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { AttemptResult } from '../../../src/forward/delivery.ts';
import { HttpSending, isCertificateCode } from '../../../src/forward/targets/http-sending.ts';
import { listenerClock } from '../../../src/listener/create-push-event-listener.ts';
import { makeCertificate } from '../../certificate.ts';
import { startHttpTarget } from '../../http-target.ts';
import { type LocalServer, openLocally } from '../../local-server.ts';
import { makeAttempt } from './make-attempt.ts';
import { sendInOwnProcess } from './send-in-own-process.ts';

describe('the certificate of a target', () => {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  const files = makeCertificate(folder);
  const [key, cert] = [readFileSync(files.key, 'utf8'), readFileSync(files.cert, 'utf8')];
  rmSync(folder, { recursive: true });
  const trusted = getCACertificates();
  let server: LocalServer;
  let requests = 0;

  beforeAll(async () => {
    const served = createServer({ key, cert }, (_request, response) => {
      requests += 1;
      response.end('ok');
    });
    server = await openLocally(served);
  });
  afterEach(() => {
    setDefaultCACertificates(trusted);
    requests = 0;
  });
  afterAll(() => server.close());

  async function sendTo(host: string): Promise<AttemptResult> {
    const wire = new HttpSending({
      version: '5.0.0',
      clock: listenerClock,
      statusLabels: [],
      lookup: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    const { port } = server;
    const result = await new Promise<AttemptResult>((resolve) => {
      wire.send(makeAttempt({ url: `https://${host}:${port}/` }), 5_000, { written: () => {}, ended: resolve });
    });
    wire.close();
    return result;
  }

  it('is refused when it is signed by itself', async () => {
    const failed = { kind: 'failed', code: 'DEPTH_ZERO_SELF_SIGNED_CERT', certificate: true };
    expect(await sendTo('localhost')).toMatchObject(failed);
    expect(requests).toBe(0);
  });

  it('is refused though the environment says that none is to be checked', async () => {
    const { port } = server;
    const result = await sendInOwnProcess(`https://127.0.0.1:${port}/`, { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(result).toMatchObject({ kind: 'failed', certificate: true });
  });

  it('is refused when it is for another name', async () => {
    setDefaultCACertificates([...trusted, cert]);
    const failed = { kind: 'failed', code: 'ERR_TLS_CERT_ALTNAME_INVALID', certificate: true };
    expect(await sendTo('bot.example')).toMatchObject(failed);
  });

  it('is taken when its authority is trusted', async () => {
    setDefaultCACertificates([...trusted, cert]);
    expect(await sendTo('localhost')).toMatchObject({ kind: 'answered', status: 200 });
  });
});

describe('a failure of the certificate', () => {
  it.each([
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ])('is %s', (code) => {
    expect(isCertificateCode(code)).toBe(true);
  });

  it.each(['ECONNRESET', 'ERR_SSL_WRONG_VERSION_NUMBER', 'EPROTO', 'ERR_TLS_HANDSHAKE_TIMEOUT'])(
    'is not %s',
    (code) => {
      expect(isCertificateCode(code)).toBe(false);
    },
  );
});

it('a proxy that the environment names is not used', async () => {
  const target = await startHttpTarget();
  const proxy = await startHttpTarget();
  const address = `http://127.0.0.1:${proxy.port}`;
  const variables = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: address, http_proxy: address, NO_PROXY: '', no_proxy: '' };
  const result = await sendInOwnProcess(`http://127.0.0.1:${target.port}/`, variables);
  await Promise.all([target.close(), proxy.close()]);
  expect(result).toMatchObject({ kind: 'answered', status: 200 });
  expect(proxy.received).toEqual([]);
  expect(target.received).toHaveLength(1);
});
