import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { bench, parseBenchOptions } from '../../scripts/bench/bench.ts';
import { measureGame } from '../../scripts/bench/game/bench-game.ts';
import { forkServer, measurePairs } from '../../scripts/bench/processes.ts';
import { ratioOf } from '../../scripts/bench/report.ts';
import { requestsPerSecond } from '../../scripts/bench/requests.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { SOURCE_FLAGS, startProgram } from '../child-program.ts';
import { type LocalServer, openLocally } from '../local-server.ts';

describe('npm run bench', () => {
  // In a process of its own: a benchmark counts on that. That of an event, with its six processes, is in test/soak.
  it('runs the benchmark listener to its end', async () => {
    const env = { ...process.env, NODE_OPTIONS: SOURCE_FLAGS.join(' ') };
    const args = ['scripts/bench/bench.ts', 'listener', '--requests', '48'];
    const { exited, output } = startProgram(process.execPath, args, { cwd: projectRoot, env });
    expect(`${await exited} ${output()}`).toMatch(/^0 EVENT_DISPATCH_NEW/);
  });

  it('names the benchmarks there are when asked for another one', async () => {
    await expect(bench(['nothing'], () => {})).rejects.toThrow(
      'There is no benchmark "nothing", only: cluster, event, forward, game, listener, page.',
    );
    await expect(bench(['constructor'], () => {})).rejects.toThrow('There is no benchmark "constructor"');
  });

  it('takes the number of events and refuses what is no number', () => {
    expect(parseBenchOptions(['--events', '7'])).toMatchObject({ name: 'event', events: 7, warmup: 5000 });
    expect(() => parseBenchOptions(['--events', 'many'])).toThrow('--events must be a whole number above 0');
    expect(() => parseBenchOptions(['event', 'event'])).toThrow('One benchmark at a time.');
  });

  it('takes the median of the ratios of pairs, which a machine that changes its speed hits alike', () => {
    const pairs = [
      [10, 20],
      [40, 84],
      [5, 15],
    ] as const;
    expect(ratioOf(pairs)).toEqual({ value: 2.1, spread: [2, 3] });
  });
});

describe('the load of a benchmark', () => {
  let local: LocalServer;
  afterEach(() => local.close());

  async function portOf(server: Server): Promise<number> {
    local = await openLocally(server);
    return local.port;
  }

  it.each([false, true])(
    'is so many requests, on new connections for those that are closed (awake: %s)',
    async (staysAwake) => {
      let taken = 0;
      const server = createHttpServer((request, response) => {
        request.resume().on('end', () => {
          taken += 1;
          response.end('ok');
        });
      });
      server.maxRequestsPerSocket = 6;
      expect(await requestsPerSecond(await portOf(server), 100, staysAwake)).toBeGreaterThan(0);
      expect(taken).toBe(100);
      expect(local.connections).toBeGreaterThan(100 / 6);
    },
  );

  it('does not count what is answered otherwise', async () => {
    const server = createHttpServer((request, response) => {
      request.resume().on('end', () => response.writeHead(200).end('not ok'));
    });
    await expect(requestsPerSecond(await portOf(server), 20)).rejects.toThrow(
      'An event was answered:\nHTTP/1.1 200 OK',
    );
  });

  it('does not count what is not answered', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.end()));
    await expect(requestsPerSecond(await portOf(server), 20)).rejects.toThrow('before it had answered');
  });
});

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

describe('npm run bench -- game', () => {
  it('puts the same through at each size: an event reaches as many scripts and players however many units there are', () => {
    const sizes = [10, 50, 400].map((units) => ({ units, players: 200 }));
    const costs = measureGame(sizes, { events: 400, warmup: 200 });
    expect(costs.map(({ size }) => size)).toEqual(sizes);
    const [first] = costs;
    for (const { p50, p99, cpu, byType, done } of costs) {
      for (const figure of [p50, p99, cpu, ...byType.map((type) => type.p50)]) expect(figure).toBeGreaterThan(0);
      expect(done).toEqual(first?.done);
      expect(done.subscriber).toBe(1);
      expect(done.local).toBeGreaterThan(3);
      expect(done.net).toBeGreaterThan(2);
    }
  });
});
