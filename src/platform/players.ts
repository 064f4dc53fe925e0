import type { OtherResources } from './resources.ts';

/** A place in the game world. */
export interface Coordinates {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** A player's job in the framework of the server. */
interface Job {
  readonly name: string;
  /** false when the framework knows that they are off duty. */
  readonly isOnDuty: boolean;
}

/** Players who are still connecting have ids from here on, and get another one when they join. */
const FIRST_CONNECTING_ID = 65_535;

export type PlayerSource = ReturnType<typeof createPlayerSource>;

/** The game server's own knowledge of who is connected. */
export function createPlayerSource() {
  return {
    /** @returns the server ids of all connected players */
    list: (): number[] => getPlayers().map(Number).filter(isJoined),
    /** @returns a player's identifiers with their prefixes; none when they are not connected */
    identifiersOf: (source: number): string[] => getPlayerIdentifiers(String(source)),
    /** @returns where a player's ped is; null where the server does not know */
    coordinatesOf(source: number): Coordinates | null {
      // Without OneSync the server knows no peds: the native gives 0.
      const ped = GetPlayerPed(String(source));
      if (!ped) return null;
      const [x = 0, y = 0, z = 0] = GetEntityCoords(ped);
      return { x, y, z };
    },
    /** Calls with the server id of each player who joins from now on. */
    onJoin: (callback: (source: number) => void): void => listen('playerJoining', callback),
    /** Calls with the server id of each player who leaves from now on. */
    onDrop: (callback: (source: number) => void): void => listen('playerDropped', callback),
  };
}

/** Both events are raised by the server itself: a client that sends one is refused, since neither is a net event here. */
function listen(event: string, callback: (source: number) => void): void {
  on(event, () => {
    const { source } = globalThis;
    if (typeof source === 'number' && isJoined(source)) callback(source);
  });
}

function isJoined(source: number): boolean {
  return Number.isInteger(source) && source > 0 && source < FIRST_CONNECTING_ID;
}

export type DutyChecks = ReturnType<typeof createDutyChecks>;

/**
 * Asks the game server who may do what, and the framework who has which job. Jobs are asked for once and then followed by the
 * framework's own local events, since asking copies a whole player from one resource to the other.
 */
export function createDutyChecks({ isStarted, callExport }: OtherResources) {
  const jobs = new Map<number, Job>();

  const remember = (source: unknown, given: unknown): void => {
    const job = readJob(given);
    if (typeof source === 'number' && job !== null) jobs.set(source, job);
  };
  const forget = (source: unknown) => void jobs.delete(Number(source));
  for (const name of ['esx:setJob', 'QBCore:Server:OnJobUpdate']) on(name, remember);
  // Another character of the same player has another job; asked for in between, the framework may still give the one before.
  for (const name of ['QBCore:Server:SetDuty', 'esx:playerLogout', 'esx:playerLoaded', 'QBCore:Server:OnPlayerUnload'])
    on(name, forget);
  on('playerDropped', () => forget(globalThis.source));
  on('QBCore:Server:PlayerLoaded', (player: unknown) => forget(at(player, 'PlayerData', 'source')));

  /** By their resources, in the order in which they are looked for: how each is asked for a player's job. */
  const frameworks: Readonly<Record<string, (source: number) => unknown>> = {
    qbx_core: (source) => at(callExport('qbx_core', 'GetPlayer', source), 'PlayerData', 'job'),
    'qb-core'(source) {
      const getPlayer = at(callExport('qb-core', 'GetCoreObject'), 'Functions', 'GetPlayer');
      return typeof getPlayer === 'function' ? at(getPlayer(source), 'PlayerData', 'job') : null;
    },
    es_extended(source) {
      const getPlayer = at(callExport('es_extended', 'getSharedObject'), 'GetPlayerFromId');
      return typeof getPlayer === 'function' ? at(getPlayer(source), 'job') : null;
    },
  };
  const startedFramework = (): string | undefined => Object.keys(frameworks).find(isStarted);

  return {
    hasAce(source: number, permission: string): boolean {
      // A BOOL of a native is false or a number.
      return Boolean(IsPlayerAceAllowed(String(source), permission));
    },
    /** @returns null for a player who has none, or where there is no framework */
    jobOf(source: number): Job | null {
      const known = jobs.get(source);
      if (known !== undefined) return known;
      const job = readJob(frameworks[startedFramework() ?? '']?.(source));
      if (job !== null) jobs.set(source, job);
      return job;
    },
    /** Whether one of the frameworks is started that can be asked. */
    hasFramework: (): boolean => startedFramework() !== undefined,
    callExport,
  };
}

function readJob(given: unknown): Job | null {
  const name = at(given, 'name');
  if (typeof name !== 'string') return null;
  return { name, isOnDuty: at(given, 'onduty') !== false && at(given, 'onDuty') !== false };
}

function at(value: unknown, ...path: string[]): unknown {
  let found = value;
  for (const name of path) found = typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined;
  return found;
}
