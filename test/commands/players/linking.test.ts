import { describe, expect, it } from '@jest/globals';
import type { CadRequest } from '../../../src/cad/api/cad-api.ts';
import { createTabletEvents } from '../../../src/commands/players/link-events.ts';
import { AccountLinks, createIdentityLookup, createLinkCommand } from '../../../src/commands/players/linking.ts';
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
  const links = new AccountLinks({
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
    links,
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
  return { clock, world, asked, links, link, tablet, log, sentBy };
}

describe('/link', () => {
  it('shows the address of the page and the code', async () => {
    const { link, sentBy } = setUp();
    expect(await sentBy(() => link(7))).toEqual([
      [7, 'Open https://sonorancad.com/id?code=AB12 and enter the code AB12 within 10 min to link your CAD account.'],
    ]);
  });

  it('shows the same code again while it is valid for over a minute, and then a new one', async () => {
    const { link, sentBy, asked, clock } = setUp();
    await sentBy(() => link(7));
    clock.advance(5 * 60_000);
    expect((await sentBy(() => link(7)))[0]?.[1]).toContain('within 5 min');
    expect(asked.filter(([what]) => what === 'createLink')).toHaveLength(1);
    clock.advance(4.5 * 60_000);
    await sentBy(() => link(7));
    expect(asked.filter(([what]) => what === 'createLink')).toHaveLength(2);
  });

  it('escapes the code in the address, for a new code and for a cached one', async () => {
    const { links, world } = setUp();
    world.code = 'A+B&C';
    const page = { code: 'A+B&C', url: 'https://sonorancad.com/id?code=A%2BB%26C', validMs: 600_000 };
    expect(await links.code('license:7')).toEqual({ ok: true, data: page });
    expect(await links.code('license:7')).toEqual({ ok: true, data: page });
  });

  it('tells the player that it was refused, and logs the reason, if the request throws', async () => {
    const { link, sentBy, world, log } = setUp();
    world.isBroken = true;
    expect(await sentBy(() => link(7))).toEqual([[7, en.requests.refused]]);
    expect(log.lines).toMatchObject([{ level: 'error', fields: { source: 7, reason: 'broken' } }]);
  });

  it('says that the account is linked as soon as the CAD has sent the event about the link', async () => {
    const { link, links, sentBy, asked } = setUp();
    await sentBy(() => link(7));
    links.verified('LICENSE:7');
    expect(await sentBy(() => link(7))).toEqual([[7, en.requests.alreadyLinked]]);
    expect(asked.map(([what]) => what)).toEqual(['checkLink', 'checkLink', 'createLink']);
  });

  it.each(['7', 'license:7'])('finds an account that is linked with %s, and requests no code', async (form) => {
    const { link, links, sentBy, world, asked } = setUp();
    world.linked.add(form);
    expect(await sentBy(() => link(7))).toEqual([[7, en.requests.alreadyLinked]]);
    expect(asked.map(([what]) => what)).not.toContain('createLink');
    expect([links.cachedForm('license:7'), links.formToWrite('license:7')]).toEqual([form, form]);
    for (const asking of ['7', 'license:7']) expect(await links.isLinked(asking)).toEqual({ ok: true, data: true });
  });

  it('requests a code for the identifier without its prefix', async () => {
    const { link, links, sentBy, asked } = setUp();
    await sentBy(() => link(7));
    expect(asked).toEqual([
      ['checkLink', { communityUserId: '7' }],
      ['checkLink', { communityUserId: 'license:7' }],
      ['createLink', { communityUserId: '7' }],
    ]);
    expect(links.formToWrite('license:7')).toBe('7');
  });

  it('asks the CAD again after 30 s if the account is not linked, and after 10 min if it is', async () => {
    const { links, world, asked, clock } = setUp();
    await links.isLinked('license:7');
    await links.isLinked('license:7');
    expect(asked).toHaveLength(2);
    clock.advance(30_001);
    world.linked.add('license:7');
    expect(await links.isLinked('license:7')).toEqual({ ok: true, data: true });
    clock.advance(9 * 60_000);
    await links.isLinked('license:7');
    expect(asked).toHaveLength(4);
    clock.advance(2 * 60_000);
    await links.isLinked('license:7');
    // The form that was linked before is asked first.
    expect(asked.slice(4)).toEqual([['checkLink', { communityUserId: 'license:7' }]]);
  });

  it('explains a missing identifier, an unreachable CAD and too many requests', async () => {
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

describe('event of the official CAD tablet', () => {
  it('is answered with whether the account is linked', async () => {
    const { tablet, sentBy, world } = setUp();
    for (const name of ['SonoranCAD::Tablet::CheckLinkStatus', 'SonoranCAD::Tablet::AssociateSsoData']) {
      expect(await sentBy(() => tablet[name]?.(7, 'x', 'y'))).toEqual([['SonoranCAD::Tablet::LinkMissing', 7]]);
    }
    world.linked.add('license:8');
    expect(await sentBy(() => tablet['SonoranCAD::Tablet::CheckLinkStatus']?.(8))).toEqual([
      ['SonoranCAD::Tablet::LinkFound', 8],
    ]);
  });

  it('links the account with the player whose game sent it, and ignores an identity that the game names', async () => {
    const { tablet, sentBy, asked } = setUp();
    expect(await sentBy(() => tablet['SonoranCAD::Tablet::SetCommunityLink']?.(7, UUID, UUID, 'license:8'))).toEqual([
      ['SonoranCAD::Tablet::LinkFound', 7],
    ]);
    expect(asked).toEqual([['setLink', { communityUserId: '7', accountUuid: UUID, secretUuid: UUID }]]);
  });

  it('is answered with the reason of a failure', async () => {
    const { tablet, sentBy, world, asked } = setUp();
    for (const account of [{ a: 1 }, '../x']) {
      expect(await sentBy(() => tablet['SonoranCAD::Tablet::SetCommunityLink']?.(7, account, UUID))).toEqual([
        ['sonoran:tablet:failed', 7, 'The CAD page passed on no account.'],
      ]);
    }
    expect(asked).toEqual([]);
    world.isDown = true;
    expect(await sentBy(() => tablet['SonoranCAD::Tablet::CheckLinkStatus']?.(7))).toEqual([
      ['sonoran:tablet:failed', 7, 'The CAD cannot be reached right now.'],
    ]);
    expect(await sentBy(() => tablet['SonoranCAD::Tablet::CheckLinkStatus']?.(404))).toEqual([
      ['sonoran:tablet:failed', 404, 'This server cannot identify you.'],
    ]);
  });

  it('is answered as failed, and logged with the reason, if the request throws', async () => {
    const { tablet, sentBy, world, log } = setUp();
    world.isBroken = true;
    expect(await sentBy(() => tablet['SonoranCAD::Tablet::CheckLinkStatus']?.(7))).toEqual([
      ['sonoran:tablet:failed', 7, 'The CAD cannot be reached right now.'],
    ]);
    expect(log.lines).toMatchObject([{ level: 'error', fields: { source: 7, reason: 'broken' } }]);
  });

  it('is ignored beyond 60 requests a minute of all players', async () => {
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

describe('lookup of the identity by which the CAD knows a player', () => {
  function setUpLinks(announced: string | null = null) {
    const given = setUp();
    const asking = { isOn: true };
    const linkOf = createIdentityLookup({
      players: {
        identifiersOf: () => [],
        sessionOf: () => null,
        watch: () => {},
        coordinatesOf: () => null,
        linkedIdentityOf: () => announced,
      },
      identityOf: (source) => (source === 404 ? null : `license:${source}`),
      links: given.links,
      isAsking: () => asking.isOn,
      clock: given.clock,
    });
    return { ...given, asking, linkOf };
  }

  it.each(['7', 'license:7'])(
    'asks the CAD once for the linked form %s, and then answers from the cache',
    async (form) => {
      const { linkOf, world, asked } = setUpLinks();
      world.linked.add(form);
      expect(await linkOf(7)).toBe(form);
      const count = asked.length;
      expect(linkOf(7)).toBe(form);
      expect(asked).toHaveLength(count);
    },
  );

  it('gives null if the CAD says that an identity announced as linked is not linked any more', async () => {
    const { linkOf } = setUpLinks('7');
    expect(await linkOf(7)).toBeNull();
    expect(linkOf(7)).toBeNull();
  });

  it('gives the announced identity while the CAD cannot be asked', async () => {
    const { linkOf, world, asking } = setUpLinks('steam:1');
    world.isDown = true;
    expect(await linkOf(7)).toBe('steam:1');
    asking.isOn = false;
    expect([linkOf(7), linkOf(404)]).toEqual(['steam:1', 'steam:1']);
  });

  it('waits at most 5 s for the CAD, and asks it at most ten times a minute', async () => {
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
