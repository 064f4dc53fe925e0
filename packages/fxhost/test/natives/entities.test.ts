import { afterEach, describe, expect, test } from '@jest/globals';
import { type SetUpNatives, setUpNatives } from './set-up-natives.ts';

const open: SetUpNatives[] = [];

function setUp(): SetUpNatives {
  const natives = setUpNatives();
  open.push(natives);
  return natives;
}

afterEach(() => {
  for (const natives of open.splice(0)) natives.close();
});

const ADDER = -1216765807;

describe('entities that scripts make', () => {
  test.each([
    ['CreateVehicleServerSetter', [ADDER, 'boat', 1, 2, 3, 90], 2, 'boat'],
    ['CreateVehicle', ['adder', 1, 2, 3, 90, 1, 1], 2, 'automobile'],
    ['CreatePed', [4, ADDER, 1, 2, 3, 90, 1, 1], 1, ''],
  ])('%s gives them their place, direction and model', (native, args, type, vehicleType) => {
    const { invoke } = setUp();
    const entity = invoke(native, ...args);
    expect(invoke('DoesEntityExist', entity)).toBe(1);
    expect([...(invoke('GetEntityCoords', entity) as Float32Array)]).toEqual([1, 2, 3]);
    expect(invoke('GetEntityHeading', entity)).toBe(90);
    expect(invoke('GetEntityModel', entity)).toBe(ADDER);
    expect(invoke('GetEntityType', entity)).toBe(type);
    expect(invoke('GetVehicleType', entity)).toBe(vehicleType);
    expect(invoke('GetEntityPopulationType', entity)).toBe(7);
    expect(invoke('GetEntityScript', entity)).toBe('cad');
  });

  test('are listed by their kind, peds of players among the peds', () => {
    const { invoke, set } = setUp();
    set.players.add({ id: 3 });
    const vehicle = invoke('CreateVehicle', ADDER, 0, 0, 0, 0);
    const object = invoke('CreateObjectNoOffset', ADDER, 0, 0, 0, 1, 1, 0);
    const ped = invoke('CreatePed', 4, ADDER, 0, 0, 0, 0);
    expect(invoke('GetAllVehicles')).toEqual([vehicle]);
    expect(invoke('GetAllObjects')).toEqual([object]);
    expect(invoke('GetAllPeds')).toEqual([invoke('GetPlayerPed', 3), ped]);
    expect(['CPed', 'CVehicle', 'CNetObject', 'CPickup'].map((pool) => invoke('GetGamePool', pool))).toEqual([
      [invoke('GetPlayerPed', 3), ped],
      [vehicle],
      [object],
      [],
    ]);
  });

  test('have a network id by which they are found again', () => {
    const { invoke } = setUp();
    const entity = invoke('CreateVehicle', ADDER, 0, 0, 0, 0);
    const id = invoke('NetworkGetNetworkIdFromEntity', entity);
    expect([invoke('NetworkGetEntityFromNetworkId', id), invoke('NetworkGetEntityFromNetworkId', 1)]).toEqual([
      entity,
      0,
    ]);
  });

  test('can be moved, turned, frozen and given a plate', () => {
    const { invoke } = setUp();
    const entity = invoke('CreateVehicle', ADDER, 0, 0, 0, 0);
    invoke('SetEntityCoords', entity, 4, 5, 6.5, 0, 0, 0, 0);
    invoke('SetEntityHeading', entity, 45);
    invoke('FreezeEntityPosition', entity, true);
    invoke('SetVehicleNumberPlateText', entity, 'MORE THAN 8');
    invoke('SetEntityVelocity', entity, 3, 4, 0);
    invoke('SetEntityOrphanMode', entity, 2);
    expect([...(invoke('GetEntityCoords', entity) as Float32Array)]).toEqual([4, 5, 6.5]);
    expect([...(invoke('GetEntityRotation', entity) as Float32Array)]).toEqual([0, 0, 45]);
    expect(invoke('IsEntityPositionFrozen', entity)).toBe(1);
    expect(invoke('GetVehicleNumberPlateText', entity)).toBe('MORE THA');
    expect(invoke('GetEntitySpeed', entity)).toBe(5);
    expect(invoke('GetEntityOrphanMode', entity)).toBe(2);
  });

  test('hold peds in seats, and lose a ped that enters another vehicle', () => {
    const { invoke, set } = setUp();
    set.players.add({ id: 3 });
    const ped = invoke('GetPlayerPed', 3);
    const [first, second] = [invoke('CreateVehicle', ADDER, 0, 0, 0, 0), invoke('CreateVehicle', ADDER, 0, 0, 0, 0)];
    invoke('SetPedIntoVehicle', ped, first, -1);
    expect(invoke('IsPedInAnyVehicle', ped)).toBe(1);
    expect([invoke('GetPedInVehicleSeat', first, -1), invoke('GetVehiclePedIsIn', ped)]).toEqual([ped, first]);
    invoke('TaskWarpPedIntoVehicle', ped, second, 0);
    expect([invoke('GetPedInVehicleSeat', first, -1), invoke('GetVehiclePedIsIn', ped)]).toEqual([0, second]);
  });

  test('raise entityRemoved when they are deleted, and are gone then', () => {
    const { invoke, log } = setUp();
    const entity = invoke('CreateVehicle', ADDER, 0, 0, 0, 0);
    invoke('DeleteEntity', entity);
    expect(log).toContainEqual(['emitted', 'entityRemoved', entity, 'now']);
    expect(invoke('DoesEntityExist', entity)).toBe(false);
    expect(() => invoke('GetEntityCoords', entity)).toThrow(`Tried to access invalid entity: ${entity}`);
  });

  test('cannot be vehicles of an unknown type', () => {
    const { invoke } = setUp();
    expect(() => invoke('CreateVehicleServerSetter', ADDER, 'car', 0, 0, 0, 0)).toThrow('Invalid entity type car');
  });
});

