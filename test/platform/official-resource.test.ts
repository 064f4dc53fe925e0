import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { FxHost } from '../../packages/fxhost/src/index.ts';
import { printedBy, serverWith, type TestResource } from '../../packages/fxhost/test/server-with.ts';
import { bundleResource } from '../../scripts/build/bundle.ts';

let script: string;
beforeAll(async () => {
  const { server } = await bundleResource('0.0.0', join(import.meta.dirname, 'official-server.ts'));
  script = Buffer.from(server).toString();
});

/** What the script has printed of one kind, without what it begins with. */
const said = (host: FxHost, kind: string, resource = 'ours'): string[] =>
  printedBy(host, resource)
    .filter((line) => line.startsWith(`${kind} `))
    .map((line) => line.slice(kind.length + 1));

const THEIR_COMMAND = `RegisterCommand('dn', (source, words) => print('theirs ' + source + ' ' + words), false)`;

describe('the official resource', () => {
  it.each<[string, Record<string, TestResource>, string]>([
    ['started before', { sonorancad: '' }, 'true'],
    ['not there', {}, 'false'],
    ['of another name', { SonoranCAD: '', 'sonorancad-2': '' }, 'false'],
  ])('when it is %s, is or is not known to run from the start', async (_when, others, running) => {
    const host = await serverWith({ ...others, ours: script });
    expect(said(host, 'running')).toEqual([running]);
  });

  it('counts while it is still starting', async () => {
    const host = await serverWith({ sonorancad: `StartResource('ours')`, ours: script });
    expect(said(host, 'running')[0]).toBe('true');
  });

  it('is known to start, to stop and to start again', async () => {
    const host = await serverWith({ ours: script, other: '', sonorancad: '' });
    host.restart('other');
    host.stop('sonorancad');
    expect(said(host, 'changed')).toEqual(['true true', 'false false']);
    host.restart('other');
    host.tick(2);
    expect(said(host, 'changed')).toHaveLength(2);
    host.start('sonorancad');
    expect(said(host, 'changed').slice(2)).toEqual(['true true']);
  });

  it('is known to have stopped even if a resource of somebody else stops within that', async () => {
    const host = await serverWith({
      ours: script,
      sonorancad: '',
      other: '',
      chain: `on('onResourceStop', (name) => { if (name === 'sonorancad') StopResource('other'); })`,
    });
    host.stop('sonorancad');
    host.tick();
    expect(said(host, 'changed').at(-1)).toBe('false false');
  });

  it('is nobody else where this resource has its name', async () => {
    const host = await serverWith({ sonorancad: script, other: '' });
    host.restart('other');
    expect(said(host, 'running', 'sonorancad')).toEqual(['false']);
    expect(said(host, 'changed', 'sonorancad')).toEqual([]);
    expect(said(host, 'line', 'sonorancad')).toEqual([]);
  });
});

describe('the console', () => {
  it('is told once what is left to it, where events come in, and when that ends', async () => {
    const host = await serverWith({ sonorancad: '', ours: script });
    host.stop('sonorancad');
    host.tick();
    const [begins = '', ends = '', ...more] = said(host, 'line');
    expect(begins).toMatch(/its own events, notifications, .*WebSocket.*entry in the CAD, shared commands and convars/);
    expect(begins).toContain('"pushEventForwardUrl":"http://127.0.0.1:30120/ours/event"');
    expect(ends).toContain(':30120/ours/event');
    expect(more).toEqual([]);
  });

  it('is not told that its events are left to it when they are not', async () => {
    const host = await serverWith({ sonorancad: '', ours: script }, { convars: { legacy: '1' } });
    expect(said(host, 'line')).toHaveLength(1);
    expect(said(host, 'line')[0]).not.toContain('its own events');
  });
});

describe('a shared command', () => {
  /** Who answers when it is typed. */
  function typed(host: FxHost): string[] {
    const counts = () => [said(host, 'ours').length, said(host, 'theirs', 'sonorancad').length];
    const before = counts();
    host.execute('dn a b');
    return counts().flatMap((count, index) => (count > (before[index] ?? 0) ? [['ours', 'theirs'][index] ?? ''] : []));
  }

  it('is ours alone without the official resource', async () => {
    const host = await serverWith({ ours: script });
    host.execute('dn a b');
    expect(said(host, 'ours')).toEqual(['0 a,b']);
  });

  it('stays its own when this resource starts after it', async () => {
    const host = await serverWith({ sonorancad: THEIR_COMMAND, ours: script });
    expect(typed(host)).toEqual(['theirs']);
  });

  it('becomes its own when it starts later, and comes back when it stops', async () => {
    const host = await serverWith({ ours: script, sonorancad: THEIR_COMMAND });
    expect(typed(host)).toEqual(['theirs']);
    host.stop('sonorancad');
    host.tick(2);
    expect(typed(host)).toEqual(['ours']);
    host.start('sonorancad');
    expect(typed(host)).toEqual(['theirs']);
  });

  it('comes to us when the official resource that had it first has stopped', async () => {
    const host = await serverWith({ sonorancad: THEIR_COMMAND, ours: script });
    host.stop('sonorancad');
    host.tick(2);
    expect(typed(host)).toEqual(['ours']);
  });

  it('is not taken from it by its restart', async () => {
    const host = await serverWith({ sonorancad: THEIR_COMMAND, ours: script });
    host.restart('sonorancad');
    host.tick(2);
    expect(typed(host)).toEqual(['theirs']);
  });

  it('says nothing while the official resource runs without it', async () => {
    const host = await serverWith({ ours: script, sonorancad: '' });
    expect(typed(host)).toEqual([]);
  });
});
