import { expect, it } from '@jest/globals';
import type { Api } from '../../../../src/inspector/page/api.ts';
import { LiveEvents } from '../../../../src/inspector/page/live/live-events.ts';

it('asks for the first and the last of events that are gone through in haste, not for those between', async () => {
  const asked: string[] = [];
  const api = {
    open: () => new Promise(() => {}),
    ask: async (path: string) => void asked.push(path),
    askText: async () => '{}',
  };
  const live = new LiveEvents(api as unknown as Api, () => {});
  for (let seq = 1; seq < 50; seq += 1) void live.open(seq);
  await live.open(50);
  expect(live.selected.value).toMatchObject({ seq: 50, payload: '{}' });
  expect(asked).toEqual(['events/1', 'events/50']);
  live.stop();
});
