import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../scripts/project-root.ts';

function launch(args: readonly string[], lost: Readonly<Record<string, string>>) {
  const result = spawnSync(process.execPath, [join(projectRoot, 'scripts', 'run.mjs'), ...args], {
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
});
