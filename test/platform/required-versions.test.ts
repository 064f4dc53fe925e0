import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { printedBy } from '../../packages/fxhost/test/write-resource.ts';
import { type ServedResource, serveResource } from '../serve-resource.ts';

describe('describeOldVersion', () => {
  let describeOldVersion: (node: string, server: string) => string | null;
  beforeAll(async () => {
    Object.assign(globalThis, { GetConvar: () => '' });
    ({ describeOldVersion } = await import('../../src/platform/required-versions.ts'));
  });

  it.each([
    ['22.22.0', 'FXServer-master v1.0.0.13068 linux'],
    ['22.22.0', 'FXServer-master SERVER v1.0.0.31402 win32'],
    ['26.10.0', 'Cfx Server b90'],
    ['26.10.0', 'b161'],
    ['22.0.0', ''],
    ['24.1.0', 'a version in another form'],
  ])('returns null for Node %s on the server version %j', (node, server) => {
    expect(describeOldVersion(node, server)).toBeNull();
  });

  it.each([
    ['16.9.1', 'FXServer-master v1.0.0.12911 linux', 'v1.0.0.12911 with Node 16.9.1'],
    ['16.9.1', 'FXServer-master v1.0.0.20000 linux', 'v1.0.0.20000 with Node 16.9.1'],
    ['22.22.0', 'FXServer-master v1.0.0.13067 linux', 'v1.0.0.13067 with Node 22.22.0'],
    ['20.1.0', 'Cfx Server b90', 'b90 with Node 20.1.0'],
    ['20.1.0', '', 'a build of unknown number with Node 20.1.0'],
  ])('returns a sentence for the operator for Node %s on the server version %j', (node, server, found) => {
    expect(describeOldVersion(node, server)).toBe(
      'The game server is too old: sonorancad needs FXServer 13068 or newer, or the server of GTA V Enhanced, ' +
        `with Node 22. This is ${found}. Update the game server.`,
    );
  });
});

describe('sonorancad on a game server that is too old', () => {
  let served: ServedResource;
  afterEach(() => served.close());

  it('prints one sentence about the required version and does not start', async () => {
    served = await serveResource({ convars: { version: 'FXServer-master v1.0.0.12000 linux' } });
    served.host.ensure('sonorancad');
    const lines = served.host.lines.join('\n');
    expect(lines).toContain('sonorancad needs FXServer 13068 or newer');
    expect(printedBy(served.host, 'sonorancad').join('\n')).not.toContain('receives push events');
  });
});
