import { describe, expect, it } from '@jest/globals';
import { createPlayers, playerNatives } from '../../src/natives/players.ts';
import { caller } from './caller.ts';

function setup() {
  const dropped: unknown[] = [];
  const players = createPlayers({ dropped: (player, reason) => dropped.push([player.id, reason]) });
  const natives = playerNatives(players);
  const me = caller('me');
  return { players, dropped, invoke: (name: string, ...args: unknown[]) => natives[name]?.(me, ...args) };
}

describe('players', () => {
  it('get free ids unless told otherwise', () => {
    const { players } = setup();
    players.add({ id: 2 });
    expect([players.add().id, players.add().id]).toEqual([1, 3]);
    expect(() => players.add({ id: 3 })).toThrow('player 3 is already connected');
  });

  it('are listed without those still connecting, as of the last count', () => {
    const { players, invoke } = setup();
    players.add({ id: 4 });
    players.add({ id: 9 });
    players.add({ id: 65536 });
    expect(invoke('GetPlayerFromIndex', 0)).toBeNull();
    expect(invoke('GetNumPlayerIndices')).toBe(2);
    players.drop(9, 'bye');
    expect([0, 1, 2].map((index) => invoke('GetPlayerFromIndex', index))).toEqual(['4', null, null]);
  });

  it('tell everything about themselves, by number or text', () => {
    const { players, invoke } = setup();
    players.add({
      id: 7,
      name: 'Jo',
      identifiers: ['license2:b', 'license:a', 'discord:1'],
      tokens: ['t'],
      endpoint: '203.0.113.5',
      ping: 30,
      coords: [1.1, 2, 3],
      heading: 90,
      routingBucket: 2,
    });
    expect(invoke('DoesPlayerExist', 7)).toBe(1);
    expect(invoke('GetPlayerName', '7')).toBe('Jo');
    expect(invoke('GetPlayerName', '7.0')).toBe('Jo');
    expect(invoke('GetNumPlayerIdentifiers', 7)).toBe(3);
    expect(invoke('GetPlayerIdentifier', 7, 2)).toBe('discord:1');
    expect(invoke('GetPlayerIdentifier', 7, 3)).toBeNull();
    expect(invoke('GetPlayerIdentifierByType', 7, 'discord')).toBe('discord:1');
    expect(invoke('GetPlayerIdentifierByType', 7, 'license')).toBe('license2:b');
    expect(invoke('GetPlayerIdentifierByType', 7, 'steam')).toBeNull();
    expect(invoke('GetNumPlayerTokens', 7)).toBe(1);
    expect(invoke('GetPlayerToken', 7, 0)).toBe('t');
    expect(invoke('GetPlayerEndpoint', 7)).toBe('203.0.113.5');
    expect(invoke('GetPlayerPing', 7)).toBe(30);
    expect(invoke('GetPlayerRoutingBucket', 7)).toBe(2);
    expect(invoke('GetPlayerPed', 7)).toBe(0x20007);
  });

  it('say for how many whole seconds they are online', () => {
    let now = 5000;
    const players = createPlayers({ now: () => now });
    const { id } = players.add();
    now = 7999;
    expect(playerNatives(players).GetPlayerTimeOnline?.(caller('me'), id)).toBe(2);
  });

  it('can be muted on the voice server', () => {
    const { players, invoke } = setup();
    const { id } = players.add();
    expect(invoke('MumbleIsPlayerMuted', id)).toBe(false);
    invoke('MumbleSetPlayerMuted', id, true);
    expect(invoke('MumbleIsPlayerMuted', id)).toBe(1);
  });

  it('give null, 0 or false when they are not there', () => {
    const { invoke } = setup();
    expect(invoke('DoesPlayerExist', 7)).toBe(false);
    expect(invoke('GetPlayerName', 7)).toBeNull();
    expect(invoke('GetPlayerName', 'abc')).toBeNull();
    expect(invoke('GetPlayerPed', 7)).toBe(0);
    expect(invoke('GetPlayerPing', 7)).toBe(0);
    expect(invoke('GetPlayerEndpoint', 7)).toBeNull();
    expect(invoke('GetPlayerIdentifierByType', 7, 'license')).toBeNull();
    expect(invoke('GetPlayerTimeOnline', 7)).toBe(0);
    expect(() => invoke('GetPlayerName', null)).toThrow('Argument at index 0 was null');
  });

  it.each([
    ['are new for each in FXServer', false, [1, 2, 3]],
    ['are given to the next one in the newer server', true, [1, 2, 1]],
  ])('have ids that %s', (_, reusesIds, ids) => {
    const players = createPlayers({ reusesIds });
    const [first, second] = [players.add(), players.add()];
    players.drop(first.id, 'left');
    expect([first.id, second.id, players.add().id]).toEqual(ids);
  });

  it('can be dropped, except while connecting', () => {
    const { players, dropped, invoke } = setup();
    const player = players.add();
    players.add({ id: 70000 });
    invoke('DropPlayer', 1, 'kicked');
    invoke('DropPlayer', 70000, 'kicked');
    invoke('DropPlayer', 5, 'kicked');
    expect(dropped).toEqual([[1, 'kicked']]);
    expect(player.dropped).toBe('kicked');
    expect(invoke('GetPlayerName', 1)).toBeNull();
    expect(invoke('DoesPlayerExist', 70000)).toBe(1);
  });

  it('are known until everybody has heard that they leave, and leave once', () => {
    const known: unknown[] = [];
    const players = createPlayers({
      dropped({ id }, reason) {
        const natives = playerNatives(players);
        const me = caller('me');
        const invoke = (name: string, ...args: unknown[]) => natives[name]?.(me, ...args);
        known.push(reason, invoke('GetPlayerName', id), invoke('GetNumPlayerIndices'), invoke('GetPlayerFromIndex', 0));
        known.push(players.drop(id, 'again'));
      },
    });
    const { id } = players.add({ name: 'Ann' });
    expect(players.drop(id, 'left')).toBe(true);
    expect(known).toEqual(['left', 'Ann', 1, String(id), false]);
    expect(players.list()).toEqual([]);
  });
});
