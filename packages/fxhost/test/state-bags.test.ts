import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { decode, encode } from '../src/msgpack.ts';
import { StateBags, type StateChange } from '../src/state-bags.ts';
import { manifest, printedBy, serverWith } from './server-with.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

/** Bags of which only `global` exists, with what they replicate and what handlers hear. */
function createBags() {
  const replicated: string[] = [];
  const heard: unknown[] = [];
  const bags = new StateBags({ exists: (bag) => bag === 'global', replicate: ({ key }) => replicated.push(key) });
  const listen = (key: string, bag: string, owner = 'one') =>
    bags.addHandler({
      key,
      bag,
      owner,
      call: (args) => heard.push(decode(args)),
      release: () => heard.push('released'),
    });
  const set = (key: string, value: unknown, more: Partial<StateChange> = {}) =>
    bags.set({ bag: 'global', key, payload: encode(value), replicated: true, ...more });
  return { bags, replicated, heard, listen, set };
}

describe('a state bag', () => {
  test('keeps values, gives its keys, and forgets what is set to nil', () => {
    const { bags, set } = createBags();
    expect([set('b', { x: 1 }), set('a', 'text'), bags.keys('global')]).toEqual([true, true, ['a', 'b']]);
    expect(decode(bags.get('global', 'b') ?? encode(null))).toEqual({ x: 1 });
    set('a', null);
    expect([bags.get('global', 'a'), bags.keys('global')]).toEqual([undefined, ['b']]);
  });

  test('takes no value when its player or entity does not exist', () => {
    const { bags, set, heard, listen } = createBags();
    listen('', '');
    expect(set('a', 1, { bag: 'player:7' })).toBe(false);
    expect([bags.get('player:7', 'a'), heard]).toEqual([undefined, []]);
  });

  test('replicates what is to be replicated, and only when it has changed', () => {
    const { replicated, set } = createBags();
    set('a', 1);
    set('a', 1);
    set('a', 2);
    set('b', 1, { replicated: false });
    set('a', null);
    set('a', null);
    expect(replicated).toEqual(['a', 'a', 'a']);
  });

  test('calls the change handlers of a key and bag before it stores the value', () => {
    const { bags, heard, listen, set } = createBags();
    listen('a', '');
    listen('', 'entity:1');
    const before: unknown[] = [];
    bags.addHandler({
      key: '',
      bag: 'global',
      owner: 'two',
      call: () => before.push(bags.get('global', 'a')),
      release() {},
    });
    set('a', 5, { source: 3 });
    set('b', 6);
    expect(heard).toEqual([['global', 'a', 5, 3, true]]);
    expect(before).toEqual([undefined, encode(5)]);
  });

  test('calls no handler that was removed, or whose resource has stopped', () => {
    const { bags, heard, listen, set } = createBags();
    bags.removeHandler(listen('', ''));
    listen('', '', 'one');
    bags.removeHandlersOf('two');
    bags.removeHandlersOf('one');
    set('a', 1);
    expect(heard).toEqual(['released', 'released']);
  });
});

const LUA = manifest(`server_script 'server.lua'`, `client_script 'client.lua'`);

