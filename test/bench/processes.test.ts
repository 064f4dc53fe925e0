import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { forkServer, measurePairs } from '../../scripts/bench/processes.ts';

describe('a server in a process of its own', () => {
  let folder: string;
  const stops: (() => void)[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sonorancad-fork-server-'));
  });
  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function fork(source: string) {
    const program = join(folder, 'serve.mjs');
    writeFileSync(program, source);
    const server = await forkServer<{ port: number }>(program, ['pretended']);
    stops.push(server.stop);
    return server;
  }

  it('says when it serves, and answers', async () => {
    const { ready, ask } = await fork(`
      process.on('message', ({ wanted }) => process.send({ done: wanted }));
      process.send({ port: 4711 });`);
    expect(ready).toEqual({ port: 4711 });
    expect(await ask({ wanted: 5 })).toEqual({ done: 5 });
  });

  it('is heard of when it ends before it serves', async () => {
    await expect(fork('process.exit(3);')).rejects.toThrow('The server pretended ended with 3');
  });

  it('is heard of when it ends instead of answering, and by who asks later', async () => {
    const { ask } = await fork(`
      process.on('message', () => process.kill(process.pid, 'SIGKILL'));
      process.send({ port: 4711 });`);
    for (let time = 0; time < 2; time += 1)
      await expect(ask({})).rejects.toThrow('The server pretended ended with SIGKILL');
  });

  it('is heard to the end when it says something as the last thing', async () => {
    const { ready } = await fork('process.send({ port: 4711 }, () => process.exit());');
    expect(ready).toEqual({ port: 4711 });
  });

  it('measures two in turn, each time in a process of its own', async () => {
    const program = join(folder, 'measure.mjs');
    writeFileSync(program, `process.send({ name: JSON.parse(process.argv[2]).name, pid: process.pid });`);
    const pairs = await measurePairs<{ name: string; pid: number }>(2, program, [{ name: 'a' }, { name: 'b' }]);
    expect(pairs.map((pair) => pair.map(({ name }) => name))).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(new Set(pairs.flat().map(({ pid }) => pid)).size).toBe(4);
  });
});
