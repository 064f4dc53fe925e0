import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { NATS_SERVER, startNats } from '../../scripts/nats-server.ts';
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

const read = (file: string) => readFileSync(join(EXAMPLE, file), 'utf8');
/** Finds the names of environment variables that a compose file or a command line sets. */
const findVariables = (text: string) =>
  [...text.matchAll(/(?<![\w$])([A-Z][A-Z_]+)(?:: |=)\S/g)].map(([, name = '']) => name);

describe('compose.yaml and README.md of examples/cluster', () => {
  it('run existing programs with environment variables that the programs read', () => {
    const services = read('compose.yaml').split(/^ {2}(?=\w)/m);
    const commands = services.filter((text) => text.includes('environment:'));
    const lines = read('README.md')
      .split('\n')
      .filter((line) => line.includes(' node examples/'));
    expect([commands.length, lines.length]).toEqual([3, 3]);
    for (const text of [...commands, ...lines]) {
      // The second game server inherits the command of the first one.
      const [, path = 'examples/cluster/game-server.ts'] = /(examples\/cluster\/[\w.-]+)/.exec(text) ?? [];
      const program = readFileSync(join(projectRoot, path), 'utf8');
      expect(findVariables(text)).not.toEqual([]);
      for (const name of findVariables(text)) expect([path, program]).toEqual([path, expect.stringContaining(name)]);
    }
  });
});

describeWithNats('examples/cluster', () => {
  it('has a nats.conf that nats-server accepts', () => {
    execFileSync(NATS_SERVER ?? '', ['-t', '-c', join(EXAMPLE, 'nats.conf')], { stdio: 'pipe' });
  });

  it('delivers the events of both game servers to a worker, with the rights in nats.conf', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sonorancad-cluster-'));
    cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
    const config = read('nats.conf');
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
