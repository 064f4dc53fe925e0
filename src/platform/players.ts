import type { OtherResources } from './resources.ts';

/** A position in the game world. */
export interface Coordinates {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** The connected players, as the game server knows them. `source` is a player's server id throughout. */
export interface PlayerSource {
  /** Returns the server ids of all connected players. */
  list(): number[];
  /** Returns a player's identifiers with their prefixes; none for a player who is not connected. */
  identifiersOf(source: number): string[];
  /** Returns the position of a player's ped; null when the server does not know it. */
  coordinatesOf(source: number): Coordinates | null;
  /** Calls back with the server id of each player who joins from now on. */
  onJoin(callback: (source: number) => void): void;
  /** Calls back with the server id of each player who leaves from now on. */
  onDrop(callback: (source: number) => void): void;
}

/** The players of the running game server. */
export const serverPlayers: PlayerSource = {
  list: () => getPlayers().map(Number).filter(isJoined),
  identifiersOf: (source) => getPlayerIdentifiers(String(source)),
  coordinatesOf(source) {
    // Without OneSync the server knows no peds, and the native returns 0.
    const ped = GetPlayerPed(String(source));
    if (!ped) return null;

    const [x = 0, y = 0, z = 0] = GetEntityCoords(ped);
    return { x, y, z };
  },
  onJoin: (callback) => onPlayerEvent('playerJoining', callback),
  onDrop: (callback) => onPlayerEvent('playerDropped', callback),
};

/** Listens to an event of the server itself. No player's game can forge the event, because it is not a net event. */
function onPlayerEvent(event: string, callback: (source: number) => void): void {
  on(event, () => {
    const { source } = globalThis;
    if (typeof source === 'number' && isJoined(source)) callback(source);
  });
}

/** FXServer gives a connecting player a temporary id from this number up, and another id when the player has joined. */
const FIRST_CONNECTING_ID = 65_535;

function isJoined(source: number): boolean {
  return Number.isInteger(source) && source > 0 && source < FIRST_CONNECTING_ID;
}

/** A player's job in the server's framework. */
interface Job {
  readonly name: string;
  /** False only when the framework says that the player is off duty. */
  readonly isOnDuty: boolean;
}

/** Answers the questions that decide whether a player is on duty. `source` is a player's server id throughout. */
export interface DutyChecks {
  /** Returns whether a player has an ACE permission. */
  hasAce(source: number, permission: string): boolean;
  /** Returns null for a player without a job, or when no framework is started. */
  jobOf(source: number): Job | null;
  /** Returns whether a supported framework is started. */
  hasFramework(): boolean;
  /** Calls an export of another resource. @throws when the export does not exist or fails */
  callExport(resource: string, name: string, ...args: unknown[]): unknown;
}

/**
 * Duty checks against the game server's permissions and the framework's jobs.
 *
 * A job is asked for once and cached, because each question copies a whole player object between resources. The
 * framework's local events keep the cache current.
 */
export class FrameworkDutyChecks implements DutyChecks {
  readonly #resources: OtherResources;
  readonly #jobs = new Map<number, Job>();

  constructor(resources: OtherResources) {
    this.#resources = resources;

    for (const name of JOB_CHANGED_EVENTS) on(name, (source: unknown, job: unknown) => this.#remember(source, job));
    for (const name of JOB_OUTDATED_EVENTS) on(name, (source: unknown) => this.#forget(source));
    on('playerDropped', () => this.#forget(globalThis.source));
    on('QBCore:Server:PlayerLoaded', (player: unknown) => this.#forget(valueAt(player, 'PlayerData', 'source')));
  }

  hasAce(source: number, permission: string): boolean {
    // A native that returns BOOL returns false or a non-zero number.
    return Boolean(IsPlayerAceAllowed(String(source), permission));
  }

  jobOf(source: number): Job | null {
    const cached = this.#jobs.get(source);
    if (cached !== undefined) return cached;

    const framework = this.#startedFramework();
    const job = framework === undefined ? null : readJob(this.#askForJob(framework, source));
    if (job !== null) this.#jobs.set(source, job);
    return job;
  }

  hasFramework(): boolean {
    return this.#startedFramework() !== undefined;
  }

  callExport(resource: string, name: string, ...args: unknown[]): unknown {
    return this.#resources.callExport(resource, name, ...args);
  }

  #remember(source: unknown, given: unknown): void {
    const job = readJob(given);
    if (typeof source === 'number' && job !== null) this.#jobs.set(source, job);
  }

  #forget(source: unknown): void {
    this.#jobs.delete(Number(source));
  }

  #startedFramework(): Framework | undefined {
    return FRAMEWORKS.find((name) => this.#resources.isStarted(name));
  }

  #askForJob(framework: Framework, source: number): unknown {
    if (framework === 'qbx_core') {
      return valueAt(this.#resources.callExport('qbx_core', 'GetPlayer', source), 'PlayerData', 'job');
    }

    if (framework === 'qb-core') {
      const getPlayer = valueAt(this.#resources.callExport('qb-core', 'GetCoreObject'), 'Functions', 'GetPlayer');
      return typeof getPlayer === 'function' ? valueAt(getPlayer(source), 'PlayerData', 'job') : null;
    }

    const getPlayer = valueAt(this.#resources.callExport('es_extended', 'getSharedObject'), 'GetPlayerFromId');
    return typeof getPlayer === 'function' ? valueAt(getPlayer(source), 'job') : null;
  }
}

/** The resource names of the supported frameworks. The first one that is started is asked. */
const FRAMEWORKS = ['qbx_core', 'qb-core', 'es_extended'] as const;

type Framework = (typeof FRAMEWORKS)[number];

/** Framework events with a player's server id and new job. */
const JOB_CHANGED_EVENTS = ['esx:setJob', 'QBCore:Server:OnJobUpdate'];

/**
 * Framework events after which a cached job may be wrong: duty changed, or the player switched characters. The events carry
 * no job, so the next question asks the framework again.
 */
const JOB_OUTDATED_EVENTS = [
  'QBCore:Server:SetDuty',
  'esx:playerLogout',
  'esx:playerLoaded',
  'QBCore:Server:OnPlayerUnload',
];

/** Reads a framework's job object. QBCore writes `onduty`, ESX writes `onDuty`. */
function readJob(given: unknown): Job | null {
  const name = valueAt(given, 'name');
  if (typeof name !== 'string') return null;
  return { name, isOnDuty: valueAt(given, 'onduty') !== false && valueAt(given, 'onDuty') !== false };
}

function valueAt(value: unknown, ...path: string[]): unknown {
  let found = value;
  for (const name of path) found = typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined;
  return found;
}
