import type { Native } from '../types.ts';
import type { Entities, Entity, EntityInit } from './entities.ts';
import { boolResult, floatArgument, integerArgument, requiredText } from './native-arguments.ts';
import type { Players } from './players.ts';
import { hashKey } from './resource-natives.ts';

interface Services {
  readonly entities: Entities;
  readonly players: Players;
  /** Triggers a local event of the server. */
  emit(event: string, ...args: unknown[]): void;
}

const TYPES = { ped: 1, vehicle: 2, object: 3 } as const;
const POOLS: Readonly<Record<string, Entity['kind']>> = {
  CPed: 'ped',
  CVehicle: 'vehicle',
  CObject: 'object',
  CNetObject: 'object',
};
const VEHICLE_TYPES: readonly string[] = [
  ...['automobile', 'bike', 'boat', 'heli', 'plane', 'submarine', 'trailer', 'train'],
];

/** Natives about entities. A handle of 0 gives 0, and an invalid one is an error, as on FXServer. */
export function entityNatives({ entities, players, emit }: Services): Record<string, Native> {
  const found = (args: readonly unknown[]): Entity | null => {
    const handle = integerArgument(args, 0);
    if (handle === 0) return null;
    const entity = entities.find(handle);
    if (entity === undefined) throw new Error(`Tried to access invalid entity: ${handle}`);
    return entity;
  };
  /** @param none given for the handle 0 */
  const get =
    <T>(none: T, read: (entity: Entity, args: readonly unknown[]) => T): Native =>
    (_caller, ...args) => {
      const entity = found(args);
      return entity === null ? none : read(entity, args);
    };
  const set =
    (write: (entity: Entity, args: readonly unknown[]) => void): Native =>
    (_caller, ...args) => {
      const entity = found(args);
      if (entity !== null) write(entity, args);
      return null;
    };
  const create =
    (by: 'server' | 'game', read: (args: readonly unknown[]) => EntityInit): Native =>
    (caller, ...args) => {
      return entities.add({ ...read(args), script: caller.resource.name }, by)?.handle ?? 0;
    };
  const listed =
    (kind: Entity['kind'] | undefined): Native =>
    () =>
      entities
        .list()
        .filter((entity) => entity.kind === kind)
        .map(({ handle }) => handle);

  return {
    DoesEntityExist: (_caller, ...args) => boolResult(entities.find(integerArgument(args, 0)) !== undefined),
    DeleteEntity: set((entity) => entities.delete(entity)),
    GetAllPeds: listed('ped'),
    GetAllVehicles: listed('vehicle'),
    GetAllObjects: listed('object'),
    GetGamePool: (caller, ...args) => listed(POOLS[requiredText(args, 0)])(caller),

    CreateVehicle: create('game', (args) => vehicle(args, 1)),
    CreateAutomobile: create('server', (args) => vehicle(args, 1)),
    CreateVehicleServerSetter: create('server', (args) => {
      const vehicleType = requiredText(args, 1);
      if (!VEHICLE_TYPES.includes(vehicleType)) {
        throw new Error(`CREATE_VEHICLE_SERVER_SETTER: Invalid entity type ${vehicleType}`);
      }
      return { ...vehicle(args, 2), vehicleType };
    }),
    CreatePed: create('server', (args) => ({
      kind: 'ped',
      model: modelArgument(args, 1),
      coords: coordsArgument(args, 2),
      rotation: [0, 0, floatArgument(args, 5)],
    })),
    CreateObject: create('game', object),
    CreateObjectNoOffset: create('server', object),

    GetEntityCoords: get(vector([0, 0, 0]), ({ coords }) => vector(coords)),
    SetEntityCoords: set((entity, args) => {
      entity.coords = coordsArgument(args, 1);
    }),
    GetEntityHeading: get(0, ({ rotation }) => Math.fround(rotation[2])),
    SetEntityHeading: set((entity, args) => {
      entity.rotation = [entity.rotation[0], entity.rotation[1], floatArgument(args, 1)];
    }),
    GetEntityRotation: get(vector([0, 0, 0]), ({ rotation }) => vector(rotation)),
    SetEntityRotation: set((entity, args) => {
      entity.rotation = coordsArgument(args, 1);
    }),
    GetEntityVelocity: get(vector([0, 0, 0]), ({ velocity }) => vector(velocity)),
    SetEntityVelocity: set((entity, args) => {
      entity.velocity = coordsArgument(args, 1);
    }),
    GetEntitySpeed: get(0, ({ velocity }) => Math.fround(Math.hypot(...velocity))),
    GetEntityModel: get(0, ({ model }) => model),
    GetEntityType: get(0, ({ kind }) => TYPES[kind]),
    GetEntityPopulationType: get(0, ({ populationType }) => populationType),
    GetEntityScript: get<string | null>(null, ({ script }) => script),
    GetEntityHealth: get(0, ({ health }) => health),
    GetEntityMaxHealth: get(0, ({ maxHealth }) => maxHealth),
    FreezeEntityPosition: set((entity, args) => {
      entity.isFrozen = isTrue(args[1]);
    }),
    IsEntityPositionFrozen: get(boolResult(false), ({ isFrozen }) => boolResult(isFrozen)),
    GetEntityOrphanMode: get(0, ({ orphanMode }) => orphanMode),
    SetEntityOrphanMode: set((entity, args) => {
      entity.orphanMode = integerArgument(args, 1);
    }),
    EnsureEntityStateBag: set(() => {}),

    NetworkGetNetworkIdFromEntity: get(0, ({ networkId }) => networkId),
    NetworkGetEntityFromNetworkId: (_caller, ...args) => {
      const id = integerArgument(args, 0);
      return id === 0 ? 0 : (entities.findByNetworkId(id)?.handle ?? 0);
    },
    NetworkGetEntityOwner: get(0, ({ owner }) => owner),
    NetworkGetFirstEntityOwner: get(0, ({ owner }) => owner),
    GetEntityFromStateBagName: (_caller, ...args) => {
      const id = idInBagName(requiredText(args, 0), 'entity:');
      return id === null ? 0 : (entities.findByNetworkId(id)?.handle ?? 0);
    },
    GetPlayerFromStateBagName: (_caller, ...args) => {
      const id = idInBagName(requiredText(args, 0), 'player:');
      return id === null ? 0 : (players.find(String(id))?.id ?? 0);
    },

    GetEntityRoutingBucket: get(0, ({ routingBucket }) => routingBucket),
    SetEntityRoutingBucket: set((entity, args) => {
      const [bucket, before] = [integerArgument(args, 1), entity.routingBucket];
      if (bucket >= 0) entity.routingBucket = bucket;
      emit('onEntityBucketChange', entity.handle, bucket, before);
    }),
    SetPlayerRoutingBucket: (_caller, ...args) => {
      const player = players.find(requiredText(args, 0));
      const bucket = integerArgument(args, 1);
      if (player === undefined || bucket < 0) return null;
      const before = player.routingBucket;
      player.routingBucket = bucket;
      emit('onPlayerBucketChange', String(player.id), bucket, before);
      return null;
    },
    SetRoutingBucketPopulationEnabled: () => null,
    SetRoutingBucketEntityLockdownMode: () => null,

    GetVehicleType: get('', ({ vehicleType }) => vehicleType),
    GetVehicleNumberPlateText: get('', ({ plate }) => plate),
    SetVehicleNumberPlateText: set((entity, args) => {
      entity.plate = requiredText(args, 1).slice(0, PLATE_LENGTH);
    }),
    GetVehicleDoorLockStatus: get(0, ({ lockStatus }) => lockStatus),
    SetVehicleDoorsLocked: set((entity, args) => {
      entity.lockStatus = integerArgument(args, 1);
    }),
    GetVehicleEngineHealth: get(0, ({ engineHealth }) => engineHealth),
    GetVehicleBodyHealth: get(0, ({ bodyHealth }) => bodyHealth),
    SetVehicleBodyHealth: set((entity, args) => {
      entity.bodyHealth = floatArgument(args, 1);
    }),
    GetVehiclePetrolTankHealth: get(0, ({ petrolTankHealth }) => petrolTankHealth),
    GetVehicleDirtLevel: get(0, ({ dirtLevel }) => dirtLevel),
    SetVehicleDirtLevel: set((entity, args) => {
      entity.dirtLevel = floatArgument(args, 1);
    }),
    GetPedArmour: get(0, ({ armour }) => armour),
    SetPedArmour: set((entity, args) => {
      entity.armour = integerArgument(args, 1);
    }),
    IsPedAPlayer: get(boolResult(false), ({ handle }) => boolResult(players.findByPed(handle) !== undefined)),
    GetPedInVehicleSeat: get(0, ({ seats }, args) => seats.get(integerArgument(args, 1))?.handle ?? 0),
    IsPedInAnyVehicle: get(boolResult(false), (ped) => boolResult(entities.vehicleOf(ped) !== undefined)),
    SetPlayerModel: (_caller, ...args) => {
      const player = players.find(requiredText(args, 0));
      const ped = player && entities.find(players.pedOf(player));
      if (ped !== undefined) ped.model = modelArgument(args, 1);
      return null;
    },
    GetVehiclePedIsIn: get(0, (ped) => entities.vehicleOf(ped)?.handle ?? 0),
    SetPedIntoVehicle: set((ped, args) => seat(entities, ped, args)),
    TaskWarpPedIntoVehicle: set((ped, args) => seat(entities, ped, args)),
  };
}

