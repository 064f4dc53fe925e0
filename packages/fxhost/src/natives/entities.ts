import type { Player, Players } from './players.ts';

type Vector3 = [x: number, y: number, z: number];

/** An entity as natives see it. Tests may change its fields. */
export interface Entity {
  /** Names it in scripts of the server. */
  readonly handle: number;
  /** Names it between the server and the games. */
  readonly networkId: number;
  readonly kind: 'ped' | 'vehicle' | 'object';
  /** The hash of its model, signed. */
  model: number;
  coords: Vector3;
  /** Degrees. The third is the heading. */
  rotation: Vector3;
  /** Metres a second. */
  velocity: Vector3;
  /** Id of the player whose game runs it; -1 for none, until there is a player who can. */
  owner: number;
  /** 7 for an entity that a script made, 5 for ambient traffic and pedestrians. */
  populationType: number;
  routingBucket: number;
  health: number;
  maxHealth: number;
  armour: number;
  isFrozen: boolean;
  /** FXServer's number for what happens when the owner leaves. In fxhost the entity always stays. */
  orphanMode: number;
  /** The resource whose script made it; null when a game made it. */
  script: string | null;
  /** `automobile`, `bike`, `boat`, `heli`, `plane`, `submarine`, `trailer` or `train`; empty unless it is a vehicle. */
  vehicleType: string;
  plate: string;
  /** 0 and 1 mean open, 2 means locked. */
  lockStatus: number;
  engineHealth: number;
  bodyHealth: number;
  petrolTankHealth: number;
  dirtLevel: number;
  /** The peds in a vehicle by seat. The driver's seat is -1. */
  readonly seats: Map<number, Entity>;
}

/** The fields that a new entity can be given. All but the kind have defaults. */
export type EntityInit = Pick<Entity, 'kind'> & Partial<Omit<Entity, 'handle' | 'networkId' | 'seats'>>;

interface Events {
  /** Called before a game's entity exists for others. @returns false to delete it at once */
  creating(entity: Entity): boolean;
  /** Called when a game has made an entity. */
  created(entity: Entity): void;
  /** Called when a script of the server has made an entity. */
  serverCreated(entity: Entity): void;
  /** Called while a deleted entity still exists. */
  removed(entity: Entity): void;
}

export type Entities = ReturnType<typeof createEntities>;

const FIRST_HANDLE = 0x20000;
const FIRST_NETWORK_ID = 10_000;
/** Network ids have 16 bits. */
const MAX_NETWORK_ID = 0xffff;
const MISSION = 7;

