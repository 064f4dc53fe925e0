import { describe, expect, it } from '@jest/globals';
import { load } from '../config/fake-source.ts';

const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const good = { name: 'good', url: 'https://good.example/x' };

describe('pushEventForwardTargets', () => {
  it('are taken with their defaults', () => {
    const { config, lines } = load({ enablePushEventForwarding: true, pushEventForwardTargets: [good] });
    expect(lines).toEqual([]);
    expect(config.enablePushEventForwarding).toBe(true);
    expect(config.pushEventForwardTargets).toEqual([
      {
        ...good,
        events: ['*'],
        includeKey: true,
        secret: [],
        headers: {},
        timeoutMs: 10_000,
        maxAgeMinutes: 1_440,
        requireResponse: false,
        format: 'payload',
      },
    ]);
  });

  it('are given up on after an hour where they are a Discord channel, unless they say otherwise', () => {
    const discord = { ...good, format: 'discord' };
    const { config } = load({ pushEventForwardTargets: [discord, { ...discord, name: 'slow', maxAgeMinutes: 5 }] });
    expect(config.pushEventForwardTargets.map(({ maxAgeMinutes }) => maxAgeMinutes)).toEqual([60, 5]);
  });

  it('may stand in a convar, as one line of JSON', () => {
    const { config } = load({}, { sonoran_pushEventForwardTargets: JSON.stringify([{ ...good, secret }]) });
    expect(config.pushEventForwardTargets).toMatchObject([{ ...good, secret: [secret] }]);
  });

  it.each([
    ['name', 'a/b', '.*\\["name"\\] in config\\.json is "a/b", expected 1 to 32 letters'],
    ['name', undefined, '.*\\["name"\\] in config\\.json is missing, expected 1 to 32 letters'],
    ['url', 'ftp://x', '.*\\["url"\\] in config\\.json is "ftp://x", expected a URL like'],
    ['url', 'https://host', '.*\\["url"\\] in config\\.json is "https://host", expected'],
    ['events', [], '.*\\["events"\\] .* is \\[\\], expected a list of event types'],
    ['events', ['EVENT 911'], '.*\\["events"\\]\\[0\\] .* is "EVENT 911", expected an event type like "EVENT_911"'],
    ['includeKey', 'no', '.*\\["includeKey"\\] .* expected true or false'],
    ['secret', 'whsec_short', '.*\\["secret"\\] in config\\.json is not usable, expected "whsec_"'],
    ['secret', [secret, 'plain'], '.*\\["secret"\\].* is not usable, expected "whsec_"'],
    ['headers', { Host: 'x' }, '.*\\["headers"\\] in config\\.json is not usable, expected an object of header names'],
    ['headers', { 'Content-Length': '1' }, '.*expected an object of header names'],
    ['headers', { 'webhook-id': '1' }, '.*expected an object of header names'],
    ['headers', { 'X-Sonorancad-Hop': '0' }, '.*expected an object of header names'],
    ['headers', { 'bad name': 'x' }, '.*expected an object of header names'],
    ['headers', { 'x-a': 'two\r\nlines' }, '.*expected an object of header names'],
    ['timeoutMs', 100, '.*\\["timeoutMs"\\] .* is 100, expected a whole number of milliseconds'],
    ['maxAgeMinutes', 0, '.*\\["maxAgeMinutes"\\] .* is 0, expected a whole number of minutes'],
    ['format', 'slack', '.*\\["format"\\] .* is "slack", expected "payload" or "discord"'],
    [
      'includekey',
      false,
      '\\["includekey"\\] .* is unknown \\(did you mean includeKey\\?\\), expected only name, url, events, includeKey',
    ],
  ])('with the %s %j are refused alone, by one line', (member, value, line) => {
    const faulty = { name: 'bad', url: 'https://bad.example/x', [member]: value };
    const { config, lines } = load({ pushEventForwardTargets: [good, faulty] });
    expect(config.pushEventForwardTargets).toMatchObject([good]);
    expect(lines).toEqual([
      expect.stringMatching(new RegExp(`^pushEventForwardTargets\\[1\\]${line}.*: this target is off$`)),
    ]);
  });

  it.each([{ name: 'x', url: 'https://x.example' }, 'https://x.example', 7])(
    'that are no list (%j) are one line',
    (value) => {
      const { config, lines } = load({ pushEventForwardTargets: value });
      expect(config.pushEventForwardTargets).toEqual([]);
      expect(lines).toEqual([
        expect.stringMatching(
          /^pushEventForwardTargets in config\.json is not usable, expected a list of targets.*: none of them is sent to$/,
        ),
      ]);
    },
  );

  it('of which none is usable switch forwarding off', () => {
    const targets = { enablePushEventForwarding: true, pushEventForwardTargets: [{ name: 'x' }] };
    const { config, lines } = load(targets);
    expect(config.enablePushEventForwarding).toBe(false);
    expect(lines).toHaveLength(1);
  });

  it('of which there are none are one line when forwarding is switched on', () => {
    const { config, lines } = load({ enablePushEventForwarding: true, pushEventForwardTargets: [] });
    expect(config.enablePushEventForwarding).toBe(false);
    expect(lines).toEqual([expect.stringMatching(/neither pushEventForwardUrl nor pushEventForwardTargets is set/)]);
  });

  it('leave forwarding on when pushEventForwardUrl is usable', () => {
    const { config } = load({
      enablePushEventForwarding: true,
      pushEventForwardUrl: 'https://a.example',
      pushEventForwardTargets: [{ name: 'x' }],
    });
    expect(config.enablePushEventForwarding).toBe(true);
  });

  it('keep forwarding on when pushEventForwardUrl is not usable', () => {
    const { config, lines } = load({
      enablePushEventForwarding: true,
      pushEventForwardUrl: 'nonsense',
      pushEventForwardTargets: [good],
    });
    expect(config.enablePushEventForwarding).toBe(true);
    expect(lines).toHaveLength(1);
  });
});

