import * as v from 'valibot';
import type { Account } from './accounts.ts';
import type { DispatchCall, EmergencyCall } from './calls.ts';
import type { IdentifierForm } from './identifiers.ts';
import { builtInTemplates, type CustomRecord } from './records.ts';
import { integer, type Unit } from './unit.ts';

/** What is true of one game server. */
export interface ServerWorld {
  units: Unit[];
  dispatchCalls: DispatchCall[];
  emergencyCalls: EmergencyCall[];
  /** The latest first. */
  closedCalls: DispatchCall[];
  /** Marks on the live map. */
  blips: Blip[];
  /** What was configured for things in the game's world, each as it was last sent; nothing before the first time. */
  configured: { stations?: object; pagerConfig?: object; callouts?: readonly unknown[]; signs?: readonly unknown[] };
  /** Players in the game, as the last heartbeat said; null before the first. */
  playerCount: number | null;
}

/** A mark on the live map. */
interface Blip {
  readonly id: number;
  readonly [field: string]: unknown;
}

/** A code by which a person may link an account. */
export interface LinkCode {
  readonly code: string;
  readonly communityUserId: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** What the CAD knows. Everything may be edited while it runs. */
export type World = ReturnType<typeof createWorld>;

const FIRST_CALL_ID = 1001;

/**
 * @param servers the entries in the CAD's list of game servers
 * @param identifiers in which form identifiers are known
 */
export function createWorld(servers: readonly ServerEntry[], identifiers: IdentifierForm = 'asWritten') {
  const worlds = new Map<number, ServerWorld>();
  let lastCallId = FIRST_CALL_ID - 1;
  let lastId = 0;
  return {
    servers: [...servers],
    accounts: [] as Account[],
    /** `communityUserId` to `accountUuid`. */
    links: new Map<string, string>(),
    /** In which form the CAD knows the identifiers in `links` and of units, which may have another one here. */
    identifiers,
    linkCodes: [] as LinkCode[],
    /** A secret to its `accountUuid`. */
    secrets: new Map<string, string>(),
    /** `accountUuid` to the identifier that it has selected. */
    selected: new Map<string, number>(),
    /** What was written down, characters among it, and the forms for that. */
    records: [] as CustomRecord[],
    templates: builtInTemplates(),
    /**
     * `accountUuid` to the character that it has selected: a record's number, or an id of a database that is kept in
     * step.
     */
    characters: new Map<string, string>(),
    /** The ids of such a database that belong to an account. */
    characterLinks: new Map<string, readonly string[]>(),
    postals: [] as readonly unknown[],
    penalCodes: [] as readonly unknown[],
    /** Support logs that were uploaded, by id. */
    uploads: new Map<string, string>(),
    /** What is true of a server, made when it is first asked for. */
    at(serverId: number): ServerWorld {
      const calls = { dispatchCalls: [], emergencyCalls: [], closedCalls: [] };
      const world = worlds.get(serverId) ?? { units: [], ...calls, blips: [], configured: {}, playerCount: null };
      worlds.set(serverId, world);
      return world;
    },
    /** All that is known of servers, by id. */
    all: (): ReadonlyMap<number, ServerWorld> => worlds,
    /** A number that no blip and no record has yet. */
    nextId(): number {
      const blips = [...worlds.values()].flatMap((world) => world.blips);
      lastId = Math.max(lastId, ...[...this.records, ...blips].map(({ id }) => id)) + 1;
      return lastId;
    },
    /** A number that no call has yet. */
    nextCallId(): number {
      const used = [...worlds.values()].flatMap((world) =>
        [...world.dispatchCalls, ...world.emergencyCalls, ...world.closedCalls].map(({ callId }) => callId),
      );
      lastCallId = Math.max(lastCallId, ...used) + 1;
      return lastCallId;
    },
  };
}

/** A game server in the CAD's list. Loose, since a list that is read and put back must keep what it does not know. */
export const serverEntrySchema = v.looseObject({
  id: integer,
  name: v.optional(v.string()),
  description: v.optional(v.string()),
  signal: v.optional(v.string()),
  mapUrl: v.optional(v.string()),
  mapIp: v.optional(v.string()),
  listenerPort: v.optional(v.string()),
  differingOutbound: v.optional(v.boolean()),
  outboundIp: v.optional(v.string()),
  enableMap: v.optional(v.boolean()),
  mapType: v.optional(v.picklist(['NORMAL', 'POSTAL', 'OCRP POSTAL'])),
  isStatic: v.optional(v.boolean()),
  liveMapFormat: v.optional(v.picklist([0, 1])),
});

export type ServerEntry = v.InferOutput<typeof serverEntrySchema>;

/** An entry as a community has it before a game server registers itself: no address, no port. */
export function unregisteredServer(id: number): ServerEntry {
  return {
    ...{ id, name: `Server ${id}`, description: '', signal: '100', mapUrl: '', mapIp: '', listenerPort: '' },
    ...{ differingOutbound: false, outboundIp: '' },
    ...{ enableMap: true, mapType: 'NORMAL', isStatic: false, liveMapFormat: 0 },
  };
}
