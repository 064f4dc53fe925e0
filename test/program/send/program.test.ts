import { afterEach, describe, expect, it } from '@jest/globals';
import { STORY } from '../../../src/program/send/samples.ts';
import { cleanUp, spawnProgram, startProgram } from '../start-program.ts';

afterEach(cleanUp);

async function send(...args: string[]) {
  const program = spawnProgram(['send', ...args]);
  return { code: await program.exited, lines: program.lines(), said: program.said() };
}

describe('sonorancad send', () => {
  it('plays the story to a listener', async () => {
    const listener = await startProgram();
    const { code, lines } = await send('--story', '--pace', '0', '--url', `http://127.0.0.1:${listener.port}`);
    expect(lines.at(-1)).toBe(`${STORY.length} sent, ${STORY.length} accepted, 0 not`);
    expect(code).toBe(0);
    await listener.stop();
    expect(listener.lines()).toHaveLength(STORY.length);
  });

  it('has the samples that the documents show', async () => {
    const listener = await startProgram(['--json']);
    const { code, lines } = await send('911', 'unit_panic', '--url', `http://127.0.0.1:${listener.port}`);
    expect([code, lines[0], lines[1]]).toEqual([0, 'EVENT_911 → 200 ok', 'EVENT_UNIT_PANIC → 200 ok']);
    await listener.stop();
    expect(JSON.parse(listener.lines()[0] ?? '').data.call.caller).toBe('Lamar Davis');
  });

  it('says where it sends, and what is wrong', async () => {
    expect((await send('--help')).lines.join('\n')).toMatch(
      /^sonorancad send EVENT_911[\s\S]*http:\/\/127\.0\.0\.1:30150/,
    );
    expect(await send('nothing')).toMatchObject({
      ...{
        code: 2,
        lines: [],
        said: expect.stringMatching(/^sonorancad: There is no sample of "nothing"\. There are: EVENT_911,/),
      },
    });
    expect((await send('EVENT_DISPTACH_NEW')).said).toContain(
      '"EVENT_DISPTACH_NEW"; did you mean EVENT_DISPATCH_NEW? There are: ',
    );
    expect(await send('--file', '/nowhere.json')).toMatchObject({
      ...{ code: 2, said: 'sonorancad: --file: /nowhere.json cannot be read (ENOENT).\n' },
    });
  });
});
