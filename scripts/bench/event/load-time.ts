import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { startHost } from '../../fxhost/host.ts';
import { isProgram } from '../../is-program.ts';
import { median } from '../percentile.ts';
import { writeScript } from './bench-resources.ts';
import { BENCH_KEY } from './event-request.ts';

/**
 * Measures how long the server script holds the game at the start of the resource: its scope, compiling and running it.
 *
 * @param serverScript path of the built server script
 * @param loads fresh processes
 * @returns milliseconds, the median
 */
export async function measureLoadTime(folder: string, serverScript: string, loads: number): Promise<number> {
  const run = promisify(execFile);
  const times: number[] = [];
  for (let index = 0; index < loads; index += 1) {
    const args = ['--disable-warning=ExperimentalWarning', import.meta.filename, join(folder, 'load'), serverScript];
    const { stdout } = await run(process.execPath, args);
    times.push(Number(stdout));
  }
  return median(times);
}

/** In a process of its own, since the engine remembers what it has compiled. */
async function loadOnce(folder: string, serverScript: string): Promise<number> {
  const first = join(folder, 'first');
  const own = join(folder, 'sonorancad');
  writeScript(first, '');
  writeScript(own, readFileSync(serverScript));
  writeFileSync(join(own, 'config.json'), JSON.stringify({ apiKey: BENCH_KEY, apiSendEnabled: false }));
  const host = await startHost({ manualTicks: true });
  host.addResource(first);
  host.addResource(own);
  // Another one first: the stand-in compiles its own scripts with the first resource.
  host.start('first');
  const began = performance.now();
  const started = host.start('sonorancad');
  const took = performance.now() - began;
  const failure = host.lines.find((line) => line.includes('Error'));
  if (!started || failure !== undefined) throw new Error(`The resource did not start: ${failure}`);
  await host.close();
  return took;
}

if (isProgram(import.meta.url)) {
  const [folder = '', serverScript = ''] = process.argv.slice(2);
  process.stdout.write(String(await loadOnce(folder, serverScript)));
  process.exit();
}
