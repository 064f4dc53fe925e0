import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { loadConfig } from '../../../src/config/load.ts';
import { targetSchema } from '../../../src/forward/settings.ts';
import { fillSubject, isSubject, streamSubject } from '../../../src/forward/targets/nats-settings.ts';
import { resolveTargets } from '../../../src/forward/targets/resolve-targets.ts';

const own = { port: 30120, resourceName: 'sonorancad', addresses: [] };
const NKEY = `SU${'A'.repeat(56)}`;
const CREDS = `-----BEGIN NATS USER JWT-----\neyJ0eXAi\n------END NATS USER JWT------\n-----BEGIN USER NKEY SEED-----\n${NKEY}\n------END USER NKEY SEED------\n`;

function resolve(target: object) {
  const pushEventForwardTargets = [v.parse(targetSchema, { name: 'network', stream: 'sonoran', ...target })];
  const config = { enablePushEventForwarding: true, pushEventForwardUrl: '', pushEventForwardTargets, apiKeys: [] };
  const { targets, problems } = resolveTargets({ ...config, serverId: 7 }, own);
  return { target: targets[0], lines: problems.map(({ line }) => line) };
}

function load(target: object): string[] {
  const text = JSON.stringify({
    apiKey: 'a-key-for-testing',
    pushEventForwardTargets: [{ name: 'network', ...target }],
  });
  return loadConfig({
    readFile: (path) => (path === 'config.json' ? text : null),
    hasFile: () => false,
    convar: () => null,
  }).problems.map(({ line }) => line);
}

describe('a target that is a stream', () => {
  it('has the documented defaults', () => {
    const { target, lines } = resolve({ url: 'nats://Broker.Example' });
    expect(target).toMatchObject({
      url: 'nats://broker.example:4222',
      shownUrl: 'nats://broker.example:4222',
      includeKey: false,
      maxAgeMinutes: 1_440,
      nats: {
        servers: ['nats://broker.example:4222'],
        stream: 'sonoran',
        subject: 'sonoran.push.{serverId}.{type}',
        serverId: 7,
        credentials: {},
        tls: null,
        createStream: false,
      },
    });
    expect(lines).toEqual([]);
  });

  it('may have several servers', () => {
    const { target } = resolve({ url: ['nats://a.example', 'tls://b.example:4333'] });
    expect(target).toMatchObject({
      shownUrl: 'nats://a.example:4222, tls://b.example:4333',
      nats: { servers: ['nats://a.example:4222', 'tls://b.example:4333'], tls: {} },
    });
  });

  it.each([
    ['nats://bob:p%40ss@broker.example', { user: 'bob', password: 'p@ss' }],
    ['nats://t0ken@broker.example', { token: 't0ken' }],
  ])('may have its credentials in the address, which is shown without them: %s', (url, credentials) => {
    const { target } = resolve({ url, tls: {} });
    expect(target).toMatchObject({ shownUrl: 'nats://broker.example:4222', nats: { credentials } });
  });

  it.each<[object, string]>([
    [{ url: 'nats://broker.example' }, '["stream"] in config.json is missing'],
    [{ url: 'https://bot.example/x', stream: 'sonoran' }, '["stream"]'],
    [{ url: 'https://bot.example/x', createStream: true }, '["createStream"]'],
    [{ url: 'nats://broker.example/path', stream: 's' }, '["url"]'],
    [{ url: ['nats://a.example', 'https://b.example'], stream: 's' }, '["url"]'],
    [{ url: 'nats://broker.example', stream: 's p' }, '["stream"]'],
    [{ url: 'nats://broker.example', stream: 's', format: 'discord' }, '["format"]'],
    [{ url: 'nats://broker.example', stream: 's', subject: 'a.*.b' }, '["subject"]'],
    [{ url: 'nats://broker.example', stream: 's', subject: '{type}' }, '["subject"]'],
    [{ url: 'nats://broker.example', stream: 's', credentials: { user: 'u' } }, '["credentials"]'],
    [{ url: 'nats://broker.example', stream: 's', credentials: { token: 't', nkey: NKEY } }, '["credentials"]'],
    [{ url: 'nats://broker.example', stream: 's', credentials: { nkey: 'SUshort' } }, '["credentials"]'],
    [{ url: 'nats://broker.example', stream: 's', tls: { cert: '-----BEGIN CERTIFICATE-----' } }, '["tls"]'],
  ])('is off with one line when it is %j', (target, line) => {
    expect(load(target)).toEqual([expect.stringContaining(line)]);
  });

  it('shows none of its credentials, whatever is wrong', () => {
    const credentials = {
      user: 'bob',
      password: 'hunter2-hunter2',
      token: 'tok-tok-tok',
      nkey: `${NKEY}x`,
      creds: CREDS,
    };
    const tls = { key: '-----BEGIN PRIVATE KEY-----AAAABBBBCCCC' };
    const said = load({ url: 'nats://al:sesame-sesame@x/y', stream: '!', credentials, tls, more: NKEY }).join('\n');
    for (const secret of ['hunter2', 'tok-tok', NKEY, 'eyJ0eXAi', 'AAAABBBB', 'sesame'])
      expect(said).not.toContain(secret);
    expect(said).toContain('pushEventForwardTargets[0]');
  });

  it('is said to be in danger when the key or a password goes to it in the open', () => {
    expect(resolve({ url: 'nats://broker.example', includeKey: true }).lines).toEqual([
      'the target network of pushEventForwardTargets is sent the API key without TLS (nats://broker.example:4222), unless the broker demands it: set "tls": {}',
    ]);
    expect(resolve({ url: 'nats://u:p@broker.example' }).lines).toEqual([expect.stringContaining('its credentials')]);
    expect(resolve({ url: 'nats://u:p@10.0.0.3' }).lines).toEqual([]);
  });

  it('is off where one of its servers has an address that is never sent to', () => {
    const { target, lines } = resolve({ url: ['nats://a.example', 'nats://169.254.169.254'] });
    expect(target).toBeUndefined();
    expect(lines).toEqual([expect.stringContaining('which is never sent to')]);
  });
});

