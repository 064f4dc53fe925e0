import { describe, expect, it } from '@jest/globals';
import { HttpEventHandlers } from '../../../src/game/dispatch/http-events.ts';
import { createManualClock } from '../../manual-clock.ts';
import { createRecordingLog } from '../../recording-log.ts';

function setUp() {
  const log = createRecordingLog();
  const clock = createManualClock();
  return { log, clock, handlers: new HttpEventHandlers(log, clock) };
}

const answered = (value: unknown) => ({ status: 'answered', json: JSON.stringify(value) });

describe('createHttpEventHandlers', () => {
  it('answers what the handler of the type returns, in any case, and hands it the body', async () => {
    const { handlers } = setUp();
    handlers.register('My_Page', (body) => ({ got: body }), 'a');
    expect(await handlers.answer('MY_PAGE', { type: 'my_page', data: [1] })).toEqual(
      answered({ got: { type: 'my_page', data: [1] } }),
    );
    expect(await handlers.answer('other', {})).toEqual({ status: 'unhandled' });
  });

  it.each([
    ['nothing', undefined, {}],
    ['null', null, {}],
    ['false', false, false],
    ['a list', [1, 'two'], [1, 'two']],
    ['a text', 'text', 'text'],
    ['a promise', Promise.resolve({ ok: true }), { ok: true }],
    ['a promise of nothing', Promise.resolve(), {}],
  ])('answers %s as JSON', async (_what, returned, expected) => {
    const { handlers } = setUp();
    handlers.register('T', () => returned, 'a');
    expect(await handlers.answer('T', {})).toEqual(answered(expected));
  });

  it('waits 4 s for a promise and not longer, says so once, and does not mind what comes of it', async () => {
    const { handlers, clock, log } = setUp();
    const { promise, reject } = Promise.withResolvers();
    handlers.register('T', () => promise, 'slow');
    for (let count = 0; count < 2; count += 1) {
      const outcome = handlers.answer('T', {});
      let settled = false;
      void outcome.then(() => {
        settled = true;
      });
      clock.advance(3_999);
      await new Promise((resolve) => setImmediate(resolve));
      expect(settled).toBe(false);
      clock.advance(1);
      expect(await outcome).toEqual({ status: 'late' });
    }
    reject('too late');
    await new Promise((resolve) => setImmediate(resolve));
    expect(log.printed).toHaveLength(1);
    expect(log.printed[0]).toMatchObject({
      level: 'error',
      fields: { resource: 'slow', type: 'T', reason: 'it did not answer within 4 s' },
    });
  });

  it('leaves no timer behind when the answer came', async () => {
    const { handlers, clock } = setUp();
    handlers.register('T', async () => 1, 'a');
    await handlers.answer('T', {});
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.waiting).toBe(0);
  });

  const circular: Record<string, unknown> = {};
  circular.self = circular;
  it.each([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
      'broken',
    ],
    ["refuses its promise as another resource's does", () => Promise.reject('refused'), 'refused'],
    ['throws nothing readable', () => Promise.reject(), 'no reason given'],
    ['returns something circular', () => circular, expect.stringContaining('circular')],
    ['returns a function', () => () => 1, 'it returned a function, which JSON does not have'],
    ['returns a BigInt', () => ({ n: 1n }), expect.stringContaining('BigInt')],
    ['returns more than 1 MiB', () => 'ü'.repeat(512 * 1024), 'its answer is larger than 1 MiB'],
  ])('fails when the handler %s, and reports it once with its owner', async (_what, handler, reason) => {
    const { handlers, log } = setUp();
    handlers.register('t', handler, 'bad');
    expect(await handlers.answer('T', {})).toEqual({ status: 'failed' });
    expect(await handlers.answer('T', {})).toEqual({ status: 'failed' });
    expect(log.printed).toHaveLength(1);
    expect(log.printed[0]).toMatchObject({ level: 'error', fields: { resource: 'bad', type: 'T', reason } });
  });

  it('takes an answer of exactly 1 MiB', async () => {
    const { handlers } = setUp();
    handlers.register('T', () => 'x'.repeat(1024 * 1024 - 2), 'a');
    expect(await handlers.answer('T', {})).toMatchObject({ status: 'answered' });
  });

  it("takes a resource's new handler of a type in place of its old one, and reports that one anew", async () => {
    const { handlers, log } = setUp();
    const failing = () => Promise.reject('refused');
    handlers.register('T', failing, 'a');
    await handlers.answer('T', {});
    handlers.register('t', failing, 'a');
    await handlers.answer('T', {});
    handlers.register('T', () => 'new', 'a');
    expect(await handlers.answer('T', {})).toEqual(answered('new'));
    expect(log.lines).toHaveLength(2);
  });

  it('refuses a type that another resource handles, and names that resource', async () => {
    const { handlers } = setUp();
    handlers.register('T', () => 'first', 'first');
    expect(() => handlers.register('t', () => 'second', 'second')).toThrow('the resource first handles T already');
    expect(await handlers.answer('T', {})).toEqual(answered('first'));
  });

  it('forgets the handlers of a resource that stopped, so that another one may have their types', async () => {
    const { handlers } = setUp();
    handlers.register('T', () => 'first', 'first');
    handlers.register('U', () => 'other', 'other');
    handlers.dropOwner('first');
    expect(await handlers.answer('T', {})).toEqual({ status: 'unhandled' });
    expect(await handlers.answer('U', {})).toEqual(answered('other'));
    handlers.register('T', () => 'second', 'second');
    expect(await handlers.answer('T', {})).toEqual(answered('second'));
  });

  it('refuses a resource that registers without end, and lets it replace what it has', () => {
    const { handlers } = setUp();
    for (let count = 0; count < 500; count += 1) handlers.register(`T${count}`, () => {}, 'a');
    expect(() => handlers.register('T500', () => {}, 'a')).toThrow('a handles 500 types already');
    expect(() => handlers.register('T499', () => {}, 'a')).not.toThrow();
    expect(() => handlers.register('T500', () => {}, 'b')).not.toThrow();
  });
});