const PLATE_LENGTH = 8;

/** A vector for scripts. JavaScript gets a list of numbers, Lua a vector. */
function vector(parts: readonly number[]): Float32Array {
  return Float32Array.from(parts);
}

function vehicle(args: readonly unknown[], place: number): EntityInit {
  return {
    kind: 'vehicle',
    model: modelArgument(args, 0),
    coords: coordsArgument(args, place),
    rotation: [0, 0, floatArgument(args, place + 3)],
  };
}

function object(args: readonly unknown[]): EntityInit {
  return { kind: 'object', model: modelArgument(args, 0), coords: coordsArgument(args, 1) };
}

/** Natives take the hash of a model, or its name. */
function modelArgument(args: readonly unknown[], index: number): number {
  const value = args[index];
  return typeof value === 'string' ? hashKey(value) : integerArgument(args, index);
}

function coordsArgument(args: readonly unknown[], index: number): [x: number, y: number, z: number] {
  return [floatArgument(args, index), floatArgument(args, index + 1), floatArgument(args, index + 2)];
}

function isTrue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== 0;
}

function idInBagName(bag: string, prefix: string): number | null {
  return bag.startsWith(prefix) ? Number.parseInt(bag.slice(prefix.length), 10) : null;
}

function seat(entities: Entities, ped: Entity, args: readonly unknown[]): void {
  const vehicle = entities.find(integerArgument(args, 1));
  if (vehicle?.kind === 'vehicle') entities.seat(ped, vehicle, integerArgument(args, 2));
}
