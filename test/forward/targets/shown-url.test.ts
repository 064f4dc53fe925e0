import { expect, it } from '@jest/globals';
import { maskWebhookToken, shownUrl } from '../../../src/forward/targets/target-addresses.ts';

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
