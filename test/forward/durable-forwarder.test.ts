import { describe, expect, it } from '@jest/globals';
import type { PushEvent } from '../../src/events/push-event.ts';
import { KEY, setUpBench } from './forwarding-bench.ts';
import { OUTAGES, throughOutage } from './outage.ts';
import { createTarget } from './scripted-target.ts';

const bodies = (bench: ReturnType<typeof setUpBench>) => bench.wire.requests.map(({ attempt }) => attempt.event.body);

describe('taking an event', () => {
  it('is one write for all targets, before anything is sent', () => {
    const bench = setUpBench(() => ({ answer: 200 }), {
      targets: [createTarget({ name: 'a' }), createTarget({ name: 'b' })],
    });
    bench.enqueue('first');
    const before = bench.store.changes.length;
    bench.enqueue('second');
    expect(bench.store.changes.slice(before)).toEqual([expect.stringMatching(/^1\/event\/\d{15}\/a,b\/\d+\/second=/)]);
    expect(bench.wire.requests).toEqual([]);
  });

  it('costs no write when no target wants its type', () => {
    const bench = setUpBench(() => ({ answer: 200 }), {
      targets: [createTarget({ wants: (type) => type === 'EVENT_TONE' })],
    });
    const before = bench.store.changes.length;
    bench.enqueue('e', { type: 'EVENT_911' });
    expect(bench.store.changes).toHaveLength(before);
    bench.enqueue('e', { type: 'EVENT_TONE' });
    expect(bench.store.changes.length).toBeGreaterThan(before);
  });

  it('leaves out what an operator simulates', () => {
    const bench = setUpBench(() => ({ answer: 200 }));
    bench.forwarder.enqueue(
      { id: 'e', type: 'EVENT_911', source: 'simulated' } as unknown as PushEvent,
      Buffer.from('{}'),
    );
    bench.clock.advance(1_000);
    expect(bench.wire.requests).toEqual([]);
  });

  it.each([
    ['an error', new Error('a mistake'), 'a mistake'],
    ['nothing', null, 'no reason given'],
  ])('never throws, and says what went wrong, though it was thrown %s', (_what, thrown, reason) => {
    const bench = setUpBench(() => ({ answer: 200 }), {
      targets: [
        createTarget({
          wants() {
            throw thrown;
          },
        }),
      ],
    });
    expect(() => bench.enqueue('e')).not.toThrow();
    expect(bench.log.lines).toMatchObject([
      { level: 'error', fields: { id: 'e', reason: expect.stringContaining(reason) } },
    ]);
  });
});

describe('what is sent', () => {
  it.each([
    ['plain', Buffer.from(`{"key":"${KEY}","type":"A","data":{"n":9007199254740993}}`)],
    ['with duplicate keys and odd spacing', Buffer.from(`{ "key" : "${KEY}","a":1,\t"a":2 ,"key":"${KEY}"}\n`)],
    [
      'without UTF-8',
      Buffer.concat([Buffer.from(`{"key":"${KEY}","a":"`), Buffer.from([0xff, 0x00]), Buffer.from('"}')]),
    ],
  ])('are the bytes that were received: %s', (_what, body) => {
    const bench = setUpBench(() => ({ answer: 200 }));
    bench.enqueue('e', { body });
    // Once from memory, and once from the store.
    bench.restart();
    bench.clock.advance(100);
    bench.enqueue('e2', { body });
    bench.clock.advance(100);
    expect(bodies(bench)).toEqual([body, body]);
  });

  it('never has the key lying in the store', () => {
    const bench = setUpBench(() => 'black hole');
    bench.enqueue('e');
    bench.clock.advance(10 * 3_600_000);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ deadLetters: 1 });
    expect(bench.store.changes.join('\n')).not.toContain(KEY);
  });

  it('carries the key that is right at the time', () => {
    const bench = setUpBench(() => ({ answer: 200 }));
    bench.enqueue('e', { body: Buffer.from(`{"key":"${KEY}","a":1}`) });
    bench.key = 'the-next-key-of-the-cad';
    bench.restart();
    bench.clock.advance(100);
    expect(String(bodies(bench)[0])).toBe('{"key":"the-next-key-of-the-cad","a":1}');
  });

  it('carries no key to a target that is to have none', () => {
    const bench = setUpBench(() => ({ answer: 200 }), { targets: [createTarget({ includeKey: false })] });
    bench.enqueue('e', { body: Buffer.from(`{"key":"${KEY}", "a" : 1.0,"key":"${KEY}"}`) });
    bench.clock.advance(100);
    expect(String(bodies(bench)[0])).toBe('{"a" : 1.0}');
  });

  it('knows the type, the time and the hops of the event', () => {
    const bench = setUpBench(() => ({ answer: 200 }));
    const receivedAt = bench.clock.now();
    bench.enqueue('e', { type: 'EVENT_TONE', hops: 2 });
    bench.restart({ downMs: 5_000 });
    bench.clock.advance(100);
    expect(bench.wire.requests[0]?.attempt).toMatchObject({
      event: { id: 'e', type: 'EVENT_TONE', receivedAt, hops: 2 },
      attempt: 1,
      replay: false,
      probe: false,
    });
  });
});

