import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { manifest, printedBy } from '../../packages/fxhost/test/write-resource.ts';
import { payload, postDirectly, type ServedResource, serveResource, withBareIdentifiers } from '../serve-resource.ts';

const LICENSE = 'license:000000000000000000000000000000000000000c';
const lua = (source: string) => ({ 'fxmanifest.lua': manifest(`server_script 'a.lua'`), 'a.lua': source });

let served: ServedResource;

/** The resource with the unit 12, whose player is connected, and the unit 18, a dispatch call and a 911 call. */
async function serveBusy(config: object = {}, written = (body: string) => body): Promise<void> {
  served = await serveResource({ manualTicks: true, config });
  const { host } = served;
  host.ensure('sonorancad');
  host.tick();
  host.addPlayer({ id: 7, identifiers: [LICENSE], coords: [1, 2, 3] });
  for (const type of ['EVENT_UNIT_LOGIN', 'EVENT_UNIT_UPDATE', 'EVENT_DISPATCH_NEW', 'EVENT_911'])
    await send(written(payload(type)));
}

async function send(body: string): Promise<void> {
  expect((await postDirectly(served.host, body)).status).toBe(200);
  for (let pass = 0; pass < 5; pass += 1) {
    served.host.tick();
    served.host.pump();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function run(name: string, source: string): string[] {
  served.add(name, lua(source));
  served.host.ensure(name);
  return printedBy(served.host, name);
}

const answer = (name: string, ...args: unknown[]) => served.host.callExport('sonorancad', name, ...args);

describe("the official resource's exports", () => {
  afterEach(() => served.close());

  it.each([
    ['prefixed', LICENSE, (body: string) => body],
    ['bare', LICENSE.replace('license:', ''), withBareIdentifiers],
  ])('answer with the types that scripts expect, where identifiers are %s', async (_form, identity, written) => {
    await serveBusy({ communityID: 'my-community', serverId: 3 }, written);
    const unit12 = expect.objectContaining({ id: 12, coordinates: { x: 1, y: 2, z: 3 } });
    const units = [unit12, expect.objectContaining({ id: 18 })];
    expect(answer('GetUnitCache')).toEqual(units);
    expect(answer('GetUnitCache', true)).toEqual([units, []]);
    expect([answer('GetUnitById', 18), answer('GetUnitById', '18'), answer('GetUnitById', [LICENSE])]).toEqual([
      2, 2, 1,
    ]);
    expect(answer('GetUnitById', 99)).toBeNull();
    for (const player of [7, '7']) {
      expect(answer('GetUnitByPlayerId', player)).toEqual(unit12);
      expect(answer('getPlayerCommunityUserId', player)).toBe(identity);
      expect(answer('isPlayerInCAD', player)).toEqual({
        success: true,
        linked: true,
        online: true,
        communityUserId: identity,
        unit: unit12,
      });
    }
    expect(answer('isPlayerInCAD', 8)).toEqual({
      success: false,
      linked: false,
      online: false,
      communityUserId: null,
      unit: null,
    });
    for (const nobody of [undefined, null, 'abc', {}])
      expect(answer('isPlayerInCAD', nobody)).toEqual({ success: false, linked: false, online: false });
    expect(answer('GetUnitByPlayerId', 8)).toBeNull();
    expect(answer('getDispatchStatus')).toBe(false);
    expect(['getCommunityId', 'getCadCommunityId'].map((name) => answer(name))).toEqual([
      'my-community',
      'my-community',
    ]);
    expect(['getServerId', 'getCadServerId'].map((name) => answer(name))).toEqual([3, 3]);
    expect(answer('getCadVersion')).toBe(-1);
    expect(answer('ManuallySetUnitCache')).toBeNull();
    expect([answer('isPluginLoaded', 'postals'), answer('isPluginLoaded')]).toEqual([false, false]);
    expect(answer('GetPluginConfig', 'postals')).toEqual({ enabled: false, disableReason: expect.any(String) });
  });
});

/** All that scripts may call on the official resource and that this one does not do. */
const MISSING_NAMES = `checkCADSubscriptionType HandleHttpRequest SaveBase64ToFile
  createScreenshotDirectory createScreenshotFilename deleteDirectory clearScreenshotsFolder createPDFDirectory savePdfFromUrl
  UnzipFile UnzipFolder CreateFolderIfNotExisting DeleteDirectoryRecursively CreateTempBodycamRecordingFile GetBodycamRuntime sonoran_evidence_pdf`.split(
  /\s+/,
);

/** All that ask the CAD. */
const ASKING_NAMES =
  `cadNameLookup cadPlateLookup cadGetInformation cadGetPlateInformation cadSetUnitStatus cadGetNearestPostal
  cadGetLastPlates GetCharacters getCadClient getCharactersV2 createClient performApiRequest registerApiType registerEndpoints call911 remove911 createDispatchCall addCallNote setCallPostal
  addBlip addBlips removeBlip modifyBlipd getBlips removeWithSubtype addTempBlipData addTempBlipColor performLookup
  getAllWarrantsAndBolos sendUnitLocations CadIsPlayerLinked`.split(/\s+/);

describe('on one server', () => {
  beforeAll(() => serveBusy());
  afterAll(() => served.close());

  describe("the official resource's exports", () => {
    it('give Lua integer keys, two values, tables where tables are due, and text in metaData', async () => {
      await send(payload('EVENT_UNIT_LOGIN').replaceAll('"isDispatch": false', '"isDispatch": true'));
      const printed = run(
        'consumer',
        `local cad = exports.sonorancad
      local units, dispatchers = cad:GetUnitCache(true)
      print(#units, #dispatchers, dispatchers[1].id, dispatchers[1].isInGame)
      print(select('#', cad:GetUnitCache()), select('#', cad:GetUnitCache(false)))
      cad:GetUnitCache(false, function(units, dispatchers) print('called', #units, #dispatchers) end)
      local call = cad:GetCallCache()[501]
      print(call.dispatch_type, type(call.dispatch.idents), #call.dispatch.notes, type(call.dispatch.metaData.x))
      print(cad:GetEmergencyCache()[302].caller, math.type(cad:GetUnitById(18)), cad:GetUnitById(99))`,
      );
      expect(printed).toEqual([
        '2\t1\t12\ttrue',
        '1\t1',
        'called\t2\t1',
        'CALL_NEW\ttable\t1\tstring',
        'Lamar Davis\tinteger\tnil',
      ]);
    });

    it('say once who lost an argument to a dot, and do not fail', async () => {
      const before = printedBy(served.host, 'sonorancad').length;
      run(
        'dotted',
        `local cad = exports.sonorancad
      for _ = 1, 2 do
        cad.GetUnitById(12)
        cad.GetUnitByPlayerId(7)
        cad.getCall(501)
        cad.GetPluginConfig('postals')
        cad.GetUnitCache(true, function(units) print(#units) end)
        cad.performApiRequest({}, 'CALL_911', function(reason, ok) print(ok) end)
      end`,
      );
      expect(printedBy(served.host, 'dotted')).toEqual(['2', 'false', '2', 'false']);
      const lines = printedBy(served.host, 'sonorancad').slice(before);
      const shifted = lines.filter((line) => line.includes('instead of a colon'));
      const names = [
        'GetUnitById',
        'GetUnitByPlayerId',
        'getCall',
        'GetPluginConfig',
        'GetUnitCache',
        'performApiRequest',
      ];
      expect(shifted).toEqual(
        names.map((name) =>
          expect.stringMatching(new RegExp(`resource="?dotted"? export="?${name}"? example=.*:${name}\\(`)),
        ),
      );
    });

    it('that are missing warn once of each caller, give the callback a reason and false, and never throw', async () => {
      const before = printedBy(served.host, 'sonorancad').length;
      const source = `local cad = exports.sonorancad
      for _ = 1, 2 do
        cad:GetBodycamRuntime('a', function(reason, ok) print(type(reason), ok) end)
        cad:createPDFDirectory()
      end`;
      expect(run('first', source)).toEqual(['string\tfalse', 'string\tfalse']);
      run('second', `exports.sonorancad:createPDFDirectory()`);
      const lines = printedBy(served.host, 'sonorancad').slice(before);
      const named = (resource: string, name: string) =>
        expect.stringMatching(
          new RegExp(`only the official resource has.*resource="?${resource}"? export="?${name}"?`),
        );
      expect(lines).toEqual([
        named('first', 'GetBodycamRuntime'),
        named('first', 'createPDFDirectory'),
        named('second', 'createPDFDirectory'),
      ]);
    });
  });

  it('all exports of the official resource exist', async () => {
    const lines = MISSING_NAMES.map(
      (name) => `cad:${name}('x', function(reason, ok) print('${name}', type(reason), ok) end)`,
    );
    const printed = run('caller', `local cad = exports.sonorancad\n${lines.join('\n')}`);
    expect(printed).toEqual(MISSING_NAMES.map((name) => `${name}\tstring\tfalse`));
  });

  it.each(ASKING_NAMES)(
    'the export %s, which asks the CAD, exists and takes a call without arguments',
    async (name) => {
      expect(() => answer(name)).not.toThrow();
    },
  );

  it('the exports that throw refuse a call that lost an argument to a dot, and say why', async () => {
    const calls = [
      "onPushEvent('EVENT_911', print)",
      'offPushEvent(1)',
      "registerHttpEvent('T', print)",
      "replayForwarding('all')",
    ];
    const source = calls.map((call) => `pcall(function() exports.sonorancad.${call} end)`);
    run('subscriber', source.join('\n'));
    const refusals = printedBy(served.host, 'sonorancad').filter((line) => line.includes('with a colon'));
    const refused = { onPushEvent: 'a function', offPushEvent: 'nothing', registerHttpEvent: 'a function' };
    expect(refusals).toEqual(
      Object.entries({ ...refused, replayForwarding: 'nothing' }).map(([name, got]) =>
        expect.stringMatching(
          new RegExp(`Error: ${name}: .*, got ${got}\\. In Lua.*(exports\\['sonorancad'\\]:${name}\\(|colon\\?)`),
        ),
      ),
    );
  });

  describe('the exports for new code', () => {
    it('give units and calls, and nothing for those that are not there', async () => {
      const [unit12, unit18] = [
        expect.objectContaining({ id: 12, coordinates: { x: 1, y: 2, z: 3 } }),
        expect.objectContaining({ id: 18 }),
      ];
      expect(answer('getUnits')).toEqual([unit12, unit18]);
      expect([answer('getUnit', 12), answer('getUnit', '18'), answer('getUnit', 99)]).toEqual([unit12, unit18, null]);
      expect([answer('getUnitByPlayer', 7), answer('getUnitByPlayer', 8)]).toEqual([unit12, null]);
      expect([12, 18, 'x'].map((ident) => answer('getPlayersOfUnit', ident))).toEqual([[7], [], []]);
      expect([answer('getPlayersOnDuty'), answer('isOnDuty', '7'), answer('isOnDuty', 8)]).toEqual([[7], true, false]);
      expect(answer('getCalls')).toEqual([expect.objectContaining({ callId: 501 })]);
      expect([answer('getCall', '501'), answer('getCall', 9)]).toEqual([
        expect.objectContaining({ callId: 501 }),
        null,
      ]);
      expect(answer('getEmergencyCalls')).toEqual([expect.objectContaining({ callId: 302 })]);
      expect([answer('getEmergencyCall', 302), answer('getEmergencyCall', 9)]).toEqual([
        expect.objectContaining({ callId: 302 }),
        null,
      ]);
    });

    it('know after a restart of the resource what they knew before, and players are announced again', async () => {
      run(
        'listener',
        `AddEventHandler('SonoranCAD::core:AddPlayer', function(player, unit) print(player, unit.id) end)`,
      );
      served.host.restart('sonorancad');
      served.host.tick();
      expect(printedBy(served.host, 'listener')).toEqual(['7\t12']);
      expect(answer('getUnits')).toHaveLength(2);
      expect(answer('getCall', 501)).toMatchObject({ callId: 501 });
    });
  });
});
