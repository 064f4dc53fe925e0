import { describe, expect, it } from '@jest/globals';
import { addedEntryOf, createPretendCad, entryOf, errorOf } from './pretend-cad.ts';
import { createListStore, pause, setUpRegistration } from './set-up-registration.ts';

const MINUTES = 600_000;
const STORED = 'list https%3A%2F%2Fapi.sonorancad.com%20mycommunity';

describe('Registration, for a list that may be incomplete', () => {
  const ONE_THING = 'type "sonorancad register" into this server\'s console if that is right.';
  const blank = entryOf(1, { mapIp: '' });

  it('writes it only after two readings with the same servers', async () => {
    const cad = createPretendCad(entryOf(2));
    const { registration, clock } = setUpRegistration(cad);
    const run = registration.run();
    await pause(clock, 2_000);
    cad.list = [entryOf(2), entryOf(3)];
    await pause(clock, 2_000);
    expect(cad.written).toEqual([]);
    await pause(clock, 30_000);
    await run;
    expect(cad.written).toEqual([[entryOf(2), entryOf(3), addedEntryOf(1)]]);
  });

  it("writes an empty list only after the operator's confirmation", async () => {
    const cad = createPretendCad();
    const { run, confirm, clock, printed, registration } = setUpRegistration(cad);
    const report = await run();
    expect(report.line).toBe(`The CAD's list of servers is empty, so this server's entry is not written: ${ONE_THING}`);
    expect(report.checks.filter(({ fix }) => fix !== undefined)).toHaveLength(1);
    await pause(clock, 10 * MINUTES);
    expect([cad.written, printed().length, clock.waiting]).toEqual([[], 1, 0]);
    expect((await confirm()).ok).toBe(true);
    expect(cad.list).toEqual([addedEntryOf(1)]);
    registration.stop();
  });

  it.each([
    ['an own entry without an address', blank, 'set mapIp to 203.0.113.5'],
    ['no own entry', null, 'enter a server with id 1, mapIp 203.0.113.5 and listenerPort 30120'],
  ])('does not write a list with %s when the answer has unknown fields beside it', async (_what, own, values) => {
    const cad = createPretendCad(...(own === null ? [] : [own]), entryOf(2));
    cad.beside = { total: 4, hasMore: true };
    const { run, confirm, clock } = setUpRegistration(cad);
    expect((await run()).line).toBe(
      `The CAD's list of servers could not be read whole (the answer has unknown fields beside the list: total, hasMore), so this server's entry is not written: ${values} in the CAD's server settings.`,
    );
    await confirm();
    await pause(clock, MINUTES);
    expect(cad.written).toEqual([]);
  });

  it('does not write a list with two entries of this server', async () => {
    const cad = createPretendCad(blank, entryOf(2), { ...blank, id: '1' });
    const { run, confirm } = setUpRegistration(cad);
    expect((await run()).line).toContain('could not be read whole (2 entries have the id 1)');
    await confirm();
    expect(cad.written).toEqual([]);
  });

  it("accepts a list with unknown fields beside it when this server's entry is right", async () => {
    const cad = createPretendCad(entryOf(1));
    cad.beside = { total: 4 };
    expect((await setUpRegistration(cad).run()).ok).toBe(true);
  });

  it("writes a list that lacks a server since before a restart only after the operator's confirmation", async () => {
    const store = createListStore();
    await setUpRegistration(createPretendCad(entryOf(2), entryOf(3), entryOf(1)), {}, { store }).run();
    const cad = createPretendCad(entryOf(2), blank);
    const { run, confirm, clock } = setUpRegistration(cad, {}, { store });
    expect((await run()).line).toMatch(
      /^The CAD's list lacks 3 "Server no. 3", which it had before, so this server's entry is not written: type "sonorancad register" into this server's console if that is right\.$/,
    );
    await pause(clock, 10 * MINUTES);
    expect(cad.written).toEqual([]);
    expect((await confirm()).ok).toBe(true);
    expect(cad.list).toEqual([entryOf(2), entryOf(1)]);
  });

  it("restores its own missing entry with all fields, but only after the operator's confirmation", async () => {
    const store = createListStore();
    const own = entryOf(1, { description: 'Ours', somethingNew: 1 });
    await setUpRegistration(createPretendCad(entryOf(2), own), {}, { store }).run();
    const cad = createPretendCad(entryOf(2));
    const { run, confirm } = setUpRegistration(cad, {}, { store });
    expect((await run()).line).toMatch(
      /^The CAD's list lacks 1 "Server no. 1", which it had before, .* if that is right\.$/,
    );
    expect(cad.written).toEqual([]);
    await confirm();
    expect(cad.list).toEqual([entryOf(2), own]);
  });

  it('writes the list in the run after the missing servers are back', async () => {
    const cad = createPretendCad(entryOf(2), blank);
    const store = createListStore();
    await setUpRegistration(
      createPretendCad(entryOf(2), entryOf(3)),
      {},
      { store, isBesideOfficial: () => true },
    ).run();
    const { run } = setUpRegistration(cad, {}, { store });
    await run();
    cad.list = [entryOf(2), entryOf(3), blank];
    await run();
    expect(cad.list).toEqual([entryOf(2), entryOf(3), entryOf(1)]);
  });

  it('compares the list only with known servers of the same community', async () => {
    const store = createListStore();
    await setUpRegistration(createPretendCad(entryOf(2), entryOf(3), entryOf(4)), {}, { store }).run();
    const cad = createPretendCad(entryOf(2));
    cad.community = { ok: true, data: { comId: 'theirs', name: 'Theirs' } };
    await setUpRegistration(cad, { communityID: 'theirs' }, { store }).run();
    expect(cad.list).toEqual([entryOf(2), addedEntryOf(1)]);
  });

  it('does not write the list while its community cannot be read, and retries', async () => {
    const cad = createPretendCad(entryOf(2), blank);
    cad.community = errorOf('unreachable');
    const { run, clock, printed } = setUpRegistration(cad);
    expect((await run()).line).toMatch(
      /^The key's community could not be read \(The request was answered with "unreachable"\), so this server's entry is not written: set mapIp to 203\.0\.113\.5 in the CAD's server settings; this server's entry is checked again in 9 s\.$/,
    );
    await pause(clock, 60_000);
    expect([cad.written, printed().length]).toEqual([[], 1]);
    cad.community = { ok: true, data: { comId: 'mycommunity', name: 'My Community' } };
    await pause(clock, MINUTES);
    expect(cad.list).toEqual([entryOf(2), entryOf(1)]);
  });

  it.each(['refused', 'blank'])("does not write the list while the community's name is %s", async (what) => {
    const cad = createPretendCad(entryOf(2), blank);
    cad.community = what === 'blank' ? { ok: true, data: { comId: ' ', name: '' } } : errorOf('refused');
    const { run, confirm, clock } = setUpRegistration(cad, { communityID: '' });
    expect((await run()).line).toMatch(/^The key's community could not be read \(/);
    await confirm();
    await pause(clock, MINUTES);
    expect(cad.written).toEqual([]);
  });

  it("does not write the list while the stored copy is damaged, until the operator's confirmation", async () => {
    const store = createListStore({ [STORED]: '[{"id":5' });
    const cad = createPretendCad(entryOf(2), blank);
    const { run, confirm } = setUpRegistration(cad, {}, { store });
    expect((await run()).line).toMatch(
      /^The stored copy of the CAD's list of servers cannot be read, .* if that is right\.$/,
    );
    expect([cad.written, store.kept[STORED]]).toEqual([[], '[{"id":5']);
    expect((await confirm()).ok).toBe(true);
  });

  it('reads the list back, and names an entry of another server that it has overwritten', async () => {
    const cad = createPretendCad(entryOf(2), blank);
    // The third reading is sent with the write, so it shows an entry that was just added.
    cad.reads.push(null, null, (list) => [...list, entryOf(7, { name: 'Late' })]);
    const { run, printed } = setUpRegistration(cad);
    await run();
    expect(printed()).toContain(
      'warn: The CAD\'s list came without 7 "Late" after this server wrote it: enter it there again.',
    );
  });
});
