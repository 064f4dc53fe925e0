import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ServerEntry } from '../../../src/cad/api/inputs.ts';
import { createManualClock } from '../../manual-clock.ts';
import { addedEntryOf, createPretendCad, entryOf, type Fate } from './pretend-cad.ts';
import { configOf, OWN_ADDRESS, pause, setUpRegistration } from './set-up-registration.ts';

const WRONG = { mapIp: '198.51.100.9', listenerPort: '30999' };
const MINUTES = 600_000;

describe('Registration', () => {
  it('adds a missing entry to the end of the list', async () => {
    const cad = createPretendCad(entryOf(7), entryOf(3, WRONG));
    const { run, printed } = setUpRegistration(cad);
    expect((await run()).ok).toBe(true);
    expect(cad.list).toEqual([entryOf(7), entryOf(3, WRONG), addedEntryOf(1)]);
    expect(printed()).toEqual([
      'info: The CAD sends push events to http://203.0.113.5:30120/sonorancad/event (server 1, "Server 1"); its entry in the CAD was added just now.',
    ]);
  });

  it.each([
    ['an empty address', { mapIp: '' }, { mapIp: OWN_ADDRESS }],
    ['an address of white space', { mapIp: ' \t' }, { mapIp: OWN_ADDRESS }],
    ['no address', { mapIp: null }, { mapIp: OWN_ADDRESS }],
    ['an empty port', { listenerPort: '' }, { listenerPort: '30120' }],
    ['a port that is the number 0', { listenerPort: 0 }, { listenerPort: 30120 }],
    ['an empty port beside a different address', { ...WRONG, listenerPort: '' }, { ...WRONG, listenerPort: '30120' }],
  ])('fills in %s', async (_what, before, after) => {
    const cad = createPretendCad(entryOf(2, before), entryOf(1, before));
    await setUpRegistration(cad).run();
    expect(cad.list).toEqual([entryOf(2, before), entryOf(1, after)]);
  });

  it("writes fields in the casing of the CAD's entry", async () => {
    const cad = createPretendCad({ ID: 1, MapIP: '', ListenerPort: '30120' });
    await setUpRegistration(cad).run();
    expect(cad.list).toEqual([{ ID: 1, MapIP: OWN_ADDRESS, ListenerPort: '30120' }]);
  });

  it('corrects differences only with registration auto', async () => {
    const cad = createPretendCad(entryOf(2, WRONG), entryOf(1, WRONG));
    const { run, printed } = setUpRegistration(cad, { registration: 'auto' });
    await run();
    expect(printed()).toEqual([expect.stringMatching(/; its entry in the CAD was corrected just now\.$/)]);
    expect(cad.list).toEqual([entryOf(2, WRONG), entryOf(1)]);
  });

  it('writes publicHost and publicPort when they are set', async () => {
    const cad = createPretendCad(entryOf(1, { differingOutbound: true, mapIp: '', listenerPort: '' }));
    const askAddress = () => Promise.reject(new Error('asked'));
    await setUpRegistration(cad, { publicHost: 'cad.example', publicPort: 40120 }, { askAddress }).run();
    expect(cad.list).toEqual([entryOf(1, { differingOutbound: true, mapIp: 'cad.example', listenerPort: '40120' })]);
  });

  it('does not compare the outgoing address with an entry that says it differs', async () => {
    const cad = createPretendCad(entryOf(1, { differingOutbound: true, mapIp: '' }));
    const report = await setUpRegistration(cad, { registration: 'auto' }).run();
    expect(cad.written).toEqual([]);
    expect(report.line).toMatch(/public address could not be found out: set publicHost\.$/);
  });

  it.each([
    ['leads to this server', async () => ['198.51.100.1', OWN_ADDRESS], true, 0],
    ['leads elsewhere', async () => ['198.51.100.1'], false, 1],
    ['leads nowhere', () => Promise.reject(new Error('not found')), false, 0],
    ['is not looked up in time', () => new Promise<never>(() => {}), false, 0],
  ] as const)('compares a host name in the CAD that %s', async (_how, lookup, agrees, corrections) => {
    const cad = createPretendCad(entryOf(1, { mapIp: 'Play.example' }));
    expect((await setUpRegistration(cad, {}, { lookup }).run()).ok).toBe(agrees);
    expect(cad.written).toHaveLength(0);
    await setUpRegistration(cad, { registration: 'auto' }, { lookup }).run();
    expect(cad.written).toHaveLength(corrections);
  });

  it.each([
    ['check', { registration: 'check' }, {}],
    ['off', { registration: 'off' }, {}],
    ['disableOverride', { registration: 'auto', disableOverride: true }, {}],
    ['the official resource running', { registration: 'auto' }, { isBesideOfficial: () => true }],
    ["another community's key", { registration: 'auto', communityID: 'theirs' }, {}],
  ] as const)('writes nothing with %s, for any entry', async (_what, changes, others) => {
    for (const list of [[], [entryOf(2)], [entryOf(1, WRONG)], [entryOf(1, { mapIp: '', listenerPort: '' })]]) {
      const cad = createPretendCad(...list);
      const { run, clock } = setUpRegistration(cad, changes, others);
      await run();
      await pause(clock, MINUTES);
      expect(cad.requests).not.toContain('setServers');
    }
  });

  it('writes nothing when registration changes to check before the second reading', async () => {
    const cad = createPretendCad(entryOf(2));
    const { registration, clock, current, printed } = setUpRegistration(cad);
    const run = registration.run();
    await pause(clock, 2_000);
    current.config = configOf({ registration: 'check' });
    await pause(clock, 30_000);
    expect((await run)?.line).toMatch(
      /^Server 1 is not in the CAD's list: set serverId to .*, or registration to add\.$/,
    );
    expect([cad.written, printed().length]).toEqual([[], 1]);
  });

  it("writes nothing to another community's list when the key changes before the second reading", async () => {
    const cad = createPretendCad(entryOf(1, { name: 'Ours', mapIp: '' }));
    const { registration, clock, current } = setUpRegistration(cad);
    const run = registration.run();
    await pause(clock, 2_000);
    current.config = configOf({ apiKeys: ['the-key-of-another-community-01'] });
    cad.community = { ok: true, data: { comId: 'theirs', name: 'Theirs' } };
    cad.list = [entryOf(2)];
    await pause(clock, 30_000);
    await run;
    expect(cad.written).toEqual([]);
    // After communityID names the new community, this server is added there, without entries of the old community.
    current.config = configOf({ communityID: 'theirs', apiKeys: ['the-key-of-another-community-01'] });
    const again = registration.run();
    await pause(clock, 70_000);
    await again;
    expect(cad.list).toEqual([entryOf(2), addedEntryOf(1)]);
  });

  it('reads again when the key changes between the requests for community and list', async () => {
    const cad = createPretendCad(entryOf(1, { mapIp: '' }));
    const clock = createManualClock();
    const { registration, current } = setUpRegistration(cad, {}, { clock, api: cad.reachedIn(() => 500, clock) });
    const run = registration.run();
    // At this point, the community has been answered and the list has not.
    await pause(clock, 600);
    current.config = configOf({ apiKeys: ['the-key-of-another-community-01'] });
    cad.community = { ok: true, data: { comId: 'theirs', name: 'Theirs' } };
    await pause(clock, 30_000);
    expect((await run)?.checks.find(({ name }) => name === 'community')?.ok).toBe(false);
    expect(cad.written).toEqual([]);
  });

  it('writes nothing when registration changes to check during the lookup of a host name', async () => {
    const cad = createPretendCad(entryOf(1, { listenerPort: '' }));
    const lookup = () => new Promise<never>(() => {});
    const { registration, clock, current, printed } = setUpRegistration(cad, {}, { lookup });
    const run = registration.run();
    await pause(clock, 1_000);
    cad.list = [entryOf(1, { mapIp: 'play.example', listenerPort: '' })];
    await pause(clock, 3_000);
    expect(cad.requests.filter((name) => name === 'getServers')).toHaveLength(2);
    current.config = configOf({ registration: 'check' });
    await pause(clock, 30_000);
    await run;
    expect(cad.written).toEqual([]);
    expect(printed().join()).not.toMatch(/could not be written/);
  });

  it('writes nothing when the resource stops during a reading', async () => {
    const cad = createPretendCad(entryOf(2));
    const clock = createManualClock();
    const { registration, log } = setUpRegistration(cad, {}, { clock, api: cad.reachedIn(() => 1_000, clock) });
    const run = registration.run();
    await pause(clock, 6_000);
    expect(cad.requests.filter((name) => name === 'getServers')).toHaveLength(2);
    registration.stop();
    await pause(clock, 30_000);
    expect(await run).toBeNull();
    expect([cad.written, log.lines, clock.waiting]).toEqual([[], [], 0]);
  });

  it('waits for up to 5 s at random, reads again, writes at once, and reads back 2 s later', async () => {
    const cad = createPretendCad(entryOf(5), entryOf(1, { mapIp: '' }));
    const { registration, clock } = setUpRegistration(cad, {}, { random: () => 0.9999 });
    const run = registration.run();
    const look = ['getVersion', 'getCommunity', 'getServers'];
    await pause(clock, 4_900);
    expect(cad.requests).toEqual(look);
    await pause(clock, 100);
    // The third reading is sent together with the write.
    const written = [...look, ...look, 'getServers', 'setServers'];
    expect(cad.requests).toEqual(written);
    await pause(clock, 1_900);
    expect(cad.requests).toEqual(written);
    await pause(clock, 100);
    await run;
    expect(cad.requests).toEqual([...written, ...look]);
    expect(clock.waiting).toBe(0);
  });

  it('does not write an entry that another program corrected before the second reading', async () => {
    const cad = createPretendCad(entryOf(2));
    const { registration, clock } = setUpRegistration(cad);
    const run = registration.run();
    await pause(clock, 1_000);
    cad.list = [entryOf(2), entryOf(1)];
    await pause(clock, 30_000);
    expect((await run)?.ok).toBe(true);
    expect(cad.written).toEqual([]);
  });

  it('writes its entry again when another server overwrites it with an older list', async () => {
    const cad = createPretendCad(entryOf(3));
    cad.writes.push(() => [entryOf(3), entryOf(2)]);
    const { run, clock, printed } = setUpRegistration(cad);
    await run();
    expect(cad.list).toEqual([entryOf(3), entryOf(2), addedEntryOf(1)]);
    expect(printed()).toHaveLength(1);
    expect(clock.waiting).toBe(0);
  });

  it('ends after three overwritten writes, and says which values to enter in the CAD', async () => {
    const cad = createPretendCad(entryOf(3));
    cad.writes.push(...Array<Fate>(9).fill(() => [entryOf(3), entryOf(1, { mapIp: '' })]));
    const { run, clock, printed } = setUpRegistration(cad);
    expect((await run()).ok).toBe(false);
    expect(cad.written).toHaveLength(3);
    expect(printed()).toEqual([
      'warn: Registration takes longer than usual: the CAD is slow to answer, or another program is writing its list.',
      "warn: This server's entry could not be written (another program keeps changing the CAD's list): set mapIp to 203.0.113.5 in the CAD's server settings.",
    ]);
    expect(clock.waiting).toBe(0);
  });

  it('reports the written change when only the answer to the write was lost', async () => {
    const cad = createPretendCad(entryOf(1, { mapIp: '' }));
    cad.writes.push('lost answer');
    const { run, printed } = setUpRegistration(cad);
    expect((await run()).ok).toBe(true);
    expect(printed()).toEqual([expect.stringMatching(/; its entry in the CAD was filled in just now\.$/)]);
  });

  it('reports a written list that cannot be read back', async () => {
    const cad = createPretendCad(entryOf(2), entryOf(1, { mapIp: '' }));
    cad.reads.push(null, null, null, 'limit');
    expect((await setUpRegistration(cad).run()).line).toBe(
      'This server\'s entry was written, but the CAD\'s list could not be read back: type "sonorancad doctor" to check it.',
    );
    expect(cad.list).toEqual([entryOf(2), entryOf(1)]);
  });

  it('leaves the write to a newer run', async () => {
    const cad = createPretendCad(entryOf(1, { listenerPort: '' }));
    const { registration, clock, current, printed, run } = setUpRegistration(cad);
    const first = registration.run();
    await pause(clock, 1_000);
    const second = registration.run();
    current.config = configOf({ publicPort: 40120 });
    await run();
    expect([await first, await second]).toEqual([null, null]);
    expect(cad.written).toEqual([[entryOf(1, { listenerPort: '40120' })]]);
    expect(printed()).toHaveLength(1);
  });

  it('prints a notice when the CAD takes longer than 12 s to answer', async () => {
    const cad = createPretendCad(entryOf(1));
    const clock = createManualClock();
    const { registration, printed } = setUpRegistration(cad, {}, { clock, api: cad.reachedIn(() => 7_000, clock) });
    const run = registration.run();
    await pause(clock, 12_000);
    expect(printed()).toEqual([expect.stringMatching(/^warn: Registration takes longer than usual: /)]);
    await pause(clock, 10_000);
    expect((await run)?.ok).toBe(true);
    expect(printed()).toHaveLength(2);
  });

  it.each([
    ['cannot be read', { reads: [null, 'unreachable', 'unreachable', 'unreachable'] }, 0],
    ['is not understood', { reads: [null, 'unreadable'] }, 0],
    ['cannot be read once', { reads: [null, 'unreachable'] }, 1],
    ['cannot be written', { writes: ['unreachable', 'unreachable', 'unreachable', 'unreachable'] }, 0],
    ['cannot be written once', { writes: ['unreachable'] }, 1],
    ['is written but the answer is lost', { writes: ['lost answer'] }, 1],
    ['is refused by the CAD', { writes: ['refused'] }, 0],
    ['is written, and then cannot be read', { reads: [null, null, null, 'unreachable'] }, 1],
  ] as readonly (readonly [string, { reads?: Fate[]; writes?: Fate[] }, number])[])(
    'loses no entry when the list %s',
    async (_what, { reads = [], writes = [] }, written) => {
      const cad = createPretendCad(entryOf(2), entryOf(1, { mapIp: '' }));
      cad.reads.push(...reads);
      cad.writes.push(...writes);
      const { run, clock, registration } = setUpRegistration(cad);
      await run();
      await pause(clock, 60_000);
      expect(registration.report?.ok).toBe(written === 1);
      expect(cad.written).toHaveLength(written);
      expect(cad.list).toEqual([entryOf(2), written === 1 ? entryOf(1) : entryOf(1, { mapIp: '' })]);
    },
  );

  it('writes its entry in a retry when the CAD refused connections for a while', async () => {
    const cad = createPretendCad(entryOf(1, { mapIp: '' }));
    cad.writes.push(...Array<Fate>(4).fill('unreachable'));
    const { run, clock } = setUpRegistration(cad);
    expect((await run()).ok).toBe(false);
    await pause(clock, 3 * MINUTES);
    expect(cad.list).toEqual([entryOf(1)]);
    await pause(clock, 3 * MINUTES);
    expect(cad.written).toHaveLength(1);
    expect(clock.waiting).toBe(0);
  });

  it('prints why the entry could not be written', async () => {
    const cad = createPretendCad(entryOf(1, { mapIp: '' }));
    cad.writes.push('refused');
    expect((await setUpRegistration(cad).run()).line).toBe(
      'This server\'s entry could not be written (The request was answered with "refused"): set mapIp to 203.0.113.5 in the CAD\'s server settings.',
    );
  });

  it('adds no second server on the free plan, and states its limit', async () => {
    const cad = createPretendCad(entryOf(2));
    cad.version = { ok: true, data: { version: 0, name: 'FREE' } };
    expect((await setUpRegistration(cad).run()).line).toBe(
      'Server 1 is not in the CAD\'s list, and the free plan has room for one server only: set serverId to one of its servers (2 "Server no. 2").',
    );
    expect(cad.requests).not.toContain('setServers');
  });

  it('adds the only server on the free plan', async () => {
    const cad = createPretendCad();
    cad.version = { ok: true, data: { version: 0, name: 'FREE' } };
    expect((await setUpRegistration(cad).confirm()).ok).toBe(true);
    expect(cad.list).toEqual([addedEntryOf(1)]);
  });

  it('does not write a list that lacks servers only in the second reading', async () => {
    const cad = createPretendCad(entryOf(2), entryOf(3), entryOf(1, { mapIp: '' }));
    cad.reads.push(null, (list) => list.slice(1), null);
    const { run } = setUpRegistration(cad);
    expect((await run()).line).toMatch(/^The CAD's list lacks 2 "Server no. 2", which it had before, /);
    expect(cad.written).toEqual([]);
    await run();
    expect(cad.list).toEqual([entryOf(2), entryOf(3), entryOf(1)]);
  });

  it('writes nothing when the resource stops between the reading and the write', async () => {
    const cad = createPretendCad(entryOf(2));
    const { registration, clock, log } = setUpRegistration(cad);
    const run = registration.run();
    await pause(clock, 2_000);
    registration.stop();
    await run;
    await pause(clock, MINUTES);
    expect([cad.written, log.lines, clock.waiting]).toEqual([[], [], 0]);
  });
});

describe('Registration, for other servers and unknown fields', () => {
  const unknownFields = fc.dictionary(
    fc
      .string()
      .filter((name) => !['id', 'name', 'mapip', 'listenerport', 'differingoutbound'].includes(name.toLowerCase())),
    fc.jsonValue(),
  );
  const others = fc.uniqueArray(fc.record({ id: fc.integer({ min: 2, max: 50 }), fields: unknownFields }), {
    maxLength: 5,
    selector: ({ id }) => id,
  });
  const fate: fc.Arbitrary<Fate> = fc.constantFrom<Fate[]>(
    null,
    'unreachable',
    'unreadable',
    'limit',
    'refused',
    'lost answer',
    (list) => list.slice(1),
  );
  const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as ServerEntry[];

  it('keeps them through random faults', async () => {
    const faults = fc.record({
      reads: fc.array(fate, { maxLength: 6 }),
      writes: fc.array(fc.constantFrom<Fate[]>(null, 'unreachable', 'refused', 'lost answer'), { maxLength: 4 }),
    });
    const own = fc.option(fc.record({ fields: unknownFields, blank: fc.constantFrom('mapIp', 'listenerPort') }));
    const mode = fc.constantFrom('add' as const, 'auto' as const);
    await fc.assert(
      fc.asyncProperty(others, own, faults, mode, async (servers, ownEntry, { reads, writes }, registration) => {
        const before = plain(servers.map(({ id, fields }) => ({ ...fields, ...entryOf(id, WRONG) })));
        const mine = ownEntry === null ? [] : plain([{ ...ownEntry.fields, ...entryOf(1, { [ownEntry.blank]: '' }) }]);
        const cad = createPretendCad(...before, ...mine);
        // Two consecutive shortened lists look like a list from which the operator removed a server.
        cad.reads.push(
          ...reads
            .filter((read, at) => typeof read !== 'function' || typeof reads[at - 1] !== 'function')
            .flatMap((read): Fate[] => (typeof read === 'function' ? [null, read, null] : [read])),
        );
        cad.writes.push(...writes);
        const { run, clock } = setUpRegistration(cad, { registration });
        await run();
        await pause(clock, 300_000);
        for (const list of [cad.list, ...cad.written]) {
          expect(list.slice(0, before.length)).toEqual(before);
          const [left] = list.slice(before.length);
          if (mine[0] !== undefined)
            expect({ ...left, mapIp: '', listenerPort: '' }).toEqual({ ...mine[0], mapIp: '', listenerPort: '' });
        }
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });
});

describe('Registration, for servers that start together', () => {
  /** Creates a pseudo-random generator with a seed. */
  function randomFrom(seed: number): () => number {
    let state = seed;
    return () => {
      state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
      return state / 2 ** 32;
    };
  }

  it.each([2, 3])('registers all %d servers, or says what to do, for any order of their requests', async (count) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), async (seed) => {
        const clock = createManualClock();
        const cad = createPretendCad(entryOf(9, { somethingNew: { nested: [1] } }));
        const ids = Array.from({ length: count }, (_, index) => index + 1);
        const latency = randomFrom(seed);
        const setUps = ids.map((serverId) => {
          const random = randomFrom(seed * 31 + serverId * 7_919);
          // All servers wait equally long the first time, so that their requests coincide.
          let calls = 0;
          const alike = () => (calls++ === 0 ? 0.5 : random());
          const api = cad.reachedIn(() => 1 + latency() * 400, clock);
          return setUpRegistration(cad, { serverId }, { api, clock, random: alike });
        });
        const runs = setUps.map(({ registration }) => registration.run());
        await pause(clock, 400_000);
        await Promise.all(runs);
        for (const [index, { confirm, printed }] of setUps.entries()) {
          if (cad.list.some(({ id }) => id === ids[index])) continue;
          // With three servers, one may read a list that lacks a server it saw before. Then the operator must confirm.
          expect(count).toBeGreaterThan(2);
          expect(printed().join()).toContain('type "sonorancad register"');
          await confirm();
        }
        expect(cad.list.map(({ id }) => id).sort()).toEqual([...ids, 9]);
        expect(cad.list.find(({ id }) => id === 9)).toEqual(entryOf(9, { somethingNew: { nested: [1] } }));
      }),
      { numRuns: 25, seed: 5, endOnFailure: true },
    );
  });
});
