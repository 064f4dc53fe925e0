import type { CadLink } from '../cad/cad-link.ts';
import type { GameEvents } from '../platform/events.ts';
import { MISSING_PART } from './client-exports.ts';
import {
  type CallerWarnings,
  type ExportContext,
  findCallback,
  findIdentityInCad,
  findUnitOfPlayer,
  locateUnit,
  type PlayerRequests,
  provideWith,
  readId,
  readTexts,
} from './export-calls.ts';

export interface OfficialExportOptions extends ExportContext {
  /** The configuration in force. */
  config(): { readonly communityID: string; readonly serverId: number };
  readonly link: Pick<CadLink, 'plan' | 'resync'>;
  readonly requests: Pick<PlayerRequests, 'identityInCad'>;
}

/**
 * Provides the exports of the official resource that push events can answer, under its names, with its types. All are synchronous,
 * but for what is asked about a player who is no unit: `isPlayerInCAD` and `getPlayerCommunityUserId` give a promise, for which Lua
 * waits, when the CAD has not lately said whether the player is linked.
 * Those that need integer keys or two values in Lua are provided to `resource/exports.lua`, whose names end in `ForLua`.
 */
export function provideOfficialExports(options: OfficialExportOptions): void {
  provideCaches(options);
  const { events, config, game, link } = options;
  const { state } = game;
  const readUnit = (given: unknown) => readTexts(given) ?? readId(given);
  provideWith(options, 'GetUnitById', readUnit, (wanted) => {
    const index = state.indexOfCachedUnit(wanted);
    return index < 0 ? undefined : index + 1;
  });
  provideWith(options, 'GetUnitByPlayerId', readId, (source) => findUnitOfPlayer(source, game));
  events.provide('ManuallySetUnitCache', () => link.resync('units'));
  // The player of a unit is linked.
  const isInCad = (source: number) => {
    const unit = findUnitOfPlayer(source, game);
    const isUnit = unit !== undefined;
    return whenKnown(findIdentityInCad(source, options), (communityUserId) => {
      return { success: isUnit, linked: isUnit || communityUserId !== null, online: isUnit, communityUserId, unit };
    });
  };
  // Scripts look into the answer without asking whether there is one.
  const unknown = { success: false, linked: false, online: false };
  provideWith(options, 'isPlayerInCAD', readId, isInCad, unknown);
  provideWith(options, 'getPlayerCommunityUserId', readId, (source) => findIdentityInCad(source, options));
  events.provide('getDispatchStatus', () => state.isDispatcherOnline());
  for (const name of ['getCommunityId', 'getCadCommunityId']) events.provide(name, () => config().communityID);
  for (const name of ['getServerId', 'getCadServerId']) events.provide(name, () => config().serverId);
  events.provide('getCadVersion', () => link.plan());
  const readName = (given: unknown) => (typeof given === 'string' ? given : undefined);
  provideWith(options, 'isPluginLoaded', readName, () => false, false);
  const pluginConfig = { enabled: false, disableReason: 'sonorancad has no submodules' };
  provideWith(options, 'GetPluginConfig', readName, () => pluginConfig, pluginConfig);
}

/** Each takes the name of the calling resource first, which the Lua in between has read. */
function provideCaches({ events, game, warnings }: OfficialExportOptions): void {
  const { state } = game;
  events.provide('unitCacheForLua', (caller, ...args) => {
    if (typeof args[0] === 'function') {
      warnings.warnWrongArguments(typeof caller === 'string' ? caller : null, 'GetUnitCache');
    }
    const units = state.cachedUnits().map((unit) => locateUnit(unit, game));
    const dispatchers = state.dispatchers();
    findCallback(args)?.(units, dispatchers);
    return [units, dispatchers];
  });
  events.provide('callCacheForLua', () => state.callEntries());
  events.provide('emergencyCacheForLua', () => state.emergencyCalls());
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
      if (MISSING_WITH_FIRST.includes(name) && !isFirst(args[0])) warnings.warnWrongArguments(caller, name);
      warnings.warn(caller, name, 'A resource called an export that only the official resource has.');
      findCallback(args)?.(MISSING_PART, false);
    });
  }
}

const isFirst = (given: unknown): boolean => given !== undefined && given !== null && typeof given !== 'function';