describe('the owner of an entity', () => {
  test('is the nearest player of its routing bucket, and then the next one', () => {
    const { invoke, set } = setUp();
    const vehicle = invoke('CreateVehicleServerSetter', ADDER, 'bike', 0, 0, 0, 0);
    expect([invoke('NetworkGetEntityOwner', vehicle), invoke('GetVehicleNumberPlateText', vehicle)]).toEqual([-1, '']);
    set.players.add({ id: 1, coords: [50, 0, 0] });
    const near = set.players.add({ id: 2, coords: [10, 0, 0] });
    set.players.add({ id: 3, coords: [1, 0, 0], routingBucket: 9 });
    expect(invoke('NetworkGetEntityOwner', vehicle)).toBe(2);
    near.coords = [90, 0, 0];
    expect(invoke('NetworkGetEntityOwner', vehicle)).toBe(2);
    set.players.drop(2, 'left');
    expect(invoke('NetworkGetEntityOwner', vehicle)).toBe(1);
  });

  test('gives a vehicle a plate that has none', () => {
    const { invoke, set } = setUp();
    set.players.add();
    const [first, second] = [invoke('CreateVehicle', ADDER, 0, 0, 0, 0), invoke('CreateVehicle', ADDER, 0, 0, 0, 0)];
    const plates = [first, second].map((vehicle) => invoke('GetVehicleNumberPlateText', vehicle));
    expect(plates).toEqual([expect.stringMatching(/^FX\d{6}$/), expect.stringMatching(/^FX\d{6}$/)]);
    expect(plates[0]).not.toBe(plates[1]);
  });
});

describe('an entity that a script makes with a server native', () => {
  test('raises serverEntityCreated at the next tick, and no other event', () => {
    const { invoke, log } = setUp();
    const entity = invoke('CreateVehicleServerSetter', ADDER, 'bike', 0, 0, 0, 0);
    expect(log).toEqual([['emitted', 'serverEntityCreated', entity, 'next tick']]);
  });
});