/** The entities of the server: the peds of its players, and all that scripts and games have made. */
export function createEntities(players: Players, events: Events) {
  const entities = new Map<number, Entity>();
  const peds = new WeakMap<Player, Entity>();
  let lastNetworkId = FIRST_NETWORK_ID - 1;

  const nextNetworkId = (): number => {
    for (let tried = FIRST_NETWORK_ID; tried <= MAX_NETWORK_ID; tried++) {
      lastNetworkId = lastNetworkId === MAX_NETWORK_ID ? FIRST_NETWORK_ID : lastNetworkId + 1;
      if (!entities.has(FIRST_HANDLE + lastNetworkId)) return lastNetworkId;
    }
    throw new Error('there are too many entities');
  };
  const pedOf = (player: Player): Entity => {
    const ped = peds.get(player) ?? createPed(player, players.pedOf(player));
    peds.set(player, ped);
    return ped;
  };

  /**
   * Gives an entity without an owner to the nearest player in its routing bucket. That player's game would also give a
   * vehicle its plate.
   */
  const adopt = (entity: Entity): void => {
    if (players.find(String(entity.owner)) === undefined) {
      const [nearest] = players
        .list()
        .filter(({ routingBucket }) => routingBucket === entity.routingBucket)
        .sort((a, b) => distance(a.coords, entity.coords) - distance(b.coords, entity.coords));
      entity.owner = nearest?.id ?? -1;
    }
    if (entity.kind === 'vehicle' && entity.plate === '' && entity.owner !== -1) {
      entity.plate = `FX${String(entity.networkId).padStart(6, '0')}`;
    }
  };

  return {
    /**
     * Adds an entity that a script of the server makes, or the game of a player.
     *
     * @returns null when a handler of `entityCreating` cancelled it
     */
    add(init: EntityInit, by: 'server' | 'game' = 'game'): Entity | null {
      const networkId = nextNetworkId();
      const entity = createRecord(init, networkId);
      entities.set(entity.handle, entity);
      if (by === 'server') events.serverCreated(entity);
      else if (events.creating(entity)) events.created(entity);
      else {
        entities.delete(entity.handle);
        return null;
      }
      return entity;
    },
    find(handle: number): Entity | undefined {
      const player = players.findByPed(handle);
      if (player !== undefined) return pedOf(player);
      const entity = entities.get(handle);
      if (entity !== undefined) adopt(entity);
      return entity;
    },
    findByNetworkId(id: number): Entity | undefined {
      return this.find(FIRST_HANDLE + id);
    },
    pedOf,
    list: (): Entity[] => [...players.list().map(pedOf), ...entities.values()],
    /** Deletes an entity and takes it out of the vehicle it is in. A player's ped stays. */
    delete({ handle }: Entity): void {
      const entity = entities.get(handle);
      if (entity === undefined) return;
      events.removed(entity);
      entities.delete(handle);
      leaveVehicle(entity, entities.values());
    },
    /** Puts a ped into a vehicle, out of the one it was in. */
    seat(ped: Entity, vehicle: Entity, seat: number): void {
      leaveVehicle(ped, entities.values());
      vehicle.seats.set(seat, ped);
    },
    vehicleOf: (ped: Entity): Entity | undefined =>
      [...entities.values()].find(({ seats }) => [...seats.values()].includes(ped)),
  };
}

function distance(a: Vector3, b: Vector3): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function createRecord(init: EntityInit, networkId: number): Entity {
  return {
    model: 0,
    coords: [0, 0, 0],
    rotation: [0, 0, 0],
    velocity: [0, 0, 0],
    owner: -1,
    populationType: MISSION,
    routingBucket: 0,
    health: init.kind === 'ped' ? 200 : 1000,
    maxHealth: init.kind === 'ped' ? 200 : 1000,
    armour: 0,
    isFrozen: false,
    orphanMode: 0,
    script: null,
    vehicleType: init.kind === 'vehicle' ? 'automobile' : '',
    plate: '',
    lockStatus: 1,
    engineHealth: 1000,
    bodyHealth: 1000,
    petrolTankHealth: 1000,
    dirtLevel: 0,
    ...init,
    handle: FIRST_HANDLE + networkId,
    networkId,
    seats: new Map(),
  };
}

/** Makes the ped of a player. Its place, heading and routing bucket are those of the player. */
function createPed(player: Player, handle: number): Entity {
  const init = { kind: 'ped', model: FREEMODE_PED, owner: player.id, populationType: 0 } as const;
  return Object.defineProperties(createRecord(init, handle - FIRST_HANDLE), {
    coords: {
      get: () => player.coords,
      set: (coords: Vector3) => {
        player.coords = coords;
      },
    },
    rotation: {
      get: (): Vector3 => [0, 0, player.heading],
      set: (rotation: Vector3) => {
        player.heading = rotation[2];
      },
    },
    routingBucket: {
      get: () => player.routingBucket,
      set: (bucket: number) => {
        player.routingBucket = bucket;
      },
    },
  });
}

/** `mp_m_freemode_01` */
const FREEMODE_PED = 1885233650;

function leaveVehicle(ped: Entity, vehicles: Iterable<Entity>): void {
  for (const { seats } of vehicles) {
    for (const [seat, passenger] of seats) if (passenger === ped) seats.delete(seat);
  }
}
