import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../../scripts/project-root.ts';
import { readSamples } from '../../../scripts/send/sample-payloads.ts';
import { normalise } from '../../../src/events/normalise.ts';
import { createPushEventListener } from '../../../src/listener/create-push-event-listener.ts';
import { STORY } from '../../../src/program/send/samples.ts';
import { sendUsage } from '../../../src/program/send/send-arguments.ts';
import { sendEvents } from '../../../src/program/send/send-events.ts';
import { SOURCE_FLAGS, startProgram as startChild } from '../../child-program.ts';
import { type HttpTarget, startHttpTarget } from '../../http-target.ts';
import { cleanUp, spawnProgram, startProgram } from '../start-program.ts';

const DEFAULTS = { command: 'npm run send --', url: 'http://127.0.0.1:30120', keyFrom: 'that of npm start' };
const samples = readSamples();

describe('npm run send', () => {
  let answer: { status: number; text: string };
  let target: HttpTarget;
  let url: string;
  let folder: string;
  let lines: string[];
  let pauses: number[];
  const bodies = () => target.received.map(({ body }) => JSON.parse(body.toString()) as { type?: string });
  const send = (...args: string[]) =>
    sendEvents(['--url', url, ...args], {
      ...{ ...DEFAULTS, samples, refusedAdvice: 'Is it running?', readDefaultKey: () => null },
      pause: async (milliseconds) => void pauses.push(milliseconds),
      print: (line) => void lines.push(line),
    });
  const run = (...args: string[]) => send('--key', 'key-of-the-test', ...args);

  beforeEach(async () => {
    lines = [];
    pauses = [];
    answer = { status: 200, text: 'ok' };
    folder = mkdtempSync(join(tmpdir(), 'sonorancad-send-'));
    target = await startHttpTarget((_request, response) => response.writeHead(answer.status).end(answer.text));
    url = `${target.url}/sonorancad/event`;
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await target.close();
  });

  it('sends a sample when it runs as a program', async () => {
    const args = [...SOURCE_FLAGS, 'scripts/send.ts', 'EVENT_911', '--url', url, '--key', 'key-of-the-test'];
    const program = startChild(process.execPath, args, { cwd: projectRoot });
    expect(await program.exited).toBe(0);
    expect(program.output()).toContain('1 sent, 1 accepted, 0 not accepted');
  });

  it('sends nothing without a key, and names the options for the key', async () => {
    const fault = 'No API key found. Give --key or --key-file; the default is that of npm start.';
    await expect(send('EVENT_911')).rejects.toThrow(fault);
    expect(target.received).toEqual([]);
  });

  it('posts the sample with the API key in it, and prints the answer', async () => {
    expect(await run('EVENT_911')).toBe(true);
    expect(lines).toEqual(['EVENT_911 → 200 ok', '1 sent, 1 accepted, 0 not accepted']);
    const { headers = {} } = target.received[0] ?? {};
    expect(bodies()[0]).toEqual({ ...samples.EVENT_911, key: 'key-of-the-test' });
    expect(headers['content-type']).toBe('application/json');
    expect(Number(headers['content-length'])).toBeGreaterThan(100);
    expect(headers['transfer-encoding']).toBeUndefined();
  });

  it('accepts types in any case, with and without EVENT_', async () => {
    await run('unit_panic', 'event_tone', 'Get_Logs');
    expect(bodies().map(({ type }) => type)).toEqual(['EVENT_UNIT_PANIC', 'EVENT_TONE', 'GET_LOGS']);
  });

  it('sends every sample for --all, in the order of a shift and over one connection', async () => {
    expect(await run('--all')).toBe(true);
    const types = bodies().map(({ type }) => String(type));
    expect(types.toSorted()).toEqual(Object.keys(samples).sort());
    const shift = ['EVENT_UNIT_LOGIN', 'EVENT_911', 'EVENT_DISPATCH_NEW', 'EVENT_DISPATCH_CLOSED', 'EVENT_UNIT_LOGOUT'];
    expect(types.filter((type) => shift.includes(type))).toEqual(shift);
    expect(target.connections).toBe(1);
  });

  it('plays the valid events of the story for --story, and prints what happens', async () => {
    expect(await run('--story', '--pace', '0')).toBe(true);
    expect(bodies()).toEqual(STORY.map(({ body }) => ({ ...body, key: 'key-of-the-test' })));
    expect(lines[0]).toBe('EVENT_UNIT_LOGIN → 200 ok  (1-ADAM-12, Jim Reed, signs in)');
    expect(STORY.filter(({ type, body }) => !normalise(type, body).valid)).toEqual([]);
  });

  it('waits between events for the given pace, and 1 second in a story', async () => {
    await run('EVENT_TONE', '--count', '3', '--pace', '0.5');
    expect(pauses.splice(0)).toEqual([500, 500]);
    await run('--story');
    expect(pauses.splice(0)).toEqual(STORY.slice(1).map(() => 1_000));
    await run('--all');
    expect(pauses).toEqual([]);
  });

  it('signs requests with --secret, so that a listener with the same secret accepts them', async () => {
    const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    const listener = createPushEventListener({ apiKey: 'key-of-the-test-', secret });
    const server = await listener.listen(0, '127.0.0.1');
    const sent = (...args: string[]) =>
      run('EVENT_911', '--url', `http://127.0.0.1:${server.port}`, '--key', 'key-of-the-test-', ...args);
    expect([await sent(), await sent('--secret', secret)]).toEqual([false, true]);
    await server.close();
  });

  it('starts again after the last event until --count is reached', async () => {
    await run('EVENT_TONE', 'EVENT_911', '--count', '3');
    expect(bodies().map(({ type }) => type)).toEqual(['EVENT_TONE', 'EVENT_911', 'EVENT_TONE']);
    expect(lines.at(-1)).toBe('3 sent, 3 accepted, 0 not accepted');
  });

  it('sends all events with --rate', async () => {
    expect(await run('EVENT_TONE', '--count', '5', '--rate', '500')).toBe(true);
    expect(lines.at(-1)).toBe('5 sent, 5 accepted, 0 not accepted');
  });

  it('sends the event in the file of --file, with its key replaced', async () => {
    const path = join(folder, 'payload.json');
    writeFileSync(path, '{ "key": "other", "type": "EVENT_MINE", "data": { "a": 1 } }');
    await run('--file', path);
    expect(bodies()[0]).toEqual({ key: 'key-of-the-test', type: 'EVENT_MINE', data: { a: 1 } });
    expect(lines[0]).toBe('EVENT_MINE → 200 ok');
  });

  it.each([
    ['[1]', 'contains no JSON object'],
    ['{', 'contains no valid JSON'],
  ])('refuses a file that contains %s', async (text, message) => {
    const path = join(folder, 'payload.json');
    writeFileSync(path, text);
    await expect(run('--file', path)).rejects.toMatchObject({ message: expect.stringContaining(message) });
  });

  it('fails if an answer has no 2xx status, and prints the answer in one escaped line', async () => {
    answer = { status: 400, text: 'Authentication\nKey \u001b[31mFailed!\u202e' };
    expect(await run('EVENT_911')).toBe(false);
    expect(lines).toEqual([
      'EVENT_911 → 400 Authentication Key  [31mFailed!\\u{202e}',
      '1 sent, 0 accepted, 1 not accepted',
    ]);
  });

  it.each([
    [200, 'ok (data not understood: data.units: expected a list)', true],
    [202, 'queued', true],
    [204, '', true],
    [302, 'ok', false],
  ])('for the answer %i %s, counts the event as accepted: %s', async (status, text, accepted) => {
    answer = { status, text };
    expect(await run('EVENT_911')).toBe(accepted);
    expect(lines.at(-1)).toBe(`1 sent, ${accepted ? '1 accepted, 0 not accepted' : '0 accepted, 1 not accepted'}`);
  });

  it('prints its usage for --help, and sends nothing', async () => {
    expect(await run('--all', '--help')).toBe(true);
    expect(lines).toEqual([sendUsage(DEFAULTS)]);
    expect(target.received).toEqual([]);
  });

  it('prints once that nothing listens at the address', async () => {
    await target.close();
    expect(await run('--all')).toBe(false);
    expect(lines).toEqual([`Nothing listens at ${url}. Is it running?`]);
  });

  it('lists the samples if there is none of the wanted type', async () => {
    await expect(run('EVENT_NOPE')).rejects.toMatchObject({
      message: expect.stringContaining('The samples are: EVENT_911, '),
    });
  });
});

