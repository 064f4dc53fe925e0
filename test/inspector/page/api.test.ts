import { describe, expect, it, jest } from '@jest/globals';
import { pause } from '../../../src/inspector/page/api.ts';

describe('a pause', () => {
  it('ends at once when the signal says so', async () => {
    const end = new AbortController();
    const paused = pause(60_000, end.signal);
    end.abort();
    await expect(paused).resolves.toBeUndefined();
  });

  it('leaves nothing at the signal, which lasts as long as the page and has a pause every 2 s', async () => {
    const end = new AbortController();
    const added = jest.spyOn(end.signal, 'addEventListener');
    const removed = jest.spyOn(end.signal, 'removeEventListener');
    await pause(1, end.signal);
    expect(added.mock.calls).toHaveLength(1);
    expect(removed.mock.calls).toEqual(added.mock.calls);
  });
});
