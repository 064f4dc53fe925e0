import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../until.ts';
import { cleanUp, KEY, logout, startProgram } from './start-program.ts';

describe('a program with --exec', () => {
  afterEach(cleanUp);

  it('gives the command the event as --json prints it', async () => {
    const program = await startProgram(['--json', '--exec', 'cat']);
    await program.post(logout(1));
    await program.stop();
    const [printed, handled] = program.lines();
    expect(JSON.parse(printed ?? '')).toMatchObject({ type: 'EVENT_UNIT_LOGOUT', data: { identId: 1 } });
    expect(handled).toBe(printed);
  });

  it('puts nothing of the event into the arguments of the command', async () => {
    const program = await startProgram(['--json', '--exec', 'tr "\\0" " " < /proc/$$/cmdline; echo; cat > /dev/null']);
    await program.post({ key: KEY, type: 'EVENT_$(touch pwned)', data: { name: '"; touch pwned; "' } });
    await program.stop();
    expect(program.lines()[1]).toMatch(/^\S*sh -c tr .* < \/proc/);
    expect(program.lines()[1]).not.toMatch(/pwned/);
  });

  it('gives the command no key in its environment, under whatever name', async () => {
    const program = await startProgram(['--exec', 'env'], { env: { MY_OWN: `x ${KEY.toUpperCase()}`, KEPT: 'kept' } });
    await program.post(logout(1));
    await program.stop();
    const printed = program.lines().join('\n');
    expect(printed).toContain('KEPT=kept');
    expect(printed.toLowerCase()).not.toContain(KEY);
    expect(printed).not.toContain('SONORANCAD_KEY');
  });

  it('tells of a failure in one line, and passes on what the command says', async () => {
    const program = await startProgram(['--exec', 'echo trouble >&2; exit 3']);
    await program.post(logout(1), { 'webhook-id': 'its-id' });
    await program.stop();
    expect(program.said()).toContain('trouble\n');
    expect(program.said()).toContain(
      '[warn] The command of --exec ended with exit code 3. type=EVENT_UNIT_LOGOUT id=its-id\n',
    );
  });

  it('goes on when the command leaves something running that holds its output', async () => {
    const program = await startProgram(['--exec', 'sleep 1000 & echo $!']);
    await program.post(logout(1));
    await program.post(logout(2));
    await until(() => program.lines().filter((line) => /^\d+$/.test(line)).length === 2);
    expect(await program.stop()).toBe(0);
    for (const line of program.lines()) if (/^\d+$/.test(line)) process.kill(Number(line));
  });

  it('answers while no one reads what the command prints', async () => {
    const program = await startProgram(['--exec', 'yes | head -c 3000000; echo end']);
    program.child.stdout?.pause();
    for (let n = 0; n < 20; n += 1) expect(await program.post(logout(n))).toEqual([200, 'ok']);
    program.child.stdout?.resume();
    await until(() => program.lines().includes('end'));
  });
});
