import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { attempt, type Subscriber, Subscribers, wantedTypes } from '../../src/lib/subscribers.ts';

describe('a call of what belongs to others', () => {
  it.each([
    ['throws', () => JSON.parse('{')],
    ['rejects', () => Promise.reject(new Error('broken'))],
    ['rejects with a promise of another resource', runInNewContext('() => Promise.reject(new Error("broken"))')],
  ])('that %s is told of', async (_what, call) => {
    const failures: unknown[] = [];
    await attempt(call, (thrown) => failures.push(thrown));
    expect(failures).toHaveLength(1);
  });

  it.each([
    ['what only has the name of a promise', JSON.parse('{"then": true}')],
    ['nothing', null],
    ['text', 'then'],
  ])('that returns %s is over at once', (_what, returned) => {
    const failures: unknown[] = [];
    expect(attempt(() => returned, failures.push)).toBeUndefined();
    expect(failures).toEqual([]);
  });
});

describe('subscribers', () => {
  function setUp(mostEach?: number) {
    const subscribers = new Subscribers<Subscriber & { readonly name: string }>(mostEach);
    const add = (name: string, types: string | string[], owner = 'a', takesInvalid = false) =>
      subscribers.add({ name, types: wantedTypes(types, (type) => type.toUpperCase()), owner, takesInvalid });
    const wanting = (type: string, valid = true) => subscribers.wanting({ type, valid }).map(({ name }) => name);
    return { subscribers, add, wanting };
  }

  it('are found by type, in their order and in any case, those of all types and those who take what was not understood', () => {
    const { add, wanting } = setUp();
    add('one', 'event_911');
    add('all', ['EVENT_TONE', '*']);
    add('two', ['EVENT_TONE', 'EVENT_911'], 'b', true);
    expect(wanting('EVENT_911')).toEqual(['one', 'all', 'two']);
    expect(wanting('EVENT_TONE')).toEqual(['all', 'two']);
    expect(wanting('EVENT_911', false)).toEqual(['all', 'two']);
  });

  it('go when they are told to', () => {
    const { subscribers, add, wanting } = setUp();
    for (const owner of ['a', 'b', 'a']) add(`of ${owner}`, '*', owner);
    expect(subscribers.remove(({ owner }) => owner === 'a')).toBe(2);
    expect(wanting('EVENT_911')).toEqual(['of b']);
  });

  it('are bounded for each owner', () => {
    const { add } = setUp(2);
    for (const owner of ['a', 'b', 'a']) add('one', '*', owner);
    expect(() => add('one too many', '*')).toThrow('a has 2 subscriptions already');
  });
});
