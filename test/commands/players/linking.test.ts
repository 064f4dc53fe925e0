import { describe, expect, it } from '@jest/globals';
import type { CadRequest } from '../../../src/cad/api/cad-api.ts';
import { createTabletEvents } from '../../../src/commands/players/link-events.ts';
import { createLinkCommand, createLinking, createPlayerLinks } from '../../../src/commands/players/linking.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { en } from '../../../src/notify/locales/en.ts';
import { fakeSource } from '../../config/fake-source.ts';
import { createManualClock } from '../../manual-clock.ts';
import { createRecordingLog } from '../../recording-log.ts';

const UUID = '00000000-0000-0000-0000-000000000001';
const down = { ok: false, error: { kind: 'unreachable', status: null, message: 'no answer', traceId: null } } as const;

function setUp() {
  const clock = createManualClock();
  const { config: defaults } = loadConfig(fakeSource({}));
  const config = () => defaults;
  const asked: unknown[][] = [];
  const world = {
    linked: new Set<string>(),
    isDown: false,
    isBroken: false,
    code: 'AB12',
    hold: null as Promise<void> | null,
  };
  const linking = createLinking({
    request: (async (name: string, input: { communityUserId: string }) => {
      asked.push([name, input]);
      if (world.isBroken) throw new Error('broken');
      await world.hold;
      if (world.isDown) return down;
      const linked = name === 'setLink' || world.linked.has(input.communityUserId);
      const code = { code: world.code, expiresInSeconds: 600 };
      return { ok: true, data: name === 'createLink' ? code : { linked, accountUuid: linked ? UUID : null } };
    }) as CadRequest,
    config,
    clock,
  });
  const sent: unknown[][] = [];
  const log = createRecordingLog();
  const shared = {
    linking,
    log,
    identityOf: (source: number) => (source === 404 ? null : `license:${source}`),
    clock,
  };
  const link = createLinkCommand({
    ...shared,
    config,
    texts: () => en.requests,
    tell: (source, text) => void sent.push([source, text]),
  });
  const tablet = createTabletEvents({
    ...shared,
    send: (name, source, ...args) => void sent.push([name, source, ...args]),
  });
  async function sentBy(action: () => void): Promise<unknown[][]> {
    action();
    await new Promise(setImmediate);
    return sent.splice(0);
  }
  return { clock, world, asked, linking, link, tablet, log, sentBy };
}

