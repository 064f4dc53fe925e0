import { describe, expect, it } from '@jest/globals';
import { WaypointMarker } from '../../src/notify/client.ts';

/** Sets up a fake map. Like the game, it holds one mark and rounds coordinates to 32-bit floats. */
function setUp() {
  const map: { mark: { x: number; y: number } | null } = { mark: null };
  const marker = new WaypointMarker({
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

describe('WaypointMarker', () => {
  it('sets the mark of a call, moves it with the call, and removes it', () => {
    const { map, marker } = setUp();
    marker.show(call(402.51, -981.13), false);
    expect(map.mark).toEqual({ x: Math.fround(402.51), y: Math.fround(-981.13) });
    marker.show(call(5, 6), true);
    expect(map.mark).toEqual({ x: 5, y: 6 });
    marker.clear(1);
    expect(map.mark).toBeNull();
  });

  it('neither replaces nor removes a mark that the player has set before', () => {
    const { map, marker } = setUp();
    map.mark = { x: 1, y: 1 };
    marker.show(call(5, 6), false);
    marker.clear(1);
    expect(map.mark).toEqual({ x: 1, y: 1 });
  });

  it('leaves the mark alone once the player has replaced it', () => {
    const { map, marker } = setUp();
    marker.show(call(5, 6), false);
    map.mark = { x: 1, y: 1 };
    marker.show(call(7, 8), true);
    marker.show(call(9, 9, 2), false);
    marker.clear(null);
    expect(map.mark).toEqual({ x: 1, y: 1 });
  });

  it('marks the latest call, and ignores moves and removals of an earlier call', () => {
    const { map, marker } = setUp();
    marker.show(call(5, 6, 1), false);
    marker.show(call(7, 8, 2), false);
    marker.show(call(1, 1, 1), true);
    marker.clear(1);
    expect(map.mark).toEqual({ x: 7, y: 8 });
    marker.clear(null);
    expect(map.mark).toBeNull();
  });

  it('sets the mark again if the call moves after the game has removed the mark', () => {
    const { map, marker } = setUp();
    marker.show(call(5, 6), false);
    map.mark = null;
    marker.show(call(7, 8), true);
    expect(map.mark).toEqual({ x: 7, y: 8 });
  });

  it('sets no mark for a move of a call that was never marked', () => {
    const { map, marker } = setUp();
    marker.show(call(7, 8), true);
    expect(map.mark).toBeNull();
  });
});
