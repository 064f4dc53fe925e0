import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type FxHost, startHost } from '../../packages/fxhost/src/index.ts';
import { printedBy, writeResource } from '../../packages/fxhost/test/write-resource.ts';
import { packageResource } from '../../scripts/package.ts';
import { jsRecorder, MARK, takenBy } from '../hardening/recorders.ts';
import { unpack } from '../scripts/unpack.ts';
import { KEY } from '../serve-resource.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('examples of consumer resources beside the packaged resource', () => {
  let host: FxHost;
  let folder: string;
  afterEach(async () => {
    await host.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('print each event once, before and after a restart of sonorancad', async () => {
    folder = mkdtempSync(join(tmpdir(), 'sonorancad-package-'));
    const { path } = await packageResource({ outputFolder: folder });
    unpack(path, folder);
    host = await startHost({ convars: { sonoran_apiKey: KEY, sonoran_apiSendEnabled: 'false' } });
    // There is no node_modules in this folder or above it, so the package has to run without.
    host.addResource(join(folder, 'sonorancad'));
    for (const example of ['lua-consumer', 'js-consumer', 'ts-consumer'])
      host.addResource(join(ROOT, 'examples', example));
    host.addResource(writeResource(folder, 'recorder', jsRecorder()));
    for (const resource of host.resourceNames()) expect(host.ensure(resource)).toBe(true);
    const printed = (resource: string) => printedBy(host, resource).filter((line) => !line.includes(MARK));
    for (const round of [1, 2]) {
      for (const type of [
        'EVENT_911',
        'EVENT_DISPATCH_NEW',
        'EVENT_UNIT_STATUS',
        'EVENT_UNIT_PANIC',
        'EVENT_PAGER_REBORN',
      ]) {
        const body = readFileSync(join(ROOT, 'test/fixtures/push-events', `${type}.json`), 'utf8').replace(
          'test-api-key',
          KEY,
        );
        expect((await fetch(`${host.url}/sonorancad/event`, { method: 'POST', body })).status).toBe(200);
      }
      const lua = [
        '911 call 302 from Lamar Davis: Someone is breaking into my car!',
        'push event EVENT_911',
        'push event EVENT_DISPATCH_NEW',
        'push event EVENT_UNIT_STATUS',
        'unit 12 has status 4',
        'unit 18 has status 4',
        'push event EVENT_UNIT_PANIC',
        'page to FIRE-1, BATTALION-1: Structure fire, Alta St',
        'push event EVENT_PAGER_REBORN',
      ];
      const ts = [
        'push event EVENT_911',
        'call 501 "Traffic collision" has units 12, 18',
        'push event EVENT_DISPATCH_NEW',
        'push event EVENT_UNIT_STATUS',
        'push event EVENT_UNIT_PANIC',
        'push event EVENT_PAGER_REBORN',
      ];
      // Events are dispatched in order: once the recorder has received a later one, all lines are printed.
      await takenBy(host, ['recorder']);
      expect(printed('js-consumer').slice(round - 1)).toEqual(['units 12, 18 are in danger']);
      expect(printed('lua-consumer').slice((round - 1) * lua.length)).toEqual(lua);
      expect(printed('ts-consumer').slice((round - 1) * ts.length)).toEqual(ts);
      host.restart('sonorancad');
    }
  });
});
