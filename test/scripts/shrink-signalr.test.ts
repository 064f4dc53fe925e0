import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { bundleResource } from '../../scripts/build/bundle.ts';
import { thirdPartyNotices } from '../../scripts/build/third-party-notices.ts';
import { projectRoot } from '../../scripts/project-root.ts';

it('bundles of the hub client what a session uses, and nothing that asks for packages at run time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-signalr-'));
  try {
    const entry = join(folder, 'entry.ts');
    const client = JSON.stringify(join(projectRoot, 'src/cad/session/open-hub.ts'));
    writeFileSync(entry, `globalThis.load = () => import(${client});`);
    const { server, metafiles } = await bundleResource('5.0.0', { serverEntry: entry, clientEntry: '/none' });
    const script = Buffer.from(server).toString().replaceAll('\\\n', '');
    // Zod is made at the start, for all who share it.
    expect(script).not.toContain('ZodType');
    // What the session calls is there, and what would continue a lost connection without authenticating is not.
    expect(script).toContain('serverTimeout()');
    expect(script).not.toContain('nextRetryDelayInMilliseconds');
    expect(script).not.toMatch(/\.isNode|node-fetch|tough-cookie|eventsource|require\("ws/);
    expect(thirdPartyNotices(metafiles)).toContain('\n@microsoft/signalr ');
    const inputs = Object.entries(metafiles[0]?.outputs ?? {}).flatMap(([, output]) => Object.entries(output.inputs));
    const ofClient = inputs.filter(([path]) => path.includes('@microsoft/signalr'));
    expect(ofClient.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0)).toBeLessThan(25_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
