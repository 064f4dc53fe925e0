import { isSameIdentity } from '../events/catalogue/people.ts';
import { identitiesOfUnit } from '../events/catalogue/units.ts';
import type { GameEvents } from '../platform/events.ts';
import { MISSING_PART } from './client-exports.ts';
import {
  type CallerWarnings,
  type ExportContext,
  findCallback,
  provideWith,
  readId,
  readTexts,
  unitByPlayer,
} from './export-calls.ts';

export interface OfficialExportOptions extends ExportContext {
  /** @returns the community's id in the CAD */
  communityId(): string;
  /** @returns this server's number in the CAD */
  serverId(): number;
  /** @returns the community's plan as the CAD's number, -1 while it is not known */
  cadVersion(): number;
  /** Asks for the units anew; what comes of it shows later. */
  refreshUnits(): void;
  /** @returns the identity by which the CAD knows a player, null when none; a promise where the CAD has to be asked */
  linkOf(source: number): string | null | Promise<string | null>;
}

/**
 * Provides the exports of the official resource that push events can answer, under its names, with its types. All are synchronous,
 * but for what is asked about a player who is no unit: `isPlayerInCAD` and `getPlayerCommunityUserId` give a promise, for which Lua
 * waits, when the CAD has not lately said whether the player is linked.
 * Those that need integer keys or two values in Lua are provided to `resource/exports.lua`, whose names end in `ForLua`.
 */
export function provideOfficialExports(options: OfficialExportOptions): void {
  provideCaches(options);
  const { events, state } = options;
  const readUnit = (given: unknown) => readTexts(given) ?? readId(given);
  provideWith(options, 'GetUnitById', readUnit, (wanted) => {
    const index = state.indexOfCachedUnit(wanted);
    return index < 0 ? undefined : index + 1;
  });
  provideWith(options, 'GetUnitByPlayerId', readId, (source) => unitByPlayer(options, source));
  events.provide('ManuallySetUnitCache', () => options.refreshUnits());
  // The player of a unit is linked.
  const isInCad = (source: number) => {
    const unit = unitByPlayer(options, source);
    const isUnit = unit !== undefined;
    return whenKnown(identityInCad(options, source), (communityUserId) => {
      return { success: isUnit, linked: isUnit || communityUserId !== null, online: isUnit, communityUserId, unit };
    });
  };
  // Scripts look into the answer without asking whether there is one.
  const unknown = { success: false, linked: false, online: false };
  provideWith(options, 'isPlayerInCAD', readId, isInCad, unknown);
  provideWith(options, 'getPlayerCommunityUserId', readId, (source) => identityInCad(options, source));
  events.provide('getDispatchStatus', () => state.isDispatcherOnline());
  for (const name of ['getCommunityId', 'getCadCommunityId']) events.provide(name, () => options.communityId());
  for (const name of ['getServerId', 'getCadServerId']) events.provide(name, () => options.serverId());
  events.provide('getCadVersion', () => options.cadVersion());
  const readName = (given: unknown) => (typeof given === 'string' ? given : undefined);
  provideWith(options, 'isPluginLoaded', readName, () => false, false);
  const config = { enabled: false, disableReason: 'sonorancad has no submodules' };
  provideWith(options, 'GetPluginConfig', readName, () => config, config);
}

/** Each takes the name of the calling resource first, which the Lua in between has read. */
function provideCaches({ events, state, warnings, located }: OfficialExportOptions): void {
  events.provide('unitCacheForLua', (caller, ...args) => {
    if (typeof args[0] === 'function') warnings.shifted(typeof caller === 'string' ? caller : null, 'GetUnitCache');
    const units = state.cachedUnits().map(located);
    const dispatchers = state.dispatchers();
    findCallback(args)?.(units, dispatchers);
    return [units, dispatchers];
  });
  events.provide('callCacheForLua', () => state.callEntries());
  events.provide('emergencyCacheForLua', () => state.emergencyCalls());
}

/** The identity by which the CAD knows a player: of those that their unit has, the one that is theirs; else the one that is linked. */
export function identityInCad({ state, players, linkOf }: OfficialExportOptions, source: number) {
  const unit = state.unitOfPlayer(source);
  if (unit === undefined) return linkOf(source);
  const ofUnit = identitiesOfUnit(unit);
  const own = players.identifiersOf(source);
  const matching = ofUnit.find((identity) => own.some((identifier) => isSameIdentity(identity, identifier)));
  return matching ?? players.linkedIdentityOf(source) ?? ofUnit[0] ?? null;
}

function whenKnown<Value, Answer>(value: Value | Promise<Value>, answer: (value: Value) => Answer) {
  return value instanceof Promise ? value.then(answer) : answer(value);
}

/** Exports of the official resource that need its API client or its submodules, and take no first argument that must be there. */
const MISSING = `checkCADSubscriptionType clearScreenshotsFolder createPDFDirectory
  CreateTempBodycamRecordingFile GetBodycamRuntime`.split(/\s+/);

/** Those that do: a call that has lost it shows by what stands in its place. */
const MISSING_WITH_FIRST = `HandleHttpRequest SaveBase64ToFile createScreenshotDirectory
  createScreenshotFilename deleteDirectory savePdfFromUrl UnzipFile UnzipFolder CreateFolderIfNotExisting
  DeleteDirectoryRecursively sonoran_evidence_pdf`.split(/\s+/);

/**
 * Provides what would otherwise throw in scripts made for the official resource: each of these exports tells the operator once
 * who called it, and calls the caller's callback with a reason and `false`.
 */
export function provideMissingExports(events: Pick<GameEvents, 'provide' | 'caller'>, warnings: CallerWarnings): void {
  for (const name of [...MISSING, ...MISSING_WITH_FIRST]) {
    events.provide(name, (...args) => {
      const caller = events.caller();
      if (MISSING_WITH_FIRST.includes(name) && !isFirst(args[0])) warnings.shifted(caller, name);
      warnings.warn(caller, name, 'A resource called an export that only the official resource has.');
      findCallback(args)?.(MISSING_PART, false);
    });
  }
}

const isFirst = (given: unknown): boolean => given !== undefined && given !== null && typeof given !== 'function';
