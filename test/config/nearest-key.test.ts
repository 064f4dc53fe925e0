import { expect, it } from '@jest/globals';
import { nearestKey } from '../../src/lib/nearest-name.ts';

it.each([
  ['apikey', 'apiKey'],
  ['apiKye', 'apiKey'],
  ['SERVER_ID', 'serverId'],
  ['sverId', 'serverId'],
  ['zzzzzzzz', null],
  ['', null],
])('nearest to %j is %j', (name, nearest) => {
  expect(nearestKey(name, ['apiKey', 'apiKeys', 'serverId'])).toBe(nearest);
});