describe('an entity that a game makes', () => {
  test('raises entityCreating at once, and entityCreated at the next tick', () => {
    const { log, set } = setUp();
    const entity = set.entities.add({ kind: 'vehicle', owner: 3, populationType: 5 });
    expect(log).toEqual([
      ['emitted', 'entityCreating', entity?.handle, 'now'],
      ['emitted', 'entityCreated', entity?.handle, 'next tick'],
    ]);
  });

  test('is not made when a handler cancels entityCreating', () => {
    const { cancelled, invoke, set } = setUp();
    cancelled.add('entityCreating');
    expect(set.entities.add({ kind: 'vehicle' })).toBeNull();
    expect([invoke('CreateVehicle', ADDER, 0, 0, 0, 0), invoke('GetAllVehicles')]).toEqual([0, []]);
  });
});

describe('the ped of a player', () => {
  test('has the coordinates of the player, and moves the player when it is moved', () => {
    const { invoke, set } = setUp();
    const player = set.players.add({ id: 3, coords: [1, 2, 3], heading: 90 });
    const ped = invoke('GetPlayerPed', 3);
    expect([
      invoke('GetEntityHeading', ped),
      invoke('NetworkGetEntityOwner', ped),
      invoke('IsPedAPlayer', ped),
    ]).toEqual([90, 3, 1]);
    invoke('SetEntityCoords', ped, 7, 8, 9);
    invoke('SetEntityHeading', ped, 10);
    expect([player.coords, player.heading]).toEqual([[7, 8, 9], 10]);
    player.coords = [4, 4, 4];
    expect([...(invoke('GetEntityCoords', ped) as Float32Array)]).toEqual([4, 4, 4]);
  });

  test('takes the model that SetPlayerModel gives the player', () => {
    const { invoke, set } = setUp();
    set.players.add({ id: 3 });
    invoke('SetPlayerModel', 3, 'adder');
    expect(invoke('GetEntityModel', invoke('GetPlayerPed', 3))).toBe(ADDER);
    expect(invoke('SetPlayerModel', 9, 'adder')).toBeNull();
  });

  test('survives DeleteEntity, and goes when the player leaves', () => {
    const { invoke, set } = setUp();
    set.players.add({ id: 3 });
    const ped = invoke('GetPlayerPed', 3);
    invoke('DeleteEntity', ped);
    expect(invoke('DoesEntityExist', ped)).toBe(1);
    set.players.drop(3, 'left');
    expect([invoke('DoesEntityExist', ped), invoke('GetAllPeds')]).toEqual([false, []]);
  });
});

describe('natives about entities', () => {
  test('return zeros for the handle 0', () => {
    const { invoke } = setUp();
    expect(
      ['GetEntityType', 'GetEntityModel', 'NetworkGetNetworkIdFromEntity', 'DoesEntityExist'].map((n) => invoke(n, 0)),
    ).toEqual([0, 0, 0, false]);
    expect([...(invoke('GetEntityCoords', 0) as Float32Array)]).toEqual([0, 0, 0]);
  });

  test('change routing buckets, and raise onPlayerBucketChange or onEntityBucketChange', () => {
    const { invoke, log, set } = setUp();
    set.players.add({ id: 3 });
    const ped = invoke('GetPlayerPed', 3);
    const vehicle = invoke('CreateVehicleServerSetter', ADDER, 'bike', 0, 0, 0, 0);
    invoke('SetPlayerRoutingBucket', 3, 5);
    invoke('SetEntityRoutingBucket', vehicle, 6);
    expect([invoke('GetPlayerRoutingBucket', 3), invoke('GetEntityRoutingBucket', ped)]).toEqual([5, 5]);
    expect(invoke('GetEntityRoutingBucket', vehicle)).toBe(6);
    expect(log.slice(1)).toEqual([
      ['emitted', 'onPlayerBucketChange', '3', 5, 0, 'now'],
      ['emitted', 'onEntityBucketChange', vehicle, 6, 0, 'now'],
    ]);
  });
});