describe('/link', () => {
  it('shows the page and the code', async () => {
    const { link, sentBy } = setUp();
    expect(await sentBy(() => link(7))).toEqual([
      [7, 'Open https://sonorancad.com/id?code=AB12 and enter the code AB12 within 10 min to link your CAD account.'],
    ]);
  });

  it('shows the same code again while it is good for long enough, and then another', async () => {
    const { link, sentBy, asked, clock } = setUp();
    await sentBy(() => link(7));
    clock.advance(5 * 60_000);
    expect((await sentBy(() => link(7)))[0]?.[1]).toContain('within 5 min');
    expect(asked.filter(([what]) => what === 'createLink')).toHaveLength(1);
    clock.advance(4.5 * 60_000);
    await sentBy(() => link(7));
    expect(asked.filter(([what]) => what === 'createLink')).toHaveLength(2);
  });

  it('shows a page whose address has the code escaped, the first time as later', async () => {
    const { linking, world } = setUp();
    world.code = 'A+B&C';
    const page = { code: 'A+B&C', url: 'https://sonorancad.com/id?code=A%2BB%26C', validMs: 600_000 };
    expect(await linking.code('license:7')).toEqual({ ok: true, data: page });
    expect(await linking.code('license:7')).toEqual({ ok: true, data: page });
  });

  it('is answered and logged even when asking fails unexpectedly', async () => {
    const { link, sentBy, world, log } = setUp();
    world.isBroken = true;
    expect(await sentBy(() => link(7))).toEqual([[7, en.requests.refused]]);
    expect(log.lines).toMatchObject([{ level: 'error', fields: { source: 7, reason: 'broken' } }]);
  });

  it('says so when the account is linked already, and that the CAD said by itself counts at once', async () => {
    const { link, linking, sentBy, asked } = setUp();
    await sentBy(() => link(7));
    linking.verified('LICENSE:7');
    expect(await sentBy(() => link(7))).toEqual([[7, en.requests.alreadyLinked]]);
    expect(asked.map(([what]) => what)).toEqual(['checkLink', 'checkLink', 'createLink']);
  });

  it.each(['7', 'license:7'])('knows an account that is linked with %s, and hands out no code', async (form) => {
    const { link, linking, sentBy, world, asked } = setUp();
    world.linked.add(form);
    expect(await sentBy(() => link(7))).toEqual([[7, en.requests.alreadyLinked]]);
    expect(asked.map(([what]) => what)).not.toContain('createLink');
    expect([linking.knownForm('license:7'), linking.formToWrite('license:7')]).toEqual([form, form]);
    for (const asking of ['7', 'license:7']) expect(await linking.isLinked(asking)).toEqual({ ok: true, data: true });
  });

  it('asks for a code for the identifier without its prefix', async () => {
    const { link, linking, sentBy, asked } = setUp();
    await sentBy(() => link(7));
    expect(asked).toEqual([
      ['checkLink', { communityUserId: '7' }],
      ['checkLink', { communityUserId: 'license:7' }],
      ['createLink', { communityUserId: '7' }],
    ]);
    expect(linking.formToWrite('license:7')).toBe('7');
  });

  it('asks the CAD again after 30 s for those who are not linked, after 10 min for those who are', async () => {
    const { linking, world, asked, clock } = setUp();
    await linking.isLinked('license:7');
    await linking.isLinked('license:7');
    expect(asked).toHaveLength(2);
    clock.advance(30_001);
    world.linked.add('license:7');
    expect(await linking.isLinked('license:7')).toEqual({ ok: true, data: true });
    clock.advance(9 * 60_000);
    await linking.isLinked('license:7');
    expect(asked).toHaveLength(4);
    clock.advance(2 * 60_000);
    await linking.isLinked('license:7');
    // The form that the CAD knew comes first now.
    expect(asked.slice(4)).toEqual([['checkLink', { communityUserId: 'license:7' }]]);
  });

  it('says what is wrong: no identifier, the CAD is down, too often', async () => {
    const { link, sentBy, world } = setUp();
    expect(await sentBy(() => link(404))).toEqual([
      [404, 'This server cannot identify you: it needs an identifier of the kind license.'],
    ]);
    world.isDown = true;
    expect(await sentBy(() => link(7))).toEqual([[7, en.requests.refused]]);
    for (let time = 0; time < 3; time += 1) await sentBy(() => link(7));
    expect(await sentBy(() => link(7))).toEqual([[7, en.requests.tooMany]]);
  });
});

