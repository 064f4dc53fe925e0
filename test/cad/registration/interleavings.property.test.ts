import { expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { ServerEntry } from '../../../src/cad/api/inputs.ts';
import type { ServerList } from '../../../src/cad/registration/server-list.ts';
import { createPretendCad, entryOf, errorOf, type RegistrationApi } from './pretend-cad.ts';
import { createListStore, finish, pause, setUpRegistration } from './set-up-registration.ts';

jest.setTimeout(120_000);

/** The kinds of answers to one reading of the list. */
const answers = ['whole', 'first page', 'cut short', 'empty', 'error'] as const;
/** Changes that another program makes to the list just before a request of registration is answered. */
const writers = ['nobody', 'nobody', 'add', 'remove', 'older list', 'edit', 'blank ours'] as const;

const step = fc.record({ answer: fc.constantFrom(...answers), writer: fc.constantFrom(...writers), pick: fc.nat(9) });
const put = fc.record({
  fate: fc.constantFrom('done', 'done', 'refused', 'lost answer'),
  writer: fc.constantFrom(...writers),
  pick: fc.nat(9),
});
const scenario = fc.record({
  others: fc.integer({ min: 0, max: 4 }),
  own: fc.constantFrom('missing', 'blank', 'right'),
  /** Whether an earlier run has read the complete list. */
  isKnown: fc.boolean(),
  mode: fc.constantFrom('add' as const, 'auto' as const),
  steps: fc.array(step, { maxLength: 12 }),
  puts: fc.array(put, { maxLength: 4 }),
});

const idOf = (entry: ServerEntry) => Number(entry.id);
const copy = (list: ServerList): ServerEntry[] => JSON.parse(JSON.stringify(list));

it('Registration, for random readings and concurrent writes, overwrites only entries added just before its write', async () => {
  let written = 0;
  let overwritten = 0;
  let named = 0;
  const run = fc.asyncProperty(scenario, async ({ others, own, isKnown, mode, ...script }) => {
    const [steps, puts] = [[...script.steps], [...script.puts]];
    const mine = { missing: [], blank: [entryOf(1, { mapIp: '' })], right: [entryOf(1)] }[own];
    let list: ServerList = [...Array.from({ length: others }, (_, index) => entryOf(index + 2)), ...mine];
    let older = list;
    let nextId = 50;
    const shown = new Set<number>();
    let atLastReading = new Set<number>();
    let before = atLastReading;
    const lostUnseen = new Set<number>();
    const lostSeen = new Set<number>();

    function change(writer: (typeof writers)[number], pick: number): void {
      const last = list;
      const foreign = list.filter((entry) => idOf(entry) !== 1);
      const chosen = foreign[pick % Math.max(1, foreign.length)];
      if (writer === 'add') list = [...list, entryOf(nextId++)];
      if (writer === 'remove') list = list.filter((entry) => entry !== chosen);
      if (writer === 'edit')
        list = list.map((entry) => (entry === chosen ? { ...entry, name: `Edited ${pick}` } : entry));
      if (writer === 'blank ours') list = list.map((entry) => (idOf(entry) === 1 ? { ...entry, mapIp: '' } : entry));
      if (writer === 'older list') list = older;
      older = last;
    }

    function answerTo(answer: string, pick: number) {
      const size = Math.max(1, pick);
      if (answer === 'empty') return { servers: [] };
      if (answer === 'first page' && size < list.length) {
        return { servers: list.slice(0, size), total: list.length, hasMore: true };
      }
      // Registration cannot miss a server that no answer has shown, so a list is cut short only by servers shown
      // before.
      const isHiddenKnown = list.slice(size).every((entry) => shown.has(idOf(entry)));
      return answer === 'cut short' && isHiddenKnown ? { servers: list.slice(0, size) } : { servers: list };
    }

    const api: Pick<RegistrationApi, 'getServers' | 'setServers'> = {
      async getServers() {
        const step = steps.shift() ?? { answer: 'whole', writer: 'nobody' as const, pick: 9 };
        change(step.writer, step.pick);
        if (step.answer === 'error') return errorOf('unreachable');
        const answer = answerTo(step.answer, step.pick);
        for (const entry of answer.servers) {
          shown.add(idOf(entry));
          // Another program restored the entry, so registration has not lost it. A later loss through a write of
          // registration is counted again in `setServers`.
          lostSeen.delete(idOf(entry));
        }
        before = atLastReading;
        atLastReading = new Set(list.map(idOf));
        return { ok: true, data: { ...answer, servers: copy(answer.servers) } };
      },
      async setServers(servers) {
        const { fate, writer, pick } = puts.shift() ?? { fate: 'done', writer: 'nobody' as const, pick: 0 };
        change(writer, pick);
        if (fate === 'refused') return errorOf('unreachable');
        const kept = new Set(servers.map(idOf));
        for (const id of list.map(idOf)) {
          if (id === 1 || kept.has(id)) continue;
          // The one documented loss: the entry was missing from the last reading before the one that is sent with the
          // write.
          expect(before).not.toContain(id);
          (shown.has(id) ? lostSeen : lostUnseen).add(id);
        }
        written += 1;
        older = list;
        list = copy(servers);
        return fate === 'lost answer' ? errorOf('unreachable') : { ok: true, data: { servers } };
      },
    };
    const store = createListStore();
    const cad = createPretendCad(...copy(list));
    if (isKnown) {
      await setUpRegistration(cad, { registration: 'check' }, { store }).run();
      for (const entry of list) shown.add(idOf(entry));
    }
    const { registration, clock, printed } = setUpRegistration(
      cad,
      { registration: mode },
      {
        store,
        api: {
          ...cad.api,
          getServers: () => api.getServers(),
          setServers: (servers) => api.setServers(servers),
        },
      },
    );
    await finish(clock, registration.run());
    await pause(clock, 2_400_000);
    // The reading after a write may have been empty or cut short, so only a complete reading of the next run shows the
    // loss.
    steps.length = 0;
    await finish(clock, registration.run());
    registration.stop();
    const told = printed().join('\n');
    for (const id of lostSeen) {
      // Another program may have restored the entry before the next reading.
      if (!list.some((entry) => idOf(entry) === id)) expect(told).toMatch(new RegExp(`came without .*\\b${id} "`));
    }
    overwritten += lostUnseen.size + lostSeen.size;
    named += lostSeen.size;
  });
  await fc.assert(run, { numRuns: 1_000, endOnFailure: true });
  // The random runs included writes, overwritten entries and named ones.
  expect(written).toBeGreaterThan(100);
  expect(overwritten).toBeGreaterThan(named);
  expect(named).toBeGreaterThan(0);
});
