import { describe, expect, it } from '@jest/globals';
import { runState, unitOf } from './run-state.ts';

const LICENSE = 'license:abc';
const unit = (id: number) => expect.objectContaining({ id });
const login = (id: number, identities: string[] = [LICENSE], more: object = {}) => ({
  unit: unitOf(id, identities, more),
});

describe('the players of units', () => {
  it('are announced after the login, with their id as text', () => {
    const run = runState({ 7: [LICENSE], 8: ['license:other'] });
    expect(run.push('EVENT_UNIT_LOGIN', login(12))).toEqual([
      ['UnitLogin', unit(12)],
      ['core:AddPlayer', '7', unit(12)],
    ]);
    expect(run.state.playersOfUnit(12)).toEqual([7]);
    expect(run.state.unitsOfPlayer(7)).toEqual([12]);
    expect([...run.state.playersInCad()]).toEqual([7]);
  });

  it('are announced when they join after the login, and found by a bare identity in any case', () => {
    const run = runState();
    run.push('EVENT_UNIT_LOGIN', login(12, ['ABC']));
    expect(run.triggered()).toEqual([]);
    run.source.join(7, LICENSE);
    expect(run.triggered()).toEqual([['core:AddPlayer', '7', unit(12)]]);
  });

  it('are not mistaken for others whose identifier of another kind is the same', () => {
    const run = runState({ 7: ['steam:abc'] });
    expect(run.push('EVENT_UNIT_LOGIN', login(12))).toEqual([['UnitLogin', unit(12)]]);
    run.source.join(8, 'discord:abc');
    expect(run.triggered()).toEqual([]);
  });

  it('are announced when the CAD links their account with that of a unit', () => {
    const run = runState({ 7: [LICENSE] });
    run.push('EVENT_UNIT_LOGIN', login(12, []));
    const link = { communityUserId: 'abc', accountUuid: 'account-12' };
    run.push('EVENT_COMMUNITY_LINK_VERIFIED', link);
    expect(run.state.playersOfUnit(12)).toEqual([7]);
  });

  it('are said to be gone when they drop, once, and after the logout of their unit', () => {
    const run = runState({ 7: [LICENSE] });
    run.push('EVENT_UNIT_LOGIN', login(12));
    expect(run.push('EVENT_UNIT_LOGOUT', { identId: 12 })).toEqual([
      ['UnitLogout', 12],
      ['core:RemovePlayer', '7', unit(12)],
    ]);
    run.push('EVENT_UNIT_LOGIN', login(13));
    run.source.drop(7);
    expect(run.triggered()).toEqual([['core:RemovePlayer', '7', unit(13)]]);
    expect(run.state.playersOfUnit(13)).toEqual([]);
    expect(run.push('EVENT_UNIT_LOGOUT', { identId: 13 })).toEqual([['UnitLogout', 13]]);
  });

  it('are in the CAD only as long as they are a unit and on the server', () => {
    const run = runState({ 7: [LICENSE] });
    const inCad = () => [...run.state.playersInCad()];
    run.push('EVENT_UNIT_LOGIN', login(12));
    run.push('EVENT_UNIT_LOGIN', login(13));
    run.push('EVENT_UNIT_LOGOUT', { identId: 12 });
    expect(inCad()).toEqual([7]);
    run.push('EVENT_UNIT_LOGOUT', { identId: 13 });
    expect(inCad()).toEqual([]);
    run.push('EVENT_UNIT_LOGIN', login(14));
    run.source.drop(7);
    expect(inCad()).toEqual([]);
  });

  it('change with the identities of their unit', () => {
    const run = runState({ 7: [LICENSE], 8: ['license:other'] });
    run.push('EVENT_UNIT_LOGIN', login(12));
    expect(run.push('EVENT_UNIT_UPDATE', { units: [{ id: 12, data: { apiIds: ['license:other'] } }] })).toEqual([
      ['UnitUpdate', unit(12), 2],
      ['core:RemovePlayer', '7', unit(12)],
      ['core:AddPlayer', '8', unit(12)],
    ]);
    expect(run.push('EVENT_UNIT_UPDATE', { units: [{ id: 12, location: 'elsewhere' }] })).toHaveLength(1);
  });

  it('are announced again when their unit signs in again', () => {
    const run = runState({ 7: [LICENSE] });
    run.push('EVENT_UNIT_LOGIN', login(12));
    run.clock.advance(1);
    expect(run.push('EVENT_UNIT_LOGIN', login(12))).toEqual([
      ['UnitLogin', unit(12)],
      ['core:AddPlayer', '7', unit(12)],
    ]);
  });

  it('have several units at once, of which the last login counts', () => {
    const run = runState({ 7: [LICENSE] });
    run.push('EVENT_UNIT_LOGIN', login(12));
    run.push('EVENT_UNIT_LOGIN', login(18));
    expect(run.state.unitsOfPlayer(7)).toEqual([12, 18]);
    run.clock.advance(1);
    run.push('EVENT_UNIT_LOGIN', login(12));
    expect(run.state.unitsOfPlayer(7)).toEqual([18, 12]);
    run.push('EVENT_UNIT_LOGOUT', { identId: 12 });
    expect(run.state.unitsOfPlayer(7)).toEqual([18]);
  });

  it('keep their unit among the cached ones after they drop; others are there for 60 s', () => {
    const run = runState({ 7: [LICENSE] });
    run.push('EVENT_UNIT_LOGIN', login(12));
    run.push('EVENT_UNIT_LOGIN', login(18, ['license:never']));
    run.source.drop(7);
    run.clock.advance(59_999);
    expect(run.state.cachedUnits().map(({ id }) => id)).toEqual([12, 18]);
    run.clock.advance(1);
    expect(run.state.cachedUnits().map(({ id }) => id)).toEqual([12]);
    expect(run.state.units().map(({ id }) => id)).toEqual([12, 18]);
    run.source.join(9, 'license:never');
    expect(run.state.cachedUnits().map(({ id }) => id)).toEqual([12, 18]);
  });

  it('give a cached unit its place, by its ident or by their identities', () => {
    const run = runState();
    for (const id of [12, 18]) run.push('EVENT_UNIT_LOGIN', login(id, [`license:${id}`]));
    expect([12, 18, 19].map((id) => run.state.indexOfCachedUnit(id))).toEqual([0, 1, -1]);
    expect(run.state.indexOfCachedUnit(['steam:x', 'LICENSE:18'])).toBe(1);
    expect(run.state.indexOfCachedUnit(['18'])).toBe(1);
    expect(run.state.indexOfCachedUnit(['steam:18'])).toBe(-1);
    expect(run.state.indexOfCachedUnit([])).toBe(-1);
  });

  it('are told as dispatchers, in the game or not, until they sign out or are none', () => {
    const run = runState({ 7: [LICENSE] });
    expect(run.state.isDispatcherOnline()).toBe(false);
    for (const [id, identities] of [
      [12, [LICENSE]],
      [18, []],
      [20, []],
    ] as const)
      run.push('EVENT_UNIT_LOGIN', { ...login(id, [...identities]), isDispatch: true });
    expect(run.state.dispatchers()).toEqual([
      { id: 12, isInGame: true },
      { id: 18, isInGame: false },
      { id: 20, isInGame: false },
    ]);
    run.push('EVENT_UNIT_UPDATE', {
      units: [
        { id: 20, isDispatch: false },
        { id: 18, status: 1 },
      ],
    });
    run.push('EVENT_UNIT_LOGOUT', { identId: 12 });
    expect(run.state.dispatchers()).toEqual([{ id: 18, isInGame: false }]);
    run.push('EVENT_UNIT_LOGOUT', { identId: 18 });
    expect(run.state.isDispatcherOnline()).toBe(false);
  });
});
