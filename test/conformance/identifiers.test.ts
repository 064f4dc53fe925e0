import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServerWorld } from '../../packages/fakecad/src/index.ts';
import type { ConnectedPlayer } from '../../packages/fxhost/src/index.ts';
import { en } from '../../src/notify/locales/en.ts';
import { closeLinks } from '../cad/on-fakecad/set-up.ts';
import { until } from '../until.ts';
import { startWithCad, type WithCad } from './with-cad.ts';

const BARE = '000000000000000000000000000000000000000c';
const LICENSE = `license:${BARE}`;
const ACCOUNT = '7d0c1a2e-0000-4000-8000-000000000012';
const SECRET = '7d0c1a2e-0000-4000-8000-000000000099';
const data = { communityUserId: LICENSE, unitNum: '1-ADAM-12', name: 'Jim Reed' };

/** In which form the CAD has the identifiers of players, and whether it has linked this one. */
const communities = [
  { name: 'bare identifiers', form: 'bare', link: LICENSE, known: BARE },
  { name: 'prefixed identifiers', form: 'asWritten', link: LICENSE, known: LICENSE },
  { name: 'no identifiers', form: 'none', link: null, known: null },
] as const;

describe.each(communities)('where the CAD has $name', ({ form, link, known }) => {
  let system: WithCad;
  let player: ConnectedPlayer;
  beforeAll(async () => {
    system = await startWithCad('gate', { cad: { identifiers: form, enforceLimits: false } });
    const { world } = system.cad;
    if (link !== null) world.links.set(link, ACCOUNT);
    world.accounts.push({ uuid: ACCOUNT, username: 'Reed', status: 1 });
    world.records.push({ id: 1, recordTypeId: 7, type: 7, name: 'Ann Doe', owner: ACCOUNT, sections: [] });
    player = system.host.addPlayer({ id: 7, identifiers: ['steam:11000010000000c', LICENSE] });
    system.host.tick();
  });
  afterAll(closeLinks);

  const asked = (path: RegExp) =>
    system.asked(path).map(({ body }) => (body as { communityUserId: string }).communityUserId);
  const both = (told: unknown[]) => ({ js: told, lua: told });

  it('a script learns of a player who is off duty whether they are linked, and by what', async () => {
    const answers = [
      { success: false, linked: known !== null, online: false, id: known ?? 'none', unit: 'none' },
      [known ?? 'none'],
    ];
    expect(await system.tell('gate', [7], 2)).toEqual(both(answers));
    // Both scripts, and both exports, are answered by what the first has brought.
    expect(asked(/links\/check$/)).toEqual(form === 'bare' ? [BARE] : [BARE, LICENSE]);
  });

  it('a script learns of an identifier in either form whether it is linked', async () => {
    const answers = [[known !== null, known !== null, false, false]];
    expect(await system.tell('linked', [LICENSE, 'license:0d'], 1)).toEqual(both(answers));
  });

  it('a linked player is handed no code, and another one is for the bare identifier', async () => {
    system.host.natives.runAsPlayer(7, 'link');
    await until(() => player.received.length > 0);
    expect(JSON.stringify(player.received).includes(en.requests.alreadyLinked)).toBe(known !== null);
    expect(asked(/general\/links$/)).toEqual(known === null ? [BARE] : []);
  });

  it("a 911 call from a player's game says who calls as the CAD knows them", async () => {
    player.trigger('SonoranScripts::Call911', 'Ann', 'Pier', 'Fire', '9001', null);
    await until(() => system.asked(/calls\/911$/).length > 0);
    expect(system.asked(/calls\/911$/)[0]?.body).toMatchObject({
      metaData: { callerPlayerId: '7', callerCommunityUserId: known ?? BARE },
    });
  });

  it('a player who signs in is a unit, where the CAD says whose it is', async () => {
    const unit = { id: 12, accId: ACCOUNT, status: 2, data };
    await system.cad.fire({ type: 'EVENT_UNIT_LOGIN', data: { unit, isDispatch: false } });
    await until(() => system.host.callExport('sonorancad', 'getUnit', 12) !== null);
    const isUnit = known !== null;
    const answers = [
      { success: isUnit, linked: isUnit, online: isUnit, id: known ?? 'none', unit: isUnit ? 12 : 'none' },
      [known ?? 'none'],
    ];
    expect(await system.tell('gate', [7], 2)).toEqual(both(answers));
  });

  it("the vendor's client says what the CAD says, in the form that the CAD has", async () => {
    const linked = [BARE, LICENSE].map((identifier) => identifier === known);
    const answers = [{ linked, unit: { bare: BARE, asWritten: LICENSE, none: 'none' }[form] }];
    expect(await system.tell('client', [[BARE, LICENSE]], 1)).toEqual(both(answers));
  });

  it('requests about a player reach the CAD in the form that it has', async () => {
    const isUnit = known !== null;
    const answers = [
      {
        ...{ characters: isUnit ? 1 : 'none', found: isUnit ? 1 : 'none', deleted: true, set: isUnit, linked: isUnit },
        metaData: { plate: '', postal: '', silentAlert: 'false', useCallLocation: 'true' },
      },
    ];
    expect(await system.tell('requests', [7, known ?? LICENSE], 1)).toEqual(both(answers));
    if (isUnit) expect(system.cad.world.at(1).units[0]?.status).toBe(4);
  });

  it('a script that sends 911 calls, and asks as the official ones do, names the player as the CAD knows them', async () => {
    for (const language of ['js', 'lua']) {
      system.host.emit(`${language}:calls`, 7);
      const call = () =>
        system.cad.world.at(1).emergencyCalls.find((each) => each.description === `Robbery in ${language}`);
      await until(() => call() !== undefined);
      expect(call()?.location).toBe('1.5, 2.5, 3.5');
      expect(call()?.metaData?.callerCommunityUserId).toBe(known ?? BARE);
      const heard = { js: [] as unknown[], lua: [] as unknown[] };
      await until(() => {
        for (const each of ['js', 'lua'] as const) heard[each].push(...system.told(each));
        return Math.min(heard.js.length, heard.lua.length) >= (known === null ? 2 : 3);
      });
      const answer = ['CheckPlayerLinkedResponse', 7, BARE, known !== null];
      const expected = [['EmergencyCallAdd', 7, call()?.callId], answer, ...(known === null ? [] : [['PanicSent', 7]])];
      expect([heard.js, heard.lua].map((each) => each.toSorted())).toEqual([expected.toSorted(), expected.toSorted()]);
    }
  });

  it('the tablet links by the bare identifier, and the CAD has the account once', async () => {
    const before = player.received.length;
    system.cad.world.secrets.set(SECRET, ACCOUNT);
    player.trigger('SonoranCAD::Tablet::SetCommunityLink', ACCOUNT, SECRET);
    await until(() => player.received.slice(before).some(({ event }) => event === 'SonoranCAD::Tablet::LinkFound'));
    expect(asked(/links\/set$/)).toEqual([BARE]);
    expect([...system.cad.world.links.values()]).toEqual([ACCOUNT]);
    expect((await system.tell('linked', [LICENSE], 1)).lua).toEqual([[true, true]]);
  });
});

