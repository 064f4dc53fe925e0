import { describe, expect, it } from '@jest/globals';
import { Players } from '../../../src/game/players/players.ts';
import { eventOf } from '../../event-of.ts';
import { createFakePlayerSource } from './fake-player-source.ts';

const LICENSE = 'license:00AABB';
const linked = (communityUserId: string, accountUuid: string) =>
  eventOf('EVENT_COMMUNITY_LINK_VERIFIED', { communityUserId, accountUuid });

describe('players', () => {
  it.each([
    ['with their prefix', 'license:00aabb'],
    ['without it', '00aabb'],
    ['in any case', 'LICENSE:00AaBb'],
    ['with spaces around', ' 00AABB '],
  ])('are found by an identity %s', (_how, identity) => {
    const players = new Players(createFakePlayerSource({ 3: [LICENSE, 'steam:110'], 4: ['license:00aabbc'] }));
    expect(players.sourcesOfIdentities([identity])).toEqual([3]);
  });

  it('are not found by an identity of another kind, a part of one, or none', () => {
    const players = new Players(createFakePlayerSource({ 3: [LICENSE] }));
    for (const identity of ['discord:00aabb', '00aab', '', ':', 'license:', 'license'])
      expect(players.sourcesOfIdentities([identity])).toEqual([]);
  });

  it('are each found once, and all of those who have the identity', () => {
    const players = new Players(createFakePlayerSource({ 3: [LICENSE, 'steam:110'], 4: ['steam:110'] }));
    expect(players.sourcesOfIdentities(['00aabb', 'STEAM:110', '110'])).toEqual([3, 4]);
  });

  it('are found from when they join until they drop', () => {
    const source = createFakePlayerSource();
    const players = new Players(source);
    const seen: string[] = [];
    players.watch({ seen: (player) => seen.push(`seen ${player}`), gone: (player) => seen.push(`gone ${player}`) });
    source.join(5, LICENSE);
    expect(players.sourcesOfIdentities([LICENSE])).toEqual([5]);
    expect(players.identifiersOf(5)).toEqual([LICENSE]);
    source.drop(5);
    expect(players.sourcesOfIdentities([LICENSE])).toEqual([]);
    expect(players.identifiersOf(5)).toEqual([]);
    expect(players.sessionOf(5)).toBeNull();
    expect([...players.sources()]).toEqual([]);
    expect(seen).toEqual(['seen 5', 'gone 5']);
  });

  it('are somebody else when they come again under the same server id', () => {
    const source = createFakePlayerSource({ 5: [LICENSE] });
    const players = new Players(source);
    const session = players.sessionOf(5);
    source.drop(5);
    source.join(5, 'license:other');
    expect(players.sessionOf(5)).not.toBe(session);
    expect(players.sourcesOfIdentities([LICENSE])).toEqual([]);
  });

  it('are found by the account that the CAD links with them, also when they join later', () => {
    const source = createFakePlayerSource({ 3: [LICENSE] });
    const players = new Players(source);
    const seen: number[] = [];
    players.watch({ seen: (player) => seen.push(player) });
    players.learn(linked('00aabb', 'ACCOUNT-1'));
    players.learn(linked('steam:7', 'account-2'));
    source.join(4, 'steam:7');
    expect(players.sourcesOfIdentities(['account-1'])).toEqual([3]);
    expect(players.sourcesOfIdentities(['ACCOUNT-2'])).toEqual([4]);
    expect(players.linkedIdentityOf(3)).toBe('00aabb');
    expect(players.identifiersOf(3)).toEqual([LICENSE, 'ACCOUNT-1']);
    expect(players.linkedIdentityOf(9)).toBeNull();
    expect(seen).toEqual([3, 4]);
  });

  it('lose an account that is linked with somebody else', () => {
    const players = new Players(createFakePlayerSource({ 3: [LICENSE], 4: ['steam:7'] }));
    players.learn(linked('00aabb', 'account'));
    players.learn(linked('steam:7', 'account'));
    expect(players.sourcesOfIdentities(['account'])).toEqual([4]);
    expect(players.linkedIdentityOf(3)).toBeNull();
  });

  it('learn nothing from a simulated event', () => {
    const players = new Players(createFakePlayerSource({ 3: [LICENSE] }));
    players.learn({ ...linked('00aabb', 'account'), source: 'simulated' });
    expect(players.sourcesOfIdentities(['account'])).toEqual([]);
  });

  it('are looked up among 2,000 without asking the game server', () => {
    const source = createFakePlayerSource();
    const players = new Players(source);
    for (let player = 1; player <= 2_000; player += 1) source.join(player, `license:${player}`, `steam:s${player}`);
    const { asked } = source;
    expect(players.sourcesOfIdentities(['license:1234', 'S1999'])).toEqual([1234, 1999]);
    expect(source.asked).toBe(asked);
    expect(asked).toBe(2_001);
  });
});
