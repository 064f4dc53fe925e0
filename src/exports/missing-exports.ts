import type { GameEvents } from '../platform/game-events.ts';
import type { CallerWarnings } from './caller-warnings.ts';
import { MISSING_PART } from './missing-part.ts';
import { findCallback } from './read-arguments.ts';

/** The first argument of an export: a call that lost it shows by what stands in its place. */
type First = 'something' | 'nothing';

/** Exports of the official resource that need its API client or its submodules. */
const MISSING: Readonly<Record<string, First>> = {
  getCadClient: 'nothing',
  getCharactersV2: 'something',
  createClient: 'nothing',
  checkCADSubscriptionType: 'nothing',
  HandleHttpRequest: 'something',
  SaveBase64ToFile: 'something',
  createScreenshotDirectory: 'something',
  createScreenshotFilename: 'something',
  deleteDirectory: 'something',
  clearScreenshotsFolder: 'nothing',
  createPDFDirectory: 'nothing',
  savePdfFromUrl: 'something',
  UnzipFile: 'something',
  UnzipFolder: 'something',
  CreateFolderIfNotExisting: 'something',
  DeleteDirectoryRecursively: 'something',
  CreateTempBodycamRecordingFile: 'nothing',
  cadNameLookup: 'something',
  cadPlateLookup: 'something',
  cadGetInformation: 'something',
  cadGetPlateInformation: 'something',
  cadSetUnitStatus: 'something',
  cadGetNearestPostal: 'something',
  cadGetLastPlates: 'nothing',
  GetCharacters: 'something',
  GetBodycamRuntime: 'nothing',
  sonoran_evidence_pdf: 'something',
};

/**
 * Provides what would otherwise throw in scripts made for the official resource: each of these exports tells the operator once
 * who called it, and calls the caller's callback with a reason and `false`.
 */
export function provideMissingExports(events: Pick<GameEvents, 'provide' | 'caller'>, warnings: CallerWarnings): void {
  function tell(name: string, first: First, args: readonly unknown[]): void {
    const caller = events.caller();
    if (hasLostFirst(first, args)) warnings.shifted(caller, name);
    warnings.warn(caller, name, 'A resource called an export that only the official resource has.');
  }
  for (const [name, first] of Object.entries(MISSING)) {
    events.provide(name, (...args) => {
      tell(name, first, args);
      findCallback(args)?.(MISSING_PART, false);
    });
  }
}

function hasLostFirst(first: First, [given]: readonly unknown[]): boolean {
  return first === 'something' && (given === undefined || given === null || typeof given === 'function');
}