describe('state bags on a server', () => {
  test('are shared by resources in JavaScript and Lua, with all kinds of values', async () => {
    const host = await serverWith({
      js: `GlobalState.a = { b: [1] }; GlobalState.set('f', (n) => n + 1, true); print(GlobalState.none)`,
      lua: {
        'fxmanifest.lua': LUA,
        'server.lua': `print(GlobalState.a.b[1], GlobalState.f(2), GlobalState.none)
          GlobalState.v = vec2(1, 2) print(GlobalState.v, GetStateBagValue('global', 'v').y)
          print(StateBagHasKey('global', 'v'), json.encode(GetStateBagKeys('global')))
          GlobalState.v = nil print(StateBagHasKey('global', 'v'))`,
      },
    });
    expect(printedBy(host, 'js')).toEqual(['null']);
    expect(printedBy(host, 'lua')).toEqual(['1\t3\tnil', 'vec2(1.000000, 2.000000)\t2.0', '1\t["a","f","v"]', 'false']);
  });

  test('are deleted with their player or entity', async () => {
    const host = await serverWith({
      lua: {
        'fxmanifest.lua': LUA,
        'server.lua': `
          AddEventHandler('run', function(id)
            local car = CreateVehicleServerSetter(\`adder\`, 'automobile', vec3(1, 2, 3), 90.0)
            Entity(car).state.fuel = 50
            Player(id).state:set('job', 'police', true)
            print(Entity(car).state.fuel, Player(tostring(id)).state.job, Player(99).state.job)
            local bag = ('entity:%d'):format(NetworkGetNetworkIdFromEntity(car))
            print(GetEntityFromStateBagName(bag) == car, GetPlayerFromStateBagName('player:' .. id) == id)
            DeleteEntity(car)
            print(GetStateBagValue(bag, 'fuel'))
          end)
          AddEventHandler('left', function(id) print(GetStateBagValue('player:' .. id, 'job')) end)`,
      },
    });
    const player = host.addPlayer();
    host.emit('run', player.id);
    player.drop();
    host.emit('left', player.id);
    expect(printedBy(host, 'lua')).toEqual(['50\tpolice\tnil', 'true\ttrue', 'nil', 'nil']);
  });

  test('call change handlers of scripts until they are removed', async () => {
    const host = await serverWith({
      js: `AddStateBagChangeHandler('a', null, (...args) => print(JSON.stringify(args)))`,
      lua: {
        'fxmanifest.lua': LUA,
        'server.lua': `
          local cookie
          cookie = AddStateBagChangeHandler('', 'global', function(bag, key, value, source, replicated)
            print(bag, key, value, source, replicated, GlobalState[key])
            RemoveStateBagChangeHandler(cookie)
          end)
          GlobalState.a = vec2(1, 2) GlobalState:set('a', 2, false)`,
      },
    });
    expect(printedBy(host, 'lua')).toEqual(['global\ta\tvec2(1.000000, 2.000000)\t0\ttrue\tnil']);
    expect(printedBy(host, 'js').at(-1)).toBe('["global","a",2,0,false]');
  });

  test('can be reached through a Player or Entity that came with an event', async () => {
    const host = await serverWith({
      lua: {
        'fxmanifest.lua': LUA,
        'server.lua': `
          AddEventHandler('take', function(player, entity) print(player.state.a, entity.state.b) end)
          AddEventHandler('give', function(id)
            local car = CreateVehicle(\`adder\`, 0.0, 0.0, 0.0, 0.0, true, true)
            Player(id).state.a, Entity(car).state.b = 1, 2
            TriggerEvent('take', Player(id), Entity(car))
          end)`,
      },
    });
    host.emit('give', host.addPlayer().id);
    expect(printedBy(host, 'lua')).toEqual(['1\t2']);
  });
});

describe('state bags in the game of a player', () => {
  const GAME = {
    'fxmanifest.lua': LUA,
    'server.lua': `GlobalState.early = 1 GlobalState:set('hidden', 1, false)
      AddStateBagChangeHandler('', '', function(...) print(...) end)
      AddEventHandler('set', function() GlobalState.late = 2 end)`,
    'client.lua': `
      AddStateBagChangeHandler('', '', function(...) print('heard', ...) end)
      AddEventHandler('show', function()
        print(GlobalState.early, GlobalState.hidden, GlobalState.late, LocalPlayer.state.mine)
      end)
      AddEventHandler('write', function(key, replicated, bag)
        if bag then return SetStateBagValue(bag, key, msgpack.pack(1), 1, replicated) end
        LocalPlayer.state:set(key, 5, replicated)
      end)`,
  };

  test('have the replicated values from before and after the game began', async () => {
    const host = await serverWith({ one: GAME });
    const game = host.runClient(host.addPlayer(), 'one');
    game.emit('show');
    host.emit('set');
    game.emit('show');
    expect(game.lines).toEqual(['1\tnil\tnil\tnil', 'heard\tglobal\tlate\t2\t0\ttrue', '1\tnil\t2\tnil']);
  });

  test('replicate what a game sets for its own player, to the server and the other games', async () => {
    const host = await serverWith({ one: GAME });
    const [ann, bob] = [host.addPlayer(), host.addPlayer()];
    const [annsGame, bobsGame] = [host.runClient(ann, 'one'), host.runClient(bob, 'one')];
    annsGame.emit('write', 'mine', true);
    annsGame.emit('write', 'local', false);
    annsGame.emit('show');
    expect(printedBy(host, 'one')).toEqual([`player:${ann.id}\tmine\t5\t${ann.id}\ttrue`]);
    expect(annsGame.lines).toEqual([
      `heard\tplayer:${ann.id}\tmine\t5\t0\ttrue`,
      `heard\tplayer:${ann.id}\tlocal\t5\t0\tfalse`,
      '1\tnil\tnil\t5',
    ]);
    expect(bobsGame.lines).toEqual([`heard\tplayer:${ann.id}\tmine\t5\t0\ttrue`]);
  });

  test.each([
    ['of the whole server', 'global', {}],
    ['of another player', 'player:2', {}],
    ['of an entity that another game runs', 'entity:10000', {}],
    ['at all in strict mode', 'player:1', { sv_stateBagStrictMode: 'true' }],
  ])('cannot set a value %s', async (_, bag, convars) => {
    const host = await serverWith({ one: GAME }, { convars });
    const ann = host.addPlayer({ id: 1 });
    host.addPlayer({ id: 2 });
    host.natives.entities.add({ kind: 'vehicle', owner: 2 });
    host.runClient(ann, 'one').emit('write', 'key', true, bag);
    expect(printedBy(host, 'one')).toEqual([]);
  });
});
