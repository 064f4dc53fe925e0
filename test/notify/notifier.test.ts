import { expect, it } from '@jest/globals';
import { en } from '../../src/notify/locales/en.ts';
import { createNotifier } from '../../src/notify/notifier.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingClients } from '../recording-clients.ts';
import { createRecordingLog } from '../recording-log.ts';

it.each([
  ['an error', new Error('no such player'), 'no such player'],
  ['a text', 'no such player', 'no such player'],
  ['nothing', null, 'no reason given'],
])(
  'a notification that a resource refuses by throwing %s is reported, and nobody else misses theirs',
  (_what, thrown, reason) => {
    const asked: unknown[] = [];
    const log = createRecordingLog();
    const parts = {
      texts: () => en,
      preferences: { of: () => ({ off: false, mutedUntil: 0, gpsOff: false }), change() {}, forget: () => undefined },
      clients: createRecordingClients(),
      resources: {
        isStarted: () => true,
        callExport(_resource: string, _name: string, source: unknown) {
          asked.push(source);
          throw thrown;
        },
        readNamedFile: () => null,
      },
      clock: createManualClock(),
      log,
    };
    const notifier = createNotifier(parts, () => 'qbx');
    notifier.reply(1, 'Hello');
    notifier.reply(2, 'Hello');
    expect(asked).toEqual([1, 2]);
    expect(log.lines).toHaveLength(2);
    expect(log.lines[0]).toMatchObject({ level: 'error', fields: { export: 'qbx_core.Notify', reason } });
  },
);
