import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServerWorld } from '../../scripts/fakecad/world/world.ts';
import { closeLinks } from '../cad/on-fakecad/set-up.ts';
import { until } from '../until.ts';
import { startWithCad, type WithCad } from './with-cad.ts';

const IDENTS = [11, 12, 13, 14, 15, 16, 17];
const forms = [{ form: 'bare' }, { form: 'asWritten' }, { form: 'none' }] as const;

describe.each(forms)('a board of units and calls, where the CAD has identifiers $form,', ({ form }) => {
  let system: WithCad;
  let world: ServerWorld;
  beforeEach(async () => {
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
  afterEach(closeLinks);

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
});
