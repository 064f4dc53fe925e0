import { expect, it } from '@jest/globals';
import { isDiscordWebhook } from '../../../src/forward/targets/target-addresses.ts';

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