describe('the official tablet', () => {
  it('is told whether there is a link', async () => {
    const { tablet, sentBy, world } = setUp();
    for (const name of ['SonoranCAD::Tablet::CheckLinkStatus', 'SonoranCAD::Tablet::AssociateSsoData']) {
      expect(await sentBy(() => tablet[name]?.(7, 'x', 'y'))).toEqual([['SonoranCAD::Tablet::LinkMissing', 7]]);
    }
    world.linked.add('license:8');
    expect(await sentBy(() => tablet['SonoranCAD::Tablet::CheckLinkStatus']?.(8))).toEqual([
      ['SonoranCAD::Tablet::LinkFound', 8],
    ]);
  });

  it('links an account with the player whose game asks, whoever it says it is', async () => {
    const { tablet, sentBy, asked } = setUp();
    expect(await sentBy(() => tablet['SonoranCAD::Tablet::SetCommunityLink']?.(7, UUID, UUID, 'license:8'))).toEqual([
      ['SonoranCAD::Tablet::LinkFound', 7],
    ]);
    expect(asked).toEqual([['setLink', { communityUserId: '7', accountUuid: UUID, secretUuid: UUID }]]);
  });

  it('is told why there is no answer', async () => {
    const { tablet, sentBy, world, asked } = setUp();
    for (const account of [{ a: 1 }, '../x']) {
      expect(await sentBy(() => tablet['SonoranCAD::Tablet::SetCommunityLink']?.(7, account, UUID))).toEqual([
        ['sonoran:tablet:failed', 7, 'The CAD page has handed over no account.'],
      ]);
    }
    expect(asked).toEqual([]);
    world.isDown = true;
    expect(await sentBy(() => tablet['SonoranCAD::Tablet::CheckLinkStatus']?.(7))).toEqual([
      ['sonoran:tablet:failed', 7, 'The CAD cannot be asked right now.'],
    ]);
    expect(await sentBy(() => tablet['SonoranCAD::Tablet::CheckLinkStatus']?.(404))).toEqual([
      ['sonoran:tablet:failed', 404, 'This server cannot tell who you are.'],
    ]);
  });

  it('is answered even when asking fails unexpectedly, and the log says why', async () => {
    const { tablet, sentBy, world, log } = setUp();
    world.isBroken = true;
    expect(await sentBy(() => tablet['SonoranCAD::Tablet::CheckLinkStatus']?.(7))).toEqual([
      ['sonoran:tablet:failed', 7, 'The CAD cannot be asked right now.'],
    ]);
    expect(log.lines).toMatchObject([{ level: 'error', fields: { source: 7, reason: 'broken' } }]);
  });

  it('cannot make the server ask the CAD without end', async () => {
    const { tablet, sentBy, asked, clock } = setUp();
    for (let time = 0; time < 200; time += 1) {
      await sentBy(() => tablet['SonoranCAD::Tablet::SetCommunityLink']?.(time % 20, UUID, UUID));
    }
    expect(asked.length).toBeLessThanOrEqual(60);
    clock.advance(60_000);
    await sentBy(() => tablet['SonoranCAD::Tablet::SetCommunityLink']?.(1, UUID, UUID));
    expect(asked.at(-1)?.[0]).toBe('setLink');
  });
});

describe('the identity by which the CAD knows a player', () => {
  function setUpLinks(announced: string | null = null) {
    const given = setUp();
    const asking = { isOn: true };
    const linkOf = createPlayerLinks({
      players: {
        identifiersOf: () => [],
        sessionOf: () => null,
        watch: () => {},
        coordinatesOf: () => null,
        linkedIdentityOf: () => announced,
      },
      identityOf: (source) => (source === 404 ? null : `license:${source}`),
      linking: given.linking,
      isAsking: () => asking.isOn,
      clock: given.clock,
    });
    return { ...given, asking, linkOf };
  }

  it.each(['7', 'license:7'])('is asked of the CAD once, and then known at once: %s', async (form) => {
    const { linkOf, world, asked } = setUpLinks();
    world.linked.add(form);
    expect(await linkOf(7)).toBe(form);
    const count = asked.length;
    expect(linkOf(7)).toBe(form);
    expect(asked).toHaveLength(count);
  });

  it('is none for a player who is not linked, of whom the CAD has announced the contrary long ago', async () => {
    const { linkOf } = setUpLinks('7');
    expect(await linkOf(7)).toBeNull();
    expect(linkOf(7)).toBeNull();
  });

  it('is what the CAD has announced while it cannot be asked', async () => {
    const { linkOf, world, asking } = setUpLinks('steam:1');
    world.isDown = true;
    expect(await linkOf(7)).toBe('steam:1');
    asking.isOn = false;
    expect([linkOf(7), linkOf(404)]).toEqual(['steam:1', 'steam:1']);
  });

  it('is waited for no longer than 5 s, and asked for no more than ten times a minute', async () => {
    const { linkOf, world, asked, clock } = setUpLinks();
    let answer = () => {};
    world.hold = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const waiting = linkOf(7);
    clock.advance(5_000);
    expect(await waiting).toBeNull();
    answer();
    for (let source = 10; source < 60; source += 1) await linkOf(source);
    expect(asked.length).toBeLessThanOrEqual(20);
  });
});
