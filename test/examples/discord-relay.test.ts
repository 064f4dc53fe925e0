import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shownText as shownTextOfExample } from '../../examples/discord-relay/shown-text.mjs';
import { verdictOn } from '../../examples/discord-relay/verdict.mjs';
import { shownText } from '../../src/forward/targets/discord-message.ts';
import { anyCharacter } from '../any-character.ts';
import { eventFixtures } from '../events/fixtures.ts';
import { until } from '../until.ts';
import { call, MARK, sendCalls, setRelayScene, titles } from './relay-scene.ts';

describe('examples/discord-relay', () => {
  const scene = setRelayScene();

  it('posts 911 calls, panic events and closed calls, but no other event', async () => {
    const { post } = await scene.start();
    for (const { body } of eventFixtures()) expect(await post(body)).toEqual([200, 'ok']);
    await post({ type: 'EVENT_UNIT_PANIC', data: { identIds: [12], isPanic: false } });
    await until(() => scene.discord.messages.length === 4);
    const byTitle = new Map(scene.discord.messages.map(({ title, body }) => [title, JSON.parse(body).embeds[0]]));
    expect([...byTitle.keys()].sort()).toEqual(['911 call 302', 'Calls closed', 'Panic button pressed', 'Panic over']);
    expect(byTitle.get('911 call 302')).toMatchObject({
      description: 'Someone is breaking into my car!',
      fields: [
        { name: 'Caller', value: 'Lamar Davis' },
        { name: 'Location', value: 'Forum Dr / Strawberry Ave' },
        { name: 'Postal', value: '8042' },
      ],
    });
    expect(byTitle.get('Panic button pressed').fields).toMatchObject([{ name: 'Units', value: '12, 18' }]);
    expect(byTitle.get('Panic over').fields).toMatchObject([{ name: 'Unit', value: '1-ADAM-12 · Jim Reed (12)' }]);
    expect(byTitle.get('Calls closed').fields).toMatchObject([{ value: '501, 502' }, { value: '40' }]);
    expect(scene.relay?.printed()).toMatch(/^Push events are received at port \d+\.\n$/);
  });

  it('names units by their last login or update, and otherwise by their number', async () => {
    const { post } = await scene.start();
    const [update] = eventFixtures().filter(({ type }) => type === 'EVENT_UNIT_UPDATE');
    await post({ ...update?.body });
    // Fields that an update leaves out keep their value.
    await post({ type: 'EVENT_UNIT_UPDATE', data: { units: [{ id: 18, data: { name: 'P. *Malloy*' } }] } });
    await post({ type: 'EVENT_UNIT_PANIC', data: { identIds: [12, 18, 19], isPanic: true } });
    await post({ type: 'EVENT_DISPATCH_CLOSED', data: { callIds: [501], eventOriginIdent: 12 } });
    await post({ type: 'EVENT_UNIT_LOGOUT', data: { identId: 12 } });
    await post({ type: 'EVENT_UNIT_PANIC', data: { identIds: [12], isPanic: false } });
    await until(() => scene.discord.messages.length === 3);
    const fields = scene.discord.messages.map(({ body }) => JSON.parse(body).embeds[0].fields.at(-1).value);
    expect(fields).toEqual([
      '1-ADAM-12 · Jim Reed (12), 1-KING-18 · P. \\*Malloy\\* (18), 19',
      '1-ADAM-12 · Jim Reed (12)',
      '12',
    ]);
  });

  it('escapes typed text, pings nobody and keeps the length limits of Discord', async () => {
    const { post } = await scene.start();
    await post(call(1, '@everyone <@123> **bold** [free](https://x.example) :smile:'));
    await post(call(2, '*'.repeat(9_000)));
    await post(call(3, '🚓'.repeat(9_000)));
    await post(call(4, ' \n\t '));
    // The stand-in refuses a message that Discord would refuse, so four messages prove that all are valid.
    await until(() => scene.discord.messages.length === 4);
    const [embed] = JSON.parse(scene.discord.messages[0]?.body ?? '').embeds;
    expect(embed.description).toBe(
      '\\@everyone \\<\\@123> \\*\\*bold\\*\\* \\[free\\](https\\://x.example) \\:smile\\:',
    );
  });

  it('waits for X-RateLimit-Reset-After whenever an answer says that no request remains', async () => {
    await sendCalls(await scene.start(), 1, 17);
    await until(() => scene.discord.messages.length === 17);
    expect(scene.posted()).toEqual(titles(1, 17));
    expect([scene.discord.early, scene.discord.requests]).toEqual([0, 17]);
  });

  it('waits as long as an answer with status 429 demands, without losing or repeating a message', async () => {
    scene.discord.hasRateLimitHeaders = false;
    const running = await scene.start();
    await sendCalls(running, 1, 12);
    await until(() => scene.discord.messages.length === 12);
    expect(scene.posted()).toEqual(titles(1, 12));
    expect([scene.discord.early, scene.discord.requests]).toEqual([0, 14]);
    expect(running.printed()).not.toContain('Discord');
  });

  it('waits for a global rate limit, and for a 429 without a body', async () => {
    const global = { message: 'You are being rate limited.', retry_after: 0.25, global: true };
    scene.discord.script.push(
      { status: 429, headers: { 'retry-after': '1', 'x-ratelimit-global': 'true' }, body: global, quietMs: 250 },
      { status: 429, headers: { 'retry-after': '1' }, quietMs: 1_000 },
    );
    const running = await scene.start();
    await sendCalls(running, 1, 3);
    await until(() => scene.discord.messages.length === 3);
    expect(scene.posted()).toEqual(titles(1, 3));
    expect([scene.discord.early, scene.discord.requests]).toEqual([0, 5]);
    expect(running.printed()).toContain('Discord asks for 1 s of quiet (global rate limit).\n');
  });

  it('retries in order after answers with status 5xx, and prints one line', async () => {
    scene.discord.script.push({ status: 503 }, { status: 500, body: { message: 'oops' } });
    const running = await scene.start();
    await sendCalls(running, 1, 3);
    await until(() => scene.discord.messages.length === 3);
    expect(scene.posted()).toEqual(titles(1, 3));
    expect(running.printed().split('\n').slice(1)).toEqual([
      'Discord takes no messages (HTTP 503): trying again.',
      'Discord takes messages again; 0 were left out.',
      '',
    ]);
  });

  it('drops messages that are older than GIVE_UP_AFTER_SECONDS, and posts newer ones', async () => {
    scene.discord.always = { status: 502 };
    scene.discord.hold = true;
    const running = await scene.start({ GIVE_UP_AFTER_SECONDS: '1' });
    await sendCalls(running, 1, 3);
    scene.discord.hold = false;
    await until(() => running.printed().includes('Messages are left out'));
    scene.discord.always = null;
    // The other two messages are just as old, so they are dropped as well.
    await sendCalls(running, 4, 4);
    await until(() => scene.posted().includes('911 call 4'));
    expect(scene.posted()).toEqual(['911 call 4']);
    await until(() => running.printed().includes('Discord takes messages again; 3 were left out.\n'));
  });

  it('drops a message that Discord refuses, and prints the error code without the text', async () => {
    scene.discord.script.push({ status: 400, body: { message: 'private text', code: 50035 } });
    const running = await scene.start();
    await sendCalls(running, 1, 2);
    await until(() => scene.discord.messages.length === 1);
    expect(scene.posted()).toEqual(['911 call 2']);
    expect(running.printed()).toContain('Discord refused a message (HTTP 400, code 50035); it is left out.\n');
    expect(running.printed()).not.toContain('private');
  });

  it('keeps the newest QUEUE_LENGTH messages, and drops older ones', async () => {
    scene.discord.hold = true;
    const running = await scene.start({ QUEUE_LENGTH: '5' });
    await sendCalls(running, 1, 1);
    await until(() => scene.discord.requests === 1);
    await sendCalls(running, 2, 12);
    // Once this event is answered, the handlers of the events before it have run.
    expect(await running.post(MARK)).toEqual([200, 'ok']);
    scene.discord.hold = false;
    await until(() => scene.discord.messages.length === 6);
    expect(scene.posted()).toEqual(['911 call 1', ...titles(8, 12)]);
    expect(running.printed()).toContain('Discord takes messages again; 6 were left out.\n');
  });

  it('escapes random text exactly as the resource does', () => {
    const typed = fc.string({
      unit: fc.oneof(fc.constantFrom(...'\\*_`~|[]<@:#>-+.)1 \n'), anyCharacter),
    });
    fc.assert(
      fc.property(typed, fc.integer({ min: 1, max: 60 }), (text, limit) => {
        expect(shownTextOfExample(text, limit)).toBe(shownText(text, limit));
      }),
    );
  });
});

