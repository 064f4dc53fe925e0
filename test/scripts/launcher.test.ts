import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../scripts/project-root.ts';
import { NODE_20_FLAGS } from '../child-program.ts';

function launch(args: readonly string[], lost: Readonly<Record<string, string>>, flags: readonly string[] = []) {
  const result = spawnSync(process.execPath, [...flags, join(projectRoot, 'scripts', 'run.mjs'), ...args], {
    env: { PATH: process.env.PATH, ...lost },
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { code: result.status, text: `${result.stdout}${result.stderr}` };
}

describe('the launcher', () => {
  it('notices a flag that npm kept, and prints the form that works', () => {
    const { code, text } = launch(['start'], { npm_config_port: '4001' });
    expect(text).toContain('npm start -- --port 4001');
    expect(code).toBe(1);
  });

  it('prints a switch without a value, and what was typed besides', () => {
    const { code, text } = launch(['send', 'EVENT_911'], { npm_config_all: 'true', npm_config_rate: '5' });
    expect(text).toContain('npm run send -- --all --rate 5 EVENT_911');
    expect(code).toBe(1);
  });

  it('does not repeat a key', () => {
    const { text } = launch(['start'], { npm_config_key: 'not-to-be-shown-1' });
    expect(text).toContain('npm start -- --key <key>');
    expect(text).not.toContain('not-to-be-shown-1');
  });

  it('names the scripts there are when it is given none of them', () => {
    const { code, text } = launch(['strat'], {});
    expect(text).toContain('start, send, build');
    expect(code).toBe(1);
  });

  it('says in one sentence that Node 20 is too old, and continues with the pinned Node', () => {
    const { code, text } = launch(['send', '--help'], {}, NODE_20_FLAGS);
    expect(text).toContain('sonorancad needs Node 22 or newer, and this is 20.1.0: continuing with the Node in');
    expect(text).toContain('npm run send -- EVENT_911');
    expect(code).toBe(0);
  });

  it('says nothing about Node 22', () => {
    expect(launch(['send', '--help'], {}).text).toMatch(/^npm run send -- EVENT_911/);
  });
});
