import { describe, expect, it } from '@jest/globals';
import type { PushEvent } from '../../../src/events/push-event.ts';
import { Subscriptions } from '../../../src/game/dispatch/subscriptions.ts';
import { createManualClock } from '../../manual-clock.ts';
import { createRecordingLog } from '../../recording-log.ts';

const eventOf = (type: string, valid = true) =>
  ({
    id: 'id',
    type,
    data: {},
    receivedAt: 1,
    source: 'http',
    valid,
    ...(valid ? {} : { issues: ['data: odd'] }),
  }) as unknown as PushEvent;

function setUp() {
  const log = createRecordingLog();
  const subscriptions = new Subscriptions({ log, clock: createManualClock(), called: () => {} });
  const seen: string[] = [];
  const dispatch = (event: PushEvent, body = {}) => {
    for (const call of subscriptions.callsFor({ event, body })) call();
  };
  return { log, subscriptions, seen, dispatch };
}

describe('createSubscriptions', () => {
  it('calls those who named the type, in any case and also in a list, and those who want all', () => {
    const { subscriptions, seen, dispatch } = setUp();
    subscriptions.subscribe('event_911', () => seen.push('one'), 'a');
    subscriptions.subscribe(['EVENT_TONE', 'EVENT_911'], () => seen.push('list'), 'a');
    subscriptions.subscribe('*', () => seen.push('all'), 'b');
    subscriptions.subscribe('EVENT_TONE', () => seen.push('other'), 'b');
    dispatch(eventOf('EVENT_911'));
    expect(seen).toEqual(['one', 'list', 'all']);
  });

  it('knows a type by the other name that the documents of the CAD have for it', () => {
    const { subscriptions, seen, dispatch } = setUp();
    subscriptions.subscribe('event_unit_attach', () => seen.push('event'), 'a');
    subscriptions.subscribeToBody('EVENT_UNIT_DETACH', () => seen.push('body'), 'a');
    dispatch(eventOf('EVENT_DISPATCH_UNIT_ATTACH'));
    dispatch(eventOf('EVENT_DISPATCH_UNIT_DETACH'));
    expect(seen).toEqual(['event', 'body']);
  });

  it('tells once of each type that is not known, and what may have been meant, and calls for it all the same', () => {
    const { log, subscriptions, seen, dispatch } = setUp();
    for (const owner of ['a', 'a', 'b']) subscriptions.subscribe('event_disptach_new', () => seen.push(owner), owner);
    subscriptions.subscribeToBody('EVENT_QXZJ', () => seen.push('body'), 'a');
    subscriptions.subscribe(['EVENT_911', 'GET_LOGS', 'EVENT_UNIT_ATTACH', 'EVENT_FIVEM_CONFIGURATION'], () => {}, 'a');
    subscriptions.subscribe('*', () => {}, 'a');
    dispatch(eventOf('EVENT_DISPTACH_NEW'));
    expect(seen).toEqual(['a', 'a', 'b']);
    const meant =
      'A resource subscribes to a type of push event, but no such type is known; did you mean EVENT_DISPATCH_NEW?';
    const newer =
      'A resource subscribes to a type of push event, but no such type is known; it may be newer than this version';
    expect(log.lines).toEqual([
      { level: 'warn', message: meant, fields: { resource: 'a', type: 'EVENT_DISPTACH_NEW' } },
      { level: 'warn', message: meant, fields: { resource: 'b', type: 'EVENT_DISPTACH_NEW' } },
      { level: 'warn', message: newer, fields: { resource: 'a', type: 'EVENT_QXZJ' } },
    ]);
  });

  it('shows an event that was not understood only to those who want all', () => {
    const { subscriptions, seen, dispatch } = setUp();
    subscriptions.subscribe('EVENT_911', () => seen.push('typed'), 'a');
    subscriptions.subscribe('*', () => seen.push('all'), 'a');
    dispatch(eventOf('EVENT_911', false));
    expect(seen).toEqual(['all']);
  });

  it('ends no subscription by a handle that was given before a restart', () => {
    const earlier = setUp().subscriptions.subscribe('*', () => {}, 'a');
    const { subscriptions, seen, dispatch } = setUp();
    subscriptions.subscribe('*', () => seen.push('called'), 'a');
    expect(subscriptions.unsubscribe(earlier, 'a')).toBe(false);
    dispatch(eventOf('T'));
    expect(seen).toEqual(['called']);
  });

  it('ends a subscription for its owner and for nobody else', () => {
    const { subscriptions, seen, dispatch } = setUp();
    const handle = subscriptions.subscribe('*', () => seen.push('called'), 'a');
    expect(subscriptions.unsubscribe(handle, 'b')).toBe(false);
    dispatch(eventOf('T'));
    expect(subscriptions.unsubscribe(handle, 'a')).toBe(true);
    expect(subscriptions.unsubscribe(handle, 'a')).toBe(false);
    dispatch(eventOf('T'));
    expect(seen).toEqual(['called']);
  });

  it('forgets all subscriptions of a resource that stopped', () => {
    const { subscriptions, seen, dispatch } = setUp();
    subscriptions.subscribe('*', () => seen.push('a'), 'a');
    subscriptions.subscribe('*', () => seen.push('b'), 'b');
    subscriptions.subscribe('T', () => seen.push('a again'), 'a');
    subscriptions.dropOwner('a');
    dispatch(eventOf('T'));
    expect(seen).toEqual(['b']);
  });

  it('serves the others when one throws, and reports it once with its owner', () => {
    const { subscriptions, seen, dispatch, log } = setUp();
    subscriptions.subscribe(
      '*',
      () => {
        throw new Error('broken');
      },
      'bad',
    );
    subscriptions.subscribe('*', () => seen.push('served'), 'good');
    dispatch(eventOf('T'));
    dispatch(eventOf('T'));
    expect(seen).toEqual(['served', 'served']);
    expect(log.printed).toHaveLength(1);
    expect(log.printed[0]).toMatchObject({ level: 'error', fields: { resource: 'bad', reason: 'broken' } });
  });

  it('reports a callback whose promise is refused, as a text from another resource or as an error', async () => {
    const { subscriptions, dispatch, log } = setUp();
    subscriptions.subscribe('*', () => Promise.reject('refused'), 'text');
    subscriptions.subscribe(
      '*',
      async () => {
        throw new Error('failed');
      },
      'error',
    );
    dispatch(eventOf('T'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(log.lines.map(({ fields }) => [fields.resource, fields.reason])).toEqual([
      ['text', 'refused'],
      ['error', 'failed'],
    ]);
  });

  it('neither calls who left nor who came during the same event', () => {
    const { subscriptions, seen, dispatch } = setUp();
    let last = 0;
    subscriptions.subscribe(
      '*',
      () => {
        seen.push('first');
        subscriptions.unsubscribe(last, 'a');
        subscriptions.subscribe('*', () => seen.push('new'), 'a');
      },
      'a',
    );
    last = subscriptions.subscribe('*', () => seen.push('last'), 'a');
    dispatch(eventOf('T'));
    expect(seen).toEqual(['first']);
  });

  it('refuses a resource that subscribes without end', () => {
    const { subscriptions } = setUp();
    for (let count = 0; count < 500; count += 1) subscriptions.subscribe('*', () => {}, 'a');
    expect(() => subscriptions.subscribe('*', () => {}, 'a')).toThrow('a has 500 subscriptions already');
    expect(subscriptions.subscribe('*', () => {}, 'b')).toBeGreaterThan(0);
  });

  it('serves once a consumer that subscribed at once and again when told that it can', () => {
    const { subscriptions, seen, dispatch } = setUp();
    const subscribe = (name: string, types: string | string[], owner = 'a') =>
      subscriptions.subscribe(types, () => seen.push(name), owner);
    subscribe('first', ['T', 'U']);
    subscribe('second', ['T', 'U']);
    subscribe('all', '*');
    subscribe('other owner', ['T', 'U'], 'b');
    subscriptions.whileAnnounced(() => {
      subscribe('first again', ['u', 't']);
      subscribe('second again', ['T', 'U']);
      subscribe('new', 'T');
    });
    dispatch(eventOf('T'));
    expect(seen).toEqual(['all', 'other owner', 'first again', 'second again', 'new']);
  });

  it('keeps two like subscriptions that were both made later', () => {
    const { subscriptions, seen, dispatch } = setUp();
    subscriptions.whileAnnounced(() => {});
    subscriptions.subscribe('T', () => seen.push('one'), 'a');
    subscriptions.subscribe('T', () => seen.push('two'), 'a');
    dispatch(eventOf('T'));
    expect(seen).toEqual(['one', 'two']);
  });

  it("gives the official way's handlers the body as received, understood or not, and only of their type", () => {
    const { subscriptions, dispatch } = setUp();
    const bodies: unknown[] = [];
    subscriptions.subscribeToBody('event_911', (body) => bodies.push(body), 'a');
    dispatch(eventOf('EVENT_911'), { type: 'EVENT_911', data: 1 });
    dispatch(eventOf('EVENT_TONE'), { type: 'EVENT_TONE', data: 2 });
    dispatch(eventOf('EVENT_911', false), { type: 'EVENT_911', data: 3 });
    expect(bodies).toEqual([
      { type: 'EVENT_911', data: 1 },
      { type: 'EVENT_911', data: 3 },
    ]);
  });
});
