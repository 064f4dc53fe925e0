import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { startNats } from '../../scripts/nats-server.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { type ChildProgram, startProgram } from '../child-program.ts';
import { describeWithNats } from '../nats-server.ts';
import { until } from '../until.ts';

const EXAMPLE = join(projectRoot, 'examples', 'cluster');
const running: ChildProgram[] = [];
const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((program) => program.kill()));
  for (const close of cleanUp.splice(0).reverse()) await close();
});

function start(file: string, env: Readonly<Record<string, string>>): ChildProgram {
  const args = ['--disable-warning=ExperimentalWarning', join(EXAMPLE, file)];
  const program = startProgram(process.execPath, args, { cwd: projectRoot, env: { PATH: process.env.PATH, ...env } });
  running.push(program);
  return program;
}

describeWithNats('the example of a cluster', () => {
  it('brings the events of both game servers to a worker, with the rights that its broker gives', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sonorancad-cluster-'));
    cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
    const config = readFileSync(join(EXAMPLE, 'nats.conf'), 'utf8');
    const authorization = config.slice(config.indexOf('authorization'));
    const { url: BROKER, close } = await startNats(authorization);
    cleanUp.push(close);
    for (const SERVER_ID of ['1', '2']) {
      const DATA = join(folder, SERVER_ID);
      mkdirSync(DATA);
      start('game-server.ts', { SERVER_ID, BROKER, DATA, BROKER_PASSWORD: `game-${SERVER_ID}-password` });
    }
    const worker = start('worker.mjs', { BROKER, BROKER_PASSWORD: 'bot-password' });
    await until(() => worker.out().split('EVENT_UNIT_LOGOUT').length > 4);
    worker.child.kill('SIGTERM');
    expect(await worker.exited).toBe(0);
  });
});
