import { describe, expect, it } from '@jest/globals';
import { createApiModeAnnouncer } from '../../src/exports/api-mode.ts';
import { createRecordingClients } from '../recording-clients.ts';

function setUp(first: 'production' | 'development') {
  const clients = createRecordingClients();
  let mode = first;
  const announcer = createApiModeAnnouncer(() => mode, clients);
  return {
    announcer,
    change(next: typeof mode) {
      mode = next;
      announcer.settle();
    },
    sent: () => clients.sent.splice(0).map(({ name, target, args }) => [name, target, ...args]),
  };
}

describe('createApiModeAnnouncer', () => {
  it('tells nobody what every game takes for granted', () => {
    const { announcer, sent } = setUp('production');
    announcer.settle();
    announcer.playerSeen(7);
    expect(sent()).toEqual([]);
  });

  it('tells everybody of the development mode at the start, and each player who joins', () => {
    const { announcer, sent } = setUp('development');
    announcer.settle();
    announcer.playerSeen(7);
    announcer.settle();
    expect(sent()).toEqual([
      ['sonorancad:client:apiMode', -1, 0],
      ['sonorancad:client:apiMode', 7, 0],
    ]);
  });

  it('tells everybody when the configured mode changes, and also when it changes back', () => {
    const { announcer, change, sent } = setUp('production');
    announcer.settle();
    change('development');
    change('development');
    change('production');
    expect(sent()).toEqual([
      ['sonorancad:client:apiMode', -1, 0],
      ['sonorancad:client:apiMode', -1, 1],
    ]);
  });
});