afterEach(cleanUp);

async function send(...args: string[]) {
  const program = spawnProgram(['send', ...args]);
  return { code: await program.exited, lines: program.lines(), said: program.said() };
}

describe('sonorancad send', () => {
  it('sends the story to a running listener', async () => {
    const listener = await startProgram();
    const { code, lines } = await send('--story', '--pace', '0', '--url', `http://127.0.0.1:${listener.port}`);
    expect(lines.at(-1)).toBe(`${STORY.length} sent, ${STORY.length} accepted, 0 not accepted`);
    expect(code).toBe(0);
    await listener.stop();
    expect(listener.lines()).toHaveLength(STORY.length);
  });

  it('sends the samples that docs/events.md shows', async () => {
    const listener = await startProgram(['--json']);
    const { code, lines } = await send('911', 'unit_panic', '--url', `http://127.0.0.1:${listener.port}`);
    expect([code, lines[0], lines[1]]).toEqual([0, 'EVENT_911 → 200 ok', 'EVENT_UNIT_PANIC → 200 ok']);
    await listener.stop();
    expect(JSON.parse(listener.lines()[0] ?? '').data.call.caller).toBe('Lamar Davis');
  });

  it('prints its usage, and exits with code 2 for an unknown type or a missing file', async () => {
    expect((await send('--help')).lines.join('\n')).toMatch(
      /^sonorancad send EVENT_911[\s\S]*http:\/\/127\.0\.0\.1:30150/,
    );
    expect(await send('nothing')).toMatchObject({
      ...{
        code: 2,
        lines: [],
        said: expect.stringMatching(/^sonorancad: There is no sample of "nothing"\. The samples are: EVENT_911,/),
      },
    });
    expect((await send('EVENT_DISPTACH_NEW')).said).toContain(
      '"EVENT_DISPTACH_NEW"; did you mean EVENT_DISPATCH_NEW? The samples are: ',
    );
    expect(await send('--file', '/nowhere.json')).toMatchObject({
      ...{ code: 2, said: 'sonorancad: --file: /nowhere.json cannot be read (ENOENT).\n' },
    });
  });
});