describe('the secrets of targets', () => {
  const token = 'Bearer top-secret-token';
  const target = { ...good, secret, headers: { authorization: token } };

  it('are not shown where they were pasted elsewhere', () => {
    const { lines } = load({ pushEventForwardTargets: [target], mode: secret, serverId: token });
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toMatch(/whsec_|top-secret/);
  });

  it('are not shown where a target should be', () => {
    const { lines } = load({ pushEventForwardTargets: [secret, { ...good, [secret]: 1 }] });
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join()).not.toContain('whsec_');
  });

  it('are not shown from a convar that is no JSON', () => {
    const broken = JSON.stringify([target]).slice(0, -1);
    const { lines } = load({ mode: token }, { sonoran_pushEventForwardTargets: broken });
    expect(lines.join()).toContain(
      'pushEventForwardTargets in the convar sonoran_pushEventForwardTargets is not usable',
    );
    expect(lines.join()).not.toMatch(/whsec_|top-secret/);
  });

  it('are not shown from a file that a convar overrides', () => {
    const convars = { sonoran_pushEventForwardTargets: JSON.stringify([good]) };
    const { lines } = load({ pushEventForwardTargets: [target], mode: secret }, convars);
    expect(lines).toEqual([expect.stringContaining('mode in config.json is ***')]);
  });

  it('are not shown when they are a webhook token in a bad URL', () => {
    const [line] = load({ pushEventForwardUrl: 'discord.com/api/webhooks/1/s3cret' }).lines;
    expect(line).toContain('discord.com/api/webhooks/1/***');
  });
});

it.each([[[]], [[0]], [['2']], [[4_000]]])('pushEventForwardRetrySeconds %j are refused', (value) => {
  const { config, lines } = load({ pushEventForwardRetrySeconds: value });
  expect(config.pushEventForwardRetrySeconds).toEqual([0.25, 2, 4, 20]);
  expect(lines).toHaveLength(1);
});
