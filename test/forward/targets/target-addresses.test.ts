import { describe, expect, it } from '@jest/globals';
import {
  isDiscordWebhook,
  isEventPathHere,
  maskWebhookToken,
  shownUrl,
  targetUrl,
} from '../../../src/forward/targets/target-addresses.ts';

describe('targetUrl', () => {
  it.each([
    ['http://203.0.113.5:30150', 'http://203.0.113.5:30150/sonorancad/event'],
    ['https://bot.example', 'https://bot.example/sonorancad/event'],
    ['  HTTP://bot.example:8080 ', 'http://bot.example:8080/sonorancad/event'],
    ['http://user:word@bot.example', 'http://user:word@bot.example/sonorancad/event'],
    ['http://[::1]:30150', 'http://[::1]:30150/sonorancad/event'],
    ['http://bot.example?token=1', 'http://bot.example/sonorancad/event?token=1'],
  ])('completes the bare origin %s', (configured, url) => {
    expect(targetUrl(configured).href).toBe(url);
  });

  it.each(['http://bot.example/', 'https://bot.example/hook', 'http://bot.example/?a=/b', 'http://bot.example/a?b=c'])(
    'leaves %s as written',
    (configured) => {
      expect(targetUrl(configured).href).toBe(configured);
    },
  );
});

describe('the event path of this resource', () => {
  const own = { port: 30120, resourceName: 'sonorancad', addresses: ['203.0.113.9', '2001:db8::9'] };

  it.each([
    'http://127.0.0.1:30120/sonorancad/event',
    'http://localhost:30120/SonoranCAD/event',
    'http://[::1]:30120/sonorancad/event',
    'https://127.8.0.1:30120/sonorancad/sonorancad/event/',
    'http://203.0.113.9:30120/sonorancad/event?a=1',
    'http://[2001:db8::9]:30120/sonorancad/event',
    'http://2130706433:30120/sonorancad/event',
  ])('is true of %s', (url) => {
    expect(isEventPathHere(new URL(url), own)).toBe(true);
  });

  it.each([
    ['another port', 'http://127.0.0.1:30150/sonorancad/event'],
    ['another resource', 'http://127.0.0.1:30120/other/event'],
    ['another path', 'http://127.0.0.1:30120/sonorancad/health'],
    ['another machine', 'http://203.0.113.10:30120/sonorancad/event'],
  ])('is false of %s', (_what, url) => {
    expect(isEventPathHere(new URL(url), own)).toBe(false);
  });
});

describe('the event path of the official resource', () => {
  const own = { port: 30120, resourceName: 'sonorancad-events', addresses: ['203.0.113.9'] };

  it.each([
    ['its path', 'http://127.0.0.1:30120/sonorancad/event', true],
    ['its path in another case', 'http://localhost:30120/SonoranCAD/event', true],
    ['its path by an address of this machine', 'http://203.0.113.9:30120/sonorancad/sonorancad/event', true],
    ['its path on another machine', 'http://203.0.113.10:30120/sonorancad/event', false],
    ['its path at another port', 'http://127.0.0.1:30150/sonorancad/event', false],
    ['another path of it', 'http://127.0.0.1:30120/sonorancad/info', false],
    ['the path of this resource', 'http://127.0.0.1:30120/sonorancad-events/event', false],
  ])('of %s', (_what, url, expected) => {
    expect(isEventPathHere(new URL(url), own, 'sonorancad')).toBe(expected);
  });
});

it.each([
  ['http://bot:hunter2@bot.example:30150/events?token=abc#x', 'http://bot.example:30150/events'],
  ['https://discord.com/api/webhooks/123/s3cr-et_Token?wait=true', 'https://discord.com/api/webhooks/123/***'],
  ['https://discord.com/api/v10/webhooks/123/s3cret/slack', 'https://discord.com/api/v10/webhooks/123/***/slack'],
  ['https://discord.com//api//WEBHOOKS//123//s3cret', 'https://discord.com//api//WEBHOOKS//123//***'],
  ['https://proxy.example/api/webhooks/%31/%73ecret', 'https://proxy.example/api/webhooks/%31/***'],
  ['http://[2001:db8::1]/webhooks/mine', 'http://[2001:db8::1]/webhooks/mine'],
  ['http://bot.example/^1red', 'http://bot.example/%5E1red'],
])('%s is shown as %s', (url, shown) => {
  expect(shownUrl(new URL(url))).toBe(shown);
});

it('masks the token of what is no URL as well', () => {
  expect(maskWebhookToken('discord.com/api/webhooks/1/s3cret')).toBe('discord.com/api/webhooks/1/***');
});

it('masks an API key in the path, in any case and encoded', () => {
  const url = new URL('https://bot.example/hook/A%20KEY+for-testing/a key+for-testing');
  expect(shownUrl(url, ['a key+for-testing'])).toBe('https://bot.example/hook/***/***');
  expect(shownUrl(new URL('https://bot.example/a%20key%2Bfor-testing'), ['a key+for-testing'])).toBe(
    'https://bot.example/***',
  );
});

it.each([
  ['https://discord.com/api/webhooks/1/token', true],
  ['http://canary.discord.com/api/v10/webhooks/1/token?wait=true', true],
  ['https://PTB.discordapp.com/API/Webhooks/1/token', true],
  ['https://discord.com/api/webhooks/1', false],
  ['https://discord.com/api/webhooks/name/token', false],
  ['https://discord.com/x/api/webhooks/1/token', false],
  ['https://notdiscord.com/api/webhooks/1/token', false],
  ['https://discord.com.example/api/webhooks/1/token', false],
])('tells whether %s is a webhook of Discord: %p', (address, is) => {
  expect(isDiscordWebhook(new URL(address))).toBe(is);
});
