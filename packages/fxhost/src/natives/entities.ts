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

const FIRST_HANDLE = 0x20000;
const FIRST_NETWORK_ID = 10_000;
/** Network ids have 16 bits. */
const MAX_NETWORK_ID = 0xffff;
const MISSION = 7;

/** The entities of the server: the peds of its players, and all that scripts and games have made. */
export class Entities {
  readonly #players: Players;
  readonly #events: Events;
  readonly #entities = new Map<number, Entity>();
  readonly #peds = new WeakMap<Player, Entity>();
  #lastNetworkId = FIRST_NETWORK_ID - 1;

  constructor(players: Players, events: Events) {
    this.#players = players;
    this.#events = events;
  }

  /**
   * Adds an entity that a script of the server makes, or the game of a player.
   *
   * @returns null when a handler of `entityCreating` cancelled it
   */
  add(init: EntityInit, by: 'server' | 'game' = 'game'): Entity | null {
    const entity = createRecord(init, this.#nextNetworkId());
    this.#entities.set(entity.handle, entity);
    if (by === 'server') this.#events.serverCreated(entity);
    else if (this.#events.creating(entity)) this.#events.created(entity);
    else {
      this.#entities.delete(entity.handle);
      return null;
    }
    return entity;
  }

  find(handle: number): Entity | undefined {
    const player = this.#players.findByPed(handle);
    if (player !== undefined) return this.#pedOf(player);
    const entity = this.#entities.get(handle);
    if (entity !== undefined) this.#adopt(entity);
    return entity;
  }

  findByNetworkId(id: number): Entity | undefined {
    return this.find(FIRST_HANDLE + id);
  }

  list(): Entity[] {
    return [...this.#players.list().map((player) => this.#pedOf(player)), ...this.#entities.values()];
  }

  /** Deletes an entity and takes it out of the vehicle it is in. A player's ped stays. */
  delete({ handle }: Entity): void {
    const entity = this.#entities.get(handle);
    if (entity === undefined) return;
    this.#events.removed(entity);
    this.#entities.delete(handle);
    this.#leaveVehicle(entity);
  }

  /** Puts a ped into a vehicle, out of the one it was in. */
  seat(ped: Entity, vehicle: Entity, seat: number): void {
    this.#leaveVehicle(ped);
    vehicle.seats.set(seat, ped);
  }

  vehicleOf(ped: Entity): Entity | undefined {
    return [...this.#entities.values()].find(({ seats }) => [...seats.values()].includes(ped));
  }

  #leaveVehicle(ped: Entity): void {
    for (const { seats } of this.#entities.values()) {
      for (const [seat, passenger] of seats) if (passenger === ped) seats.delete(seat);
    }
  }

  #nextNetworkId(): number {
    for (let tried = FIRST_NETWORK_ID; tried <= MAX_NETWORK_ID; tried++) {
      this.#lastNetworkId = this.#lastNetworkId === MAX_NETWORK_ID ? FIRST_NETWORK_ID : this.#lastNetworkId + 1;
      if (!this.#entities.has(FIRST_HANDLE + this.#lastNetworkId)) return this.#lastNetworkId;
    }
    throw new Error('there are too many entities');
  }

  #pedOf(player: Player): Entity {
    const ped = this.#peds.get(player) ?? createPed(player, this.#players.pedOf(player));
    this.#peds.set(player, ped);
    return ped;
  }

  /**
   * Gives an entity without an owner to the nearest player in its routing bucket. That player's game would also give a
   * vehicle its plate.
   */
  #adopt(entity: Entity): void {
    if (this.#players.find(String(entity.owner)) === undefined) {
      const [nearest] = this.#players
        .list()
        .filter(({ routingBucket }) => routingBucket === entity.routingBucket)
        .sort((a, b) => distance(a.coords, entity.coords) - distance(b.coords, entity.coords));
      entity.owner = nearest?.id ?? -1;
    }
    if (entity.kind === 'vehicle' && entity.plate === '' && entity.owner !== -1) {
      entity.plate = `FX${String(entity.networkId).padStart(6, '0')}`;
    }
  }
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