describe('a loop of forwarders', () => {
  const body = Buffer.from(`{"key":"${KEY}","type":"A"}`);

  it('ends when a forwarder sends a body more than ten times in ten seconds, with one error', () => {
    const bench = setUpBench(() => ({ answer: 200 }));
    for (let n = 0; n < 25; n += 1) {
      bench.enqueue(`e${n}`, { body, hops: 1 });
      bench.clock.advance(100);
    }
    expect(bench.wire.taken()).toHaveLength(10);
    expect(bench.log.printed.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect(bench.forwarder.status().stoppedLoops).toBe(15);
    bench.enqueue('other', { body: Buffer.from('{"type":"B"}'), hops: 1 });
    bench.clock.advance(10_000);
    bench.enqueue('again', { body, hops: 1 });
    bench.clock.advance(100);
    expect(bench.wire.taken().slice(10)).toEqual(['other', 'again']);
  });

  it('is none when the same event comes now and then', () => {
    const bench = setUpBench(() => ({ answer: 200 }));
    for (let n = 0; n < 50; n += 1) {
      bench.enqueue(`e${n}`, { body, hops: 1 });
      bench.clock.advance(1_001);
    }
    expect(bench.wire.taken()).toHaveLength(50);
  });

  it('is none when the same event comes from the CAD itself, however often', () => {
    const bench = setUpBench(() => ({ answer: 200 }));
    const ids = Array.from({ length: 50 }, (_, n) => `e${n}`);
    for (const id of ids) bench.enqueue(id, { body });
    bench.clock.advance(1_000);
    expect(bench.wire.taken()).toEqual(ids);
    expect(bench.forwarder.status()).toMatchObject({ stoppedLoops: 0, targets: [{ deadLetters: 0 }] });
  });

  it('ends when an event has been through five forwarders', () => {
    const bench = setUpBench(() => ({ answer: 200 }));
    for (const hops of [4, 5, 6]) bench.enqueue(`hops ${hops}`, { hops });
    bench.clock.advance(1_000);
    expect(bench.wire.taken()).toEqual(['hops 4']);
    expect(bench.log.printed.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('leaves a dead letter of each target that wanted the event, with the reason, over a kill', () => {
    const targets = ['a', 'b', 'c'].map((name) => createTarget({ name, wants: () => name !== 'c' }));
    const bench = setUpBench(() => ({ answer: 200 }), { targets });
    bench.enqueue('far', { hops: 5 });
    for (let n = 0; n < 11; n += 1) bench.enqueue(`e${n}`, { body, hops: 1 });
    bench.clock.advance(1_000);
    bench.restart({ kill: true, downMs: 1_000 });
    expect(bench.forwarder.deadLetters().map(({ id, target, reason }) => [id, target, reason])).toEqual([
      ['far', 'a', 'came through 5 forwarders or more'],
      ['far', 'b', 'came through 5 forwarders or more'],
      ['e10', 'a', 'came from a forwarder more than 10 times within 10 s'],
      ['e10', 'b', 'came from a forwarder more than 10 times within 10 s'],
    ]);
    expect(bench.forwarder.replay('all', 'a')).toBe(2);
    bench.clock.advance(1_000);
    expect(bench.wire.taken().slice(-2)).toEqual(['far.r1', 'e10.r1']);
  });

  it('fills no more than a queue of dead letters, and counts each', () => {
    const bench = setUpBench(() => ({ answer: 200 }));
    for (let n = 0; n < 10_005; n += 1) bench.enqueue(`e${n}`, { hops: 5 });
    expect(bench.forwarder.status().targets[0]).toMatchObject({
      deadLetters: 10_000,
      counts: { accepted: 10_005, deadLettered: 10_005, lostDeadLetters: 5 },
    });
  });
});

describe('an outage of more than an hour, with the usual settings', () => {
  it.each(Object.entries(OUTAGES))('loses nothing and keeps the order when the target %s', (_form, form) => {
    for (const hasAnswered of [true, false]) {
      const options = { form, minutes: 61, everyMs: 30_000, hasAnswered, isKilled: false };
      const { sent, taken, deadLetters } = throughOutage(options);
      expect({ hasAnswered, taken, deadLetters }).toEqual({ hasAnswered, taken: sent, deadLetters: 0 });
    }
  });
});
