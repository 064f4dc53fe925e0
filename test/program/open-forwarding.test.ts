import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { createKeyRing } from '../../src/events/key-ring.ts';
import { forwardTargets, openForwarding } from '../../src/program/forwarding.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingLog } from '../recording-log.ts';

const KEY = 'a-key-of-sixteen-letters';
const folder = mkdtempSync(join(tmpdir(), 'open-forwarding-'));

afterAll(() => rmSync(folder, { recursive: true }));

it('says that the file of the outbox cannot be made smaller, and stops as ever', () => {
  writeFileSync(join(folder, 'outbox.log'), `${JSON.stringify(['x', 'x'.repeat(1024 * 1024)])}\n["x"]\n`);
  mkdirSync(join(folder, 'outbox.log.new'));
  const log = createRecordingLog();
  const own = { port: 30_150, resourceName: 'sonorancad', addresses: [] };
  const { targets } = forwardTargets({ urls: ['http://127.0.0.1:9'], apiKeys: [KEY], own, ownPath: '/' });
  const clock = createManualClock();
  const forwarding = openForwarding({
    targets,
    folder,
    apiKey: KEY,
    keys: createKeyRing([KEY]),
    version: '0.0.0',
    clock,
    log,
  });
  clock.advance(5_000);
  expect(forwarding.stop()).toBe(0);
  expect(log.lines.filter(({ level }) => level !== 'info')).toEqual([
    {
      level: 'warn',
      message: expect.stringContaining('cannot be made smaller'),
      fields: { reason: expect.stringContaining('EISDIR') },
    },
  ]);
});
