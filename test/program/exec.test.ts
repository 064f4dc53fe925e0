import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../until.ts';
import { cleanUp, KEY, logout, startProgram } from './start-program.ts';

describe('sonorancad listen --exec', () => {
  afterEach(cleanUp);

  it('passes the event to the standard input of the command, in the same form as --json', async () => {
    const program = await startProgram(['--json', '--exec', 'cat']);
    await program.post(logout(1));
    await program.stop();
    const [printed, handled] = program.lines();
    expect(JSON.parse(printed ?? '')).toMatchObject({ type: 'EVENT_UNIT_LOGOUT', data: { identId: 1 } });
    expect(handled).toBe(printed);
  });

  it('never passes event data in the arguments of the command', async () => {
    const program = await startProgram(['--json', '--exec', 'tr "\\0" " " < /proc/$$/cmdline; echo; cat > /dev/null']);
    await program.post({ key: KEY, type: 'EVENT_$(touch pwned)', data: { name: '"; touch pwned; "' } });
    await program.stop();
    expect(program.lines()[1]).toMatch(/^\S*sh -c tr .* < \/proc/);
    expect(program.lines()[1]).not.toMatch(/pwned/);
  });

  it('removes every variable that contains the key from the environment of the command', async () => {
    const program = await startProgram(['--exec', 'env'], { env: { MY_OWN: `x ${KEY.toUpperCase()}`, KEPT: 'kept' } });
    await program.post(logout(1));
    await program.stop();
    const printed = program.lines().join('\n');
    expect(printed).toContain('KEPT=kept');
    expect(printed.toLowerCase()).not.toContain(KEY);
    expect(printed).not.toContain('SONORANCAD_KEY');
  });

  it('logs one line if the command fails, and relays its standard error', async () => {
    const program = await startProgram(['--exec', 'echo trouble >&2; exit 3']);
    await program.post(logout(1), { 'webhook-id': 'its-id' });
    await program.stop();
    expect(program.said()).toContain('trouble\n');
    expect(program.said()).toContain(
      '[warn] The command of --exec failed for an event. reason="exit code 3" type=EVENT_UNIT_LOGOUT id=its-id\n',
    );
  });

  it('runs the next command even if a background process of the last one keeps its output open', async () => {
    const program = await startProgram(['--exec', 'sleep 1000 & echo $!']);
    await program.post(logout(1));
    await program.post(logout(2));
    await until(() => program.lines().filter((line) => /^\d+$/.test(line)).length === 2);
    expect(await program.stop()).toBe(0);
    for (const line of program.lines()) if (/^\d+$/.test(line)) process.kill(Number(line));
  });

  it('answers requests while no reader takes the output of the command', async () => {
    const program = await startProgram(['--exec', 'yes | head -c 3000000; echo end']);
    program.child.stdout?.pause();
    for (let n = 0; n < 20; n += 1) expect(await program.post(logout(n))).toEqual([200, 'ok']);
    program.child.stdout?.resume();
    await until(() => program.lines().includes('end'));
  });
});