const IDENTS = [11, 12, 13, 14, 15, 16, 17];
const forms = [{ form: 'bare' }, { form: 'asWritten' }, { form: 'none' }] as const;

describe.each(forms)('a board of units and calls, where the CAD has identifiers $form,', ({ form }) => {
  let system: WithCad;
  let world: ServerWorld;
  beforeAll(async () => {
    system = await startWithCad('roster', { cad: { identifiers: form } });
    world = system.cad.world.at(1);
    for (const id of IDENTS) {
      system.host.addPlayer({ identifiers: [`license:a${id}`] });
      const data = { communityUserId: `license:a${id}`, unitNum: `U-${id}` };
      await system.cad.fire({ type: 'EVENT_UNIT_LOGIN', data: { unit: { id, status: 2, data }, isDispatch: false } });
    }
    await until(() => (system.host.callExport('sonorancad', 'getUnits') as unknown[]).length === IDENTS.length);
    await board();
  });
  afterAll(closeLinks);

  /** What both boards show. */
  async function board(): Promise<unknown> {
    const { js, lua } = await system.tell('board', [], 1);
    expect(lua).toEqual(js);
    return js[0];
  }

  /** Lets time pass until the CAD was asked for its units once more, and no longer: its answer may be asked for twice. */
  async function unitsCompared(): Promise<void> {
    const asked = () => system.asked(/^GET .*\/units$/).length;
    const before = asked();
    await system.laterUntil(() => asked() > before, 5_000);
    await system.later(0);
  }

  it('shows calls as the CAD sent them, and as changed when units come and go, and hears of a panel', async () => {
    const call = { origin: 0, status: 1, priority: 2, title: 'Riot', idents: [11] };
    const fire = (type: string, data: object) => system.cad.fire({ type, data });
    await fire('EVENT_DISPATCH_NEW', { dispatch: { callId: 501, ...call } });
    await fire('EVENT_DISPATCH_NEW', { dispatch: { callId: 502, ...call, metaData: { x: '1.5' } } });
    /** What the boards show once the cache was said to be another one so many times. */
    async function boardAfter(updates: number): Promise<unknown> {
      let shown: unknown;
      await until(async () => {
        shown = await board();
        return (shown as { updates: number }).updates >= updates;
      });
      return shown;
    }
    const calls = ['501 CALL_NEW 1 true', '502 CALL_NEW 1 false'];
    expect(await boardAfter(2)).toMatchObject({ calls, updates: 2 });
    await fire('EVENT_DISPATCH_UNIT_DETACH', { callId: 502, idents: [17] });
    await fire('EVENT_DISPATCH_UNIT_ATTACH', { callId: 501, idents: [12, 13] });
    // The name that the documentation's page has.
    await fire('EVENT_UNIT_ATTACH', { callId: 501, idents: [12] });
    await fire('EVENT_DISPATCH_UNIT_DETACH', { callId: 502, idents: [11] });
    const asked = { serverId: 1, revision: 3, schemaVersion: 1, templateRevision: 'a'.repeat(64) };
    const { outcome } = await system.cad.fire({ type: 'EVENT_FIVEM_CONFIGURATION', data: asked });
    expect(outcome).toBe('session');
    await fire('EVENT_DISPATCH_NOTE', { callId: 501, note: { time: '', label: 'A', type: 'text', content: 'b' } });
    const changed = ['501 CALL_EDIT 3 true', '502 CALL_EDIT 0 false'];
    const others = [['EVENT_FIVEM_CONFIGURATION', asked]];
    expect(await boardAfter(6)).toMatchObject({ calls: changed, updates: 6, others });
  });

  // In a community without identifiers no unit is that of a player here.
  const isKnown = form !== 'none';
  it('shows them all though the CAD once answers with none of them, and none when it does twice', async () => {
    const { units } = world;
    world.units = [];
    await unitsCompared();
    expect(await board()).toMatchObject({ units: isKnown ? 7 : 0, gone: 0 });
    world.units = units;
    await unitsCompared();
    expect(await board()).toMatchObject({ units: isKnown ? 7 : 0, gone: 0 });
    world.units = units.slice(0, 2);
    await unitsCompared();
    await system.laterUntil(() => (system.host.callExport('sonorancad', 'getUnits') as unknown[]).length === 2);
    expect(await board()).toMatchObject({ units: isKnown ? 2 : 0, gone: isKnown ? 5 : 0 });
  });
});
