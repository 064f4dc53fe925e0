import { describe, expect, it } from '@jest/globals';
import type { PushEvent } from '../../src/events/push-event.ts';
import { EventHandlers } from '../../src/listener/handlers.ts';
import { eventOf } from '../event-of.ts';
import { createManualClock } from '../manual-clock.ts';

const logout = eventOf('EVENT_UNIT_LOGOUT', { identId: 12 });
const tone = eventOf('EVENT_TONE', { url: 'https://tones.example/a.mp3', playTonesTo: [] });
const unreadable = { ...logout, valid: false, issues: ['data: nothing'] } as unknown as PushEvent;

function setUp() {
  const clock = createManualClock();
  const warnings: string[] = [];
  const handlers = new EventHandlers(clock, (line) => warnings.push(line));
  const called: string[] = [];
  const note = (name: string) => (event: PushEvent) => void called.push(`${name} ${event.type}`);
  const run = (...events: PushEvent[]) => {
    for (const event of events) handlers.runSoon(event);
    clock.pass();
    // By then, the promises of the handlers have settled.
    return new Promise((resolve) => setImmediate(resolve));
  };
  return { handlers, called, note, run, warnings, clock };
}

describe('EventHandlers', () => {
  it('calls handlers for their types, written in any case, in the order of registration', () => {
    const { handlers, called, note, run } = setUp();
    handlers.on('*', note('all'));
    handlers.on('event_unit_logout', note('one'));
    handlers.on(['EVENT_TONE', 'EVENT_UNIT_LOGOUT'], note('two'));
    handlers.on('EVENT_911', note('none'));
    run(logout, tone);
    expect(called).toEqual([
      'all EVENT_UNIT_LOGOUT',
      'one EVENT_UNIT_LOGOUT',
      'two EVENT_UNIT_LOGOUT',
      'all EVENT_TONE',
      'two EVENT_TONE',
    ]);
  });

  it('calls the handlers of all waiting events at the next pass of the event loop', () => {
    const { handlers, called, note, clock } = setUp();
    handlers.on('*', note('all'));
    handlers.runSoon(logout);
    handlers.runSoon(tone);
    expect(called).toEqual([]);
    clock.pass();
    expect(called).toHaveLength(2);
    handlers.runSoon(logout);
    clock.pass();
    expect(called).toHaveLength(3);
  });

  it('warns once of an unknown type, and still calls the handler for events of that type', () => {
    const { handlers, called, note, run, warnings } = setUp();
    handlers.on(['EVENT_911', 'event_disptach_new'], note('one'));
    handlers.on('EVENT_DISPTACH_NEW', note('two'));
    run(eventOf('EVENT_DISPTACH_NEW' as 'EVENT_DISPATCH_NEW', {} as never));
    expect(called).toEqual(['one EVENT_DISPTACH_NEW', 'two EVENT_DISPTACH_NEW']);
    expect(warnings).toEqual([
      'A handler is registered for the event type EVENT_DISPTACH_NEW, ' +
        'but no such type is known; did you mean EVENT_DISPATCH_NEW?',
    ]);
  });

  it('passes an invalid event only to handlers of "*"', () => {
    const { handlers, called, note, run } = setUp();
    handlers.on('EVENT_UNIT_LOGOUT', note('typed'));
    handlers.on('*', note('all'));
    run(unreadable);
    expect(called).toEqual(['all EVENT_UNIT_LOGOUT']);
  });

  it('stops calling a handler for the types that `off` removes', () => {
    const { handlers, called, note, run } = setUp();
    const both = note('both');
    const all = note('all');
    handlers.on(['EVENT_TONE', 'EVENT_UNIT_LOGOUT'], both);
    handlers.on('*', all);
    handlers.off('event_tone', both);
    handlers.off('EVENT_TONE', all);
    handlers.off('*', both);
    run(logout, tone);
    expect(called).toEqual(['both EVENT_UNIT_LOGOUT', 'all EVENT_UNIT_LOGOUT', 'all EVENT_TONE']);
    handlers.off('EVENT_UNIT_LOGOUT', both);
    handlers.off('*', all);
    run(logout);
    expect(called).toHaveLength(3);
  });

  it('reports a failing handler to the error handler with its event, and calls the other handlers', async () => {
    const { handlers, called, note, run, warnings } = setUp();
    const failures: unknown[] = [];
    handlers.on('*', () => {
      throw new Error('thrown');
    });
    handlers.on('*', () => Promise.reject(new Error('rejected')));
    handlers.on('*', note('last'));
    handlers.onError((error, event) => failures.push([(error as Error).message, event]));
    await run(logout);
    expect(called).toEqual(['last EVENT_UNIT_LOGOUT']);
    expect(failures).toEqual([
      ['thrown', logout],
      ['rejected', logout],
    ]);
    expect(warnings).toEqual([]);
  });

  it('warns of a failing handler in one line without event data if there is no error handler', async () => {
    const { handlers, run, warnings } = setUp();
    handlers.on('*', () => {
      throw new Error('two\nlines');
    });
    handlers.on('*', () => Promise.reject(Object.create(null)));
    await run(logout);
    const line = 'A handler of a push event failed: type=EVENT_UNIT_LOGOUT id=id-of-the-event reason=';
    expect(warnings).toEqual([`${line}"two\\nlines"`, `${line}"no reason given"`]);
  });

  it('warns if an error handler fails', async () => {
    const { handlers, run, warnings } = setUp();
    handlers.on('*', () => Promise.reject('first'));
    handlers.onError(() => {
      throw new Error('second');
    });
    handlers.onError(async () => {
      throw new Error('third');
    });
    await run(logout);
    expect(warnings).toEqual([
      expect.stringMatching(/^The error handler failed .* reason=second$/),
      expect.stringMatching(/^The error handler failed .* reason=third$/),
    ]);
  });

  it('settles after every promise that a handler returned has settled', async () => {
    const { handlers, run } = setUp();
    let finish: () => void = () => {};
    handlers.on('*', () => new Promise<void>((resolve) => (finish = resolve)));
    let isSettled = false;
    const settled = run(logout).then(() => {
      isSettled = true;
    });
    await Promise.resolve();
    expect(isSettled).toBe(false);
    finish();
    await settled;
    expect(isSettled).toBe(true);
  });

  it.each([[undefined], [''], [[]], [['EVENT_911', 7]], [null]])(
    'throws a TypeError for %j, which is no event type, and for a handler that is no function',
    (types) => {
      const { handlers } = setUp();
      expect(() => handlers.on(types as string, () => {})).toThrow(/^The type of an event must be text/);
      expect(() => handlers.on('*', 'handler' as never)).toThrow('The handler of an event must be a function.');
      expect(() => handlers.onError(undefined as never)).toThrow('The handler of an event must be a function.');
    },
  );
});
