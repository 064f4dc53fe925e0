import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createOutput } from '../../src/program/output.ts';
import { createManualClock } from '../manual-clock.ts';
import { until } from '../until.ts';

/** A stream whose reader takes one piece after the other when it is told to. */
function setUp() {
  const taken: string[] = [];
  const waiting: ((error?: Error) => void)[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      waiting.push((error) => {
        if (error === undefined) taken.push(chunk.toString());
        done(error);
      });
    },
  });
  const clock = createManualClock();
  const ends: string[] = [];
  const leftOut: number[] = [];
  const output = createOutput(stream, {
    clock,
    ended: (code) => ends.push(code),
    leftOut: (count) => leftOut.push(count),
  });
  return { stream, taken, waiting, clock, ends, leftOut, output };
}

async function readAll({ stream, waiting }: ReturnType<typeof setUp>) {
  while (stream.writableLength > 0) {
    waiting.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('the output', () => {
  it('keeps 16 MiB for a slow reader, leaves out what comes then, and says how much', async () => {
    const bench = setUp();
    const line = 'x'.repeat(1024 * 1024);
    for (let n = 0; n < 20; n += 1) bench.output.write(line);
    expect(bench.stream.writableLength).toBeLessThan(18 * 1024 * 1024);
    await readAll(bench);
    expect(bench.leftOut).toHaveLength(1);
    expect(bench.taken.length + (bench.leftOut[0] ?? 0)).toBe(20);
    bench.output.write('later');
    await readAll(bench);
    expect(bench.taken.at(-1)).toBe('later\n');
  });

  it('is flushed at once when nothing waits, also when the caller has given up waiting', async () => {
    const bench = setUp();
    bench.output.write('one');
    await readAll(bench);
    expect(await Promise.race([bench.output.flush(), Promise.resolve('given up')])).toBe(true);
  });

  it('is flushed when all of it is written', async () => {
    const bench = setUp();
    bench.output.write('one');
    let isFlushed: boolean | null = null;
    void bench.output.flush().then((all) => {
      isFlushed = all;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isFlushed).toBeNull();
    await until(() => bench.waiting.length > 0);
    bench.waiting.shift()?.();
    await until(() => bench.waiting.length > 0 || isFlushed !== null);
    bench.waiting.shift()?.();
    await until(() => isFlushed === true);
    expect(bench.taken[0]).toBe('one\n');
    expect(bench.clock.waiting).toBe(0);
  });

  it('is given up on after 30 s', async () => {
    const bench = setUp();
    bench.output.write('one');
    const flushed = bench.output.flush();
    bench.clock.advance(30_000);
    expect(await flushed).toBe(false);
  });

  it('ends once when its reader is gone', async () => {
    const bench = setUp();
    bench.output.write('one');
    bench.output.write('two');
    bench.waiting.shift()?.(Object.assign(new Error('gone'), { code: 'EPIPE' }));
    await until(() => bench.ends.length > 0);
    bench.output.write('three');
    expect(await bench.output.flush()).toBe(false);
    expect(bench.ends).toEqual(['EPIPE']);
  });
});
