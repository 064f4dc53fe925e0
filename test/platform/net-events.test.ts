import { afterEach, describe, expect, it } from '@jest/globals';
import { onNetEvent } from '../../src/platform/events.ts';

/** What the game server gives a script of it. */
const scope = globalThis as { onNet?: unknown; source?: unknown };
afterEach(() => {
  delete scope.onNet;
  delete scope.source;
});

/** @returns whom a handler is told that an event comes from, with this `source`; nothing where it is not called */
function senders(source: unknown): unknown[] {
  const told: unknown[] = [];
  let deliver: (...args: unknown[]) => void = () => {};
  scope.onNet = (_name: string, handler: typeof deliver) => {
    deliver = handler;
  };
  onNetEvent('name', (sender) => told.push(sender));
  scope.source = source;
  deliver('an argument');
  return told;
}

describe('a net event', () => {
  it('comes from the player whose number it has, or from a resource', () => {
    expect([senders(7), senders('')]).toEqual([[7], [null]]);
  });

  it.each([0, -1, Number.NaN, null, undefined, '7', 'net:7', {}])('is refused with %p for a source', (source) => {
    expect(senders(source)).toEqual([]);
  });
});