describe('a subject', () => {
  const id = '6f1c1f0e-8b4c-4b3e-9a58-4f1f3a2b1c0d';

  it.each([
    ['sonoran.push.1.{type}', true],
    ['sonoran.push.{serverId}.{type}.{callId}', true],
    ['sonoran', true],
    ['sonoran..push', false],
    ['sonoran.push.>', false],
    ['sonoran.{name}', false],
    ['', false],
    [`a.${'b.'.repeat(16)}c`, false],
  ])('%j is one to publish to: %s', (text, is) => {
    expect(isSubject(text)).toBe(is);
  });

  it.each([
    ['EVENT_911', 'EVENT_911'],
    ['a.b', '_._'.replace('.', '_')],
    ['EVENT Ä*>\0', 'EVENT_____'],
    ['', '_'],
    ['X'.repeat(100), 'X'.repeat(64)],
    ['A$&B', 'A__B'],
  ])('has the type %j as %j', (type, part) => {
    expect(fillSubject('s.{serverId}.{type}', { serverId: 7, type, callId: null, id })).toBe(`s.7.${part}`);
  });

  it('has the lane of a call before the call, and spreads what is about none by its id', () => {
    const fill = (callId: number | null, of = id) =>
      fillSubject('s.{callId}', { serverId: 7, type: 'T', callId, id: of });
    expect([fill(37), fill(16), fill(-3), fill(null), fill(null, `${id}.r2`), fill(null, 'odd')]).toEqual([
      's.5.37',
      's.0.16',
      's.3.-3',
      's.13._',
      's.13._',
      's.13._',
    ]);
  });

  it.each([
    ['sonoran.push.{serverId}.{type}', 'sonoran.push.>'],
    ['sonoran.push.3.{type}', 'sonoran.push.3.>'],
    ['sonoran.push.{type}.x', 'sonoran.push.>'],
    ['sonoran.all', 'sonoran.all'],
  ])('%s is taken by a stream of %s', (subject, taken) => {
    expect(streamSubject(subject)).toBe(taken);
  });
});
