import { describe, expect, it } from '@jest/globals';
import { addedEntryOf, createPretendCad, entryOf, errorOf } from './pretend-cad.ts';
import { createListStore, pause, setUpRegistration } from './set-up-registration.ts';

const MINUTES = 600_000;

describe('a list that may not be all there is', () => {
  const ONE_THING = 'type "sonorancad register" into this server\'s console if that is right.';
  const blank = entryOf(1, { mapIp: '' });

  it('is added to after two readings 30 s apart that show the same servers', async () => {
    const cad = createPretendCad(entryOf(2));
    const { registration, clock } = setUpRegistration(cad, {}, { random: () => 0 });
    const run = registration.run();
    await pause(clock, 29_000);
    cad.list = [entryOf(2), entryOf(3)];
    await pause(clock, 30_000);
    expect(cad.written).toEqual([]);
    await pause(clock, 2_000);
    await run;
    expect(cad.written).toEqual([[entryOf(2), entryOf(3), addedEntryOf(1)]]);
  });

  it('is not written when it is empty, but for the operator', async () => {
    const cad = createPretendCad();
    const { run, confirm, clock, printed, registration } = setUpRegistration(cad);
    const report = await run();
    expect(report.line).toBe(
      `The CAD does not know where to send push events, since the CAD's list is empty, and server 1 is not in the CAD's list: ${ONE_THING}`,
    );
    expect(report.checks.filter(({ fix }) => fix !== undefined)).toHaveLength(1);
    await pause(clock, 10 * MINUTES);
    expect([cad.written, printed().length, clock.waiting]).toEqual([[], 1, 0]);
    expect((await confirm()).ok).toBe(true);
    expect(cad.list).toEqual([addedEntryOf(1)]);
    registration.stop();
  });

  it.each([
    ['an own entry that is empty', blank],
    ['no own entry', null],
  ])('is not written when it hints at pages that do not come: %s', async (_what, own) => {
    const cad = createPretendCad(...(own === null ? [] : [own]), entryOf(2), entryOf(3), entryOf(4));
    cad.paging = { size: 2, isHinted: true, hasOffset: false };
    const { run, confirm, clock } = setUpRegistration(cad);
    expect((await run()).line).toMatch(/since the CAD gave only 2 servers of its list, and /);
    await confirm();
    await pause(clock, MINUTES);
    expect(cad.written).toEqual([]);
  });

  it.each([
    ['hinted at', true],
    ['not hinted at', false],
  ])('is read to its last page: pages %s', async (_what, isHinted) => {
    const others = [2, 3, 4, 5, 6].map((id) => entryOf(id));
    const cad = createPretendCad(...others);
    cad.paging = { size: 2, isHinted, hasOffset: true };
    const { run } = setUpRegistration(cad);
    expect((await run()).ok).toBe(true);
    expect(cad.list).toEqual([...others, addedEntryOf(1)]);
  });

  it('is not written when it lacks a server that it had before a restart, until the operator says that this is right', async () => {
    const store = createListStore();
    await setUpRegistration(createPretendCad(entryOf(2), entryOf(3), entryOf(1)), {}, { store }).run();
    const cad = createPretendCad(entryOf(2), blank);
    const { run, confirm, clock, printed } = setUpRegistration(cad, {}, { store });
    expect((await run()).line).toMatch(
      /since the CAD's list came without 3 "Server no. 3", which it had before, and its address is empty: type "sonorancad register" into this server's console if that is right\.$/,
    );
    await pause(clock, 10 * MINUTES);
    expect(cad.written).toEqual([]);
    expect((await confirm()).ok).toBe(true);
    expect(cad.list).toEqual([entryOf(2), entryOf(1)]);
    expect(printed()).toContain(
      'info: The CAD\'s list without 3 "Server no. 3" counts as right, because "sonorancad register" was typed.',
    );
  });

  it("is not written when it is shorter by this server itself; on the operator's word the entry comes back as it was", async () => {
    const store = createListStore();
    const own = entryOf(1, { description: 'Ours', somethingNew: 1 });
    await setUpRegistration(createPretendCad(entryOf(2), own), {}, { store }).run();
    const cad = createPretendCad(entryOf(2));
    const { run, confirm } = setUpRegistration(cad, {}, { store });
    expect((await run()).line).toMatch(/the CAD's list is shorter than it was before, .* if that is right\.$/);
    expect(cad.written).toEqual([]);
    await confirm();
    expect(cad.list).toEqual([entryOf(2), own]);
  });

  it('is written once the servers that it lacked are back', async () => {
    const cad = createPretendCad(entryOf(2), blank);
    const store = createListStore();
    await setUpRegistration(createPretendCad(entryOf(2), entryOf(3)), {}, { store, mayRegister: () => false }).run();
    const { run, clock } = setUpRegistration(cad, {}, { store });
    await run();
    cad.list = [entryOf(2), entryOf(3), blank];
    await pause(clock, MINUTES);
    expect(cad.list).toEqual([entryOf(2), entryOf(3), entryOf(1)]);
  });

  it("is compared with the same community's only", async () => {
    const store = createListStore();
    await setUpRegistration(createPretendCad(entryOf(2), entryOf(3), entryOf(4)), {}, { store }).run();
    const cad = createPretendCad(entryOf(2));
    cad.community = { ok: true, data: { comId: 'theirs', name: 'Theirs' } };
    await setUpRegistration(cad, { communityID: 'theirs' }, { store }).run();
    expect(cad.list).toEqual([entryOf(2), addedEntryOf(1)]);
  });

  it('is not written while nobody knows whose it is, and is asked for again', async () => {
    const cad = createPretendCad(entryOf(2), blank);
    cad.community = errorOf('unreachable');
    const { run, clock, printed } = setUpRegistration(cad);
    expect((await run()).line).toMatch(
      /since the key's community could not be read \(The request was answered with "unreachable"\), and its address is empty: set mapIp to 203\.0\.113\.5 in the CAD's server settings\. It is asked again in 9 s\.$/,
    );
    await pause(clock, 60_000);
    expect([cad.written, printed().length]).toEqual([[], 1]);
    cad.community = { ok: true, data: { comId: 'mycommunity', name: 'My Community' } };
    await pause(clock, MINUTES);
    expect(cad.list).toEqual([entryOf(2), entryOf(1)]);
  });

  it.each(['refused', 'blank'])("is not written while the community's name is %s", async (what) => {
    const cad = createPretendCad(entryOf(2), blank);
    cad.community = what === 'blank' ? { ok: true, data: { comId: ' ', name: '' } } : errorOf('refused');
    const { run, confirm, clock } = setUpRegistration(cad, { communityID: '' });
    expect((await run()).line).toMatch(/since the key's community could not be read \(/);
    await confirm();
    await pause(clock, MINUTES);
    expect(cad.written).toEqual([]);
  });

  it('is not written while what was kept of it cannot be read', async () => {
    const store = createListStore({ lists: '[{"community":5' });
    const cad = createPretendCad(entryOf(2), blank);
    const { run, confirm } = setUpRegistration(cad, {}, { store });
    expect((await run()).line).toMatch(/the stored copy of the CAD's list cannot be read, .* if that is right\.$/);
    expect([cad.written, store.kept.lists]).toEqual([[], '[{"community":5']);
    expect((await confirm()).ok).toBe(true);
  });

  it('is not written when it is too large to be kept', async () => {
    const store = createListStore();
    const cad = createPretendCad(entryOf(2, { description: 'x'.repeat(500_000) }), blank);
    expect((await setUpRegistration(cad, {}, { store }).run()).line).toMatch(
      /list is too large to be changed from here/,
    );
    expect([cad.written, store.kept]).toEqual([[], {}]);
  });

  it('is kept for four communities at most', async () => {
    const store = createListStore();
    for (const comId of ['a', 'b', 'c', 'd', 'e']) {
      const cad = createPretendCad(entryOf(1));
      cad.community = { ok: true, data: { comId, name: comId } };
      await setUpRegistration(cad, { communityID: comId }, { store }).run();
    }
    const kept: { community: string }[] = JSON.parse(store.kept.lists ?? '');
    expect(kept.map(({ community }) => community.at(-1))).toEqual(['e', 'd', 'c', 'b']);
  });

  it('is read back, and an entry of another server that is gone is named', async () => {
    const cad = createPretendCad(entryOf(2), blank);
    // The fourth reading goes out with the list that is written: it shows what was added a moment ago.
    cad.reads.push(null, null, null, (list) => [...list, entryOf(7, { name: 'Late' })]);
    const { run, printed } = setUpRegistration(cad);
    await run();
    expect(printed()).toContain(
      'warn: The CAD\'s list came without 7 "Late" after this server wrote it: enter it there again.',
    );
  });
});
