import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { describe, expect, it } from '@jest/globals';
import type { BatchReport } from './send-arbitrary-requests.ts';

const PROGRAM = join(import.meta.dirname, 'send-arbitrary-requests.ts');
const MINUTE = 60_000;
const MEGABYTE = 1024 * 1024;

/** Runs the program in a process of its own, where the heap is the server's and the resource's alone. */
async function run(
  requests: number,
  seed: number,
): Promise<{ code: number | null; reports: BatchReport[]; noise: string }> {
  const flags = ['--disable-warning=ExperimentalWarning', '--expose-gc', '--max-old-space-size=512'];
  const child = spawn(process.execPath, [...flags, PROGRAM, String(requests), String(seed)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const reports: BatchReport[] = [];
  let noise = '';
  createInterface({ input: child.stdout }).on('line', (line) => reports.push(JSON.parse(line)));
  child.stderr.on('data', (chunk) => {
    noise += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, reports, noise };
}

describe('200,000 arbitrary requests', () => {
  it(
    'are each answered, reach consumers, and leave no memory behind',
    async () => {
      const seed = Date.now() % 2 ** 31;
      const { code, reports, noise } = await run(200_000, seed);
      expect([seed, code, noise]).toEqual([seed, 0, '']);
      const last = reports.at(-1);
      expect(last?.requests).toBe(200_000);
      expect(last?.accepted).toBeGreaterThan(120_000);
      expect(last?.consumed).toEqual({ js: last?.accepted, lua: last?.accepted });
      const heaps = reports.map(({ heapBytes }) => heapBytes);
      const early = Math.max(...heaps.slice(2, 6));
      const late = Math.min(...heaps.slice(-4));
      // 50 bytes kept for each of the last 150,000 requests would be 7 MB.
      expect({ seed, grew: (late - early) / MEGABYTE > 5 }).toEqual({ seed, grew: false });
    },
    20 * MINUTE,
  );
});