const verdict = (status: number, headers: Record<string, string> = {}, body: unknown = '') =>
  verdictOn(status, new Headers(headers), typeof body === 'string' ? body : JSON.stringify(body));

describe('verdictOn of examples/discord-relay', () => {
  it.each([
    ['fractions of a second in its body', { 'retry-after': '1' }, { retry_after: 0.2505, global: false }, 251],
    ['a retry-after header and no JSON body', { 'retry-after': '7' }, '<html>', 7_000],
    ['no valid number', { 'retry-after': 'soon' }, { retry_after: 'later' }, 5_000],
    ['no wait at all', {}, '', 5_000],
    ['a negative wait', {}, { retry_after: -3 }, 5_000],
    ['a wait of a day, which is cut to an hour', {}, { retry_after: 86_400 }, 3_600_000],
  ])('reads the wait of an answer with status 429 that has %s', (_what, headers, body, quietMs) => {
    expect(verdict(429, headers, body)).toEqual({ kind: 'later', quietMs, reason: 'rate limit' });
  });

  it.each([
    [{ 'x-ratelimit-global': 'true' }, ''],
    [{}, { retry_after: 5, global: true }],
  ])('recognises a global rate limit by the headers %j and the body %j', (headers, body) => {
    expect(verdict(429, headers, body).reason).toBe('global rate limit');
  });

  it('reads a wait from a successful answer only if no request remains', () => {
    const reset = { 'x-ratelimit-reset-after': '0.5' };
    expect(verdict(200, { ...reset, 'x-ratelimit-remaining': '1' }).quietMs).toBe(0);
    expect(verdict(204, { ...reset, 'x-ratelimit-remaining': '0' }).quietMs).toBe(500);
    expect(verdict(200)).toEqual({ kind: 'posted', quietMs: 0, reason: '' });
  });

  it.each([
    [401, 'gone'],
    [404, 'gone'],
    [400, 'refused'],
    [403, 'refused'],
    [302, 'refused'],
    [500, 'failed'],
    [503, 'failed'],
  ])('reads status %i as %s', (status, kind) => {
    expect(verdict(status)).toEqual({ kind, quietMs: 0, reason: `HTTP ${status}` });
  });

  it('reads the wait of a 503 with retry-after', () => {
    expect(verdict(503, { 'retry-after': '30' })).toMatchObject({ kind: 'failed', quietMs: 30_000 });
  });
});
