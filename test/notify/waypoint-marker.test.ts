import { describe, expect, it } from '@jest/globals';
import { createWaypointMarker } from '../../src/notify/client.ts';

/** A map with at most one mark, as the game has it. */
function setUp() {
  const map: { mark: { x: number; y: number } | null } = { mark: null };
  const marker = createWaypointMarker({
    read: () => map.mark,
    set(place) {
      map.mark = { x: Math.fround(place.x), y: Math.fround(place.y) };
    },
    remove() {
      map.mark = null;
    },
  });
  return { map, marker };
}

const call = (x: number, y: number, callId = 1) => ({ callId, x, y });

describe('the mark of a call', () => {
  it('is set, moved with its call, and taken away', () => {
    const { map, marker } = setUp();
    marker.show(call(402.51, -981.13), false);
    expect(map.mark).toEqual({ x: Math.fround(402.51), y: Math.fround(-981.13) });
    marker.show(call(5, 6), true);
    expect(map.mark).toEqual({ x: 5, y: 6 });
    marker.clear(1);
    expect(map.mark).toBeNull();
  });

  it('never takes the place of one that the player has set, nor takes it away', () => {
    const { map, marker } = setUp();
    map.mark = { x: 1, y: 1 };
    marker.show(call(5, 6), false);
    marker.clear(1);
    expect(map.mark).toEqual({ x: 1, y: 1 });
  });

  it('is not ours any more once the player has set another', () => {
    const { map, marker } = setUp();
    marker.show(call(5, 6), false);
    map.mark = { x: 1, y: 1 };
    marker.show(call(7, 8), true);
    marker.show(call(9, 9, 2), false);
    marker.clear(null);
    expect(map.mark).toEqual({ x: 1, y: 1 });
  });

  it('is that of the call a unit was attached to last', () => {
    const { map, marker } = setUp();
    marker.show(call(5, 6, 1), false);
    marker.show(call(7, 8, 2), false);
    marker.show(call(1, 1, 1), true);
    marker.clear(1);
    expect(map.mark).toEqual({ x: 7, y: 8 });
    marker.clear(null);
    expect(map.mark).toBeNull();
  });

  it('comes back when its call moves after it was reached', () => {
    const { map, marker } = setUp();
    marker.show(call(5, 6), false);
    map.mark = null;
    marker.show(call(7, 8), true);
    expect(map.mark).toEqual({ x: 7, y: 8 });
  });

  it('is not moved by a call that was never marked', () => {
    const { map, marker } = setUp();
    marker.show(call(7, 8), true);
    expect(map.mark).toBeNull();
  });
});
