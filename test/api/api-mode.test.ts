import { describe, expect, it } from '@jest/globals';
import { createApiModeAnnouncer } from '../../src/api/client-exports.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingClients } from '../recording-clients.ts';

function setUp(first: 'production' | 'development') {
  const clients = createRecordingClients();
  const clock = createManualClock();
  let mode = first;
  const announcer = createApiModeAnnouncer(() => mode, clients, clock);
  return {
    announcer,
    clock,
    change(next: typeof mode) {
      mode = next;
      announcer.applyConfig();
    },
    sent: () => clients.sent.splice(0).map(({ name, target, args }) => [name, target, ...args]),
  };
}

describe('createApiModeAnnouncer', () => {
  it('tells nobody who has not asked, as long as the mode is what it was at the start', () => {
    for (const mode of ['production', 'development'] as const) {
      const { announcer, sent } = setUp(mode);
      announcer.applyConfig();
      expect(sent()).toEqual([]);
    }
  });

  it('tells a player whose game asks, and nobody else, which mode it is now', () => {
    const { announcer, change, sent } = setUp('development');
    announcer.clientStarted(7);
    expect(sent()).toEqual([['sonorancad:client:apiMode', 7, 0]]);
    change('production');
    expect(sent()).toHaveLength(1);
    announcer.clientStarted(8);
    expect(sent()).toEqual([['sonorancad:client:apiMode', 8, 1]]);
  });

  it('answers each player three times a minute, whatever others ask', () => {
    const { announcer, clock, sent } = setUp('development');
    const ask = (player: number, times: number) => {
      for (let left = times; left > 0; left -= 1) announcer.clientStarted(player);
      return sent().filter(([, target]) => target === player).length;
    };
    expect([ask(7, 1_000), ask(8, 2), ask(8, 2), ask(7, 1)]).toEqual([3, 2, 1, 0]);
    clock.advance(59_999);
    expect(ask(7, 1)).toBe(0);
    clock.advance(1);
    expect([ask(7, 1_000), ask(8, 1)]).toEqual([3, 1]);
  });

  it('tells everybody when the configured mode changes, and also when it changes back', () => {
    const { announcer, change, sent } = setUp('production');
    announcer.applyConfig();
    change('development');
    change('development');
    change('production');
    expect(sent()).toEqual([
      ['sonorancad:client:apiMode', -1, 0],
      ['sonorancad:client:apiMode', -1, 1],
    ]);
  });
});
