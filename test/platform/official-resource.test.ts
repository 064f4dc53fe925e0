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

/** Returns the lines of one kind that the script has printed, without the kind. */
const printed = (host: FxHost, kind: string, resource = 'ours'): string[] =>
  printedBy(host, resource)
    .filter((line) => line.startsWith(`${kind} `))
    .map((line) => line.slice(kind.length + 1));

const THEIR_COMMAND = `RegisterCommand('dn', (source, words) => print('theirs ' + source + ' ' + words), false)`;

describe('OfficialResource', () => {
  it.each<[string, string, Record<string, TestResource>]>([
    ['true', 'a resource named sonorancad has started before', { sonorancad: '' }],
    ['false', 'there is no other resource', {}],
    ['false', 'other resources have similar names', { SonoranCAD: '', 'sonorancad-2': '' }],
  ])('returns %s from isRunning at the start when %s', async (running, _when, others) => {
    const host = await serverWith({ ...others, ours: script });
    expect(printed(host, 'running')).toEqual([running]);
  });

  it('reports that the official resource runs while it is still starting', async () => {
    const host = await serverWith({ sonorancad: `StartResource('ours')`, ours: script });
    expect(printed(host, 'running')[0]).toBe('true');
  });

  it('notifies watchers when the official resource starts, stops and starts again, and not for other resources', async () => {
    const host = await serverWith({ ours: script, other: '', sonorancad: '' });
    host.restart('other');
    host.stop('sonorancad');
    expect(printed(host, 'changed')).toEqual(['true true', 'false false']);
    host.restart('other');
    host.tick(2);
    expect(printed(host, 'changed')).toHaveLength(2);
    host.start('sonorancad');
    expect(printed(host, 'changed').slice(2)).toEqual(['true true']);
  });

  it('notices the stop of the official resource even when that stop makes another resource stop', async () => {
    const host = await serverWith({
      ours: script,
      sonorancad: '',
      other: '',
      chain: `on('onResourceStop', (name) => { if (name === 'sonorancad') StopResource('other'); })`,
    });
    host.stop('sonorancad');
    host.tick();
    expect(printed(host, 'changed').at(-1)).toBe('false false');
  });

  it('never reports that the official resource runs when this resource has the name sonorancad', async () => {
    const host = await serverWith({ sonorancad: script, other: '' });
    host.restart('other');
    expect(printed(host, 'running', 'sonorancad')).toEqual(['false']);
    expect(printed(host, 'changed', 'sonorancad')).toEqual([]);
    expect(printed(host, 'line', 'sonorancad')).toEqual([]);
  });
});

describe('announceOfficial', () => {
  it('logs one line when the official resource runs and one line when it stops', async () => {
    const host = await serverWith({ sonorancad: '', ours: script });
    host.stop('sonorancad');
    host.tick();
    const [runs = '', stopped = '', ...more] = printed(host, 'line');
    expect(runs).toMatch(/its own events, notifications, .*WebSocket.*entry in the CAD, shared commands and convars/);
    expect(runs).toContain('"pushEventForwardUrl":"http://127.0.0.1:30120/ours/event"');
    expect(stopped).toContain(':30120/ours/event');
    expect(more).toEqual([]);
  });

  it("omits the official resource's own events from its tasks when this resource triggers them", async () => {
    const host = await serverWith({ sonorancad: '', ours: script }, { convars: { legacy: '1' } });
    expect(printed(host, 'line')).toHaveLength(1);
    expect(printed(host, 'line')[0]).not.toContain('its own events');
  });
});

describe('createSharedCommands', () => {
  /** Returns which resources answer the command `dn`. */
  function typed(host: FxHost): string[] {
    const counts = () => [printed(host, 'ours').length, printed(host, 'theirs', 'sonorancad').length];
    const before = counts();
    host.execute('dn a b');
    return counts().flatMap((count, index) => (count > (before[index] ?? 0) ? [['ours', 'theirs'][index] ?? ''] : []));
  }

  it('answers the command when the official resource is absent', async () => {
    const host = await serverWith({ ours: script });
    host.execute('dn a b');
    expect(printed(host, 'ours')).toEqual(['0 a,b']);
  });

  it('leaves the command to the official resource that started first', async () => {
    const host = await serverWith({ sonorancad: THEIR_COMMAND, ours: script });
    expect(typed(host)).toEqual(['theirs']);
  });

  it('hands the command to an official resource that starts later, and takes it back when that stops', async () => {
    const host = await serverWith({ ours: script, sonorancad: THEIR_COMMAND });
    expect(typed(host)).toEqual(['theirs']);
    host.stop('sonorancad');
    host.tick(2);
    expect(typed(host)).toEqual(['ours']);
    host.start('sonorancad');
    expect(typed(host)).toEqual(['theirs']);
  });

  it('takes the command over when an official resource that started first stops', async () => {
    const host = await serverWith({ sonorancad: THEIR_COMMAND, ours: script });
    host.stop('sonorancad');
    host.tick(2);
    expect(typed(host)).toEqual(['ours']);
  });

  it('leaves the command to the official resource after its restart', async () => {
    const host = await serverWith({ sonorancad: THEIR_COMMAND, ours: script });
    host.restart('sonorancad');
    host.tick(2);
    expect(typed(host)).toEqual(['theirs']);
  });

  it('does not answer the command while an official resource without the command runs', async () => {
    const host = await serverWith({ ours: script, sonorancad: '' });
    expect(typed(host)).toEqual([]);
  });
});
