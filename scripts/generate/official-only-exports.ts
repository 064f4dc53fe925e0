/** The type of the exports in src/exports/missing-exports.ts, which are there so that no script fails. */
export const OFFICIAL_ONLY_EXPORTS = `/**
 * Exports that only the official resource fills with life. Here each tells the console once who called it, and calls a callback
 * among its arguments with a reason and false.
 */
export type OfficialOnlyExports = {
  readonly [Name in
    | 'CreateFolderIfNotExisting'
    | 'CreateTempBodycamRecordingFile'
    | 'DeleteDirectoryRecursively'
    | 'GetBodycamRuntime'
    | 'GetCharacters'
    | 'HandleHttpRequest'
    | 'SaveBase64ToFile'
    | 'UnzipFile'
    | 'UnzipFolder'
    | 'cadGetInformation'
    | 'cadGetLastPlates'
    | 'cadGetNearestPostal'
    | 'cadGetPlateInformation'
    | 'cadNameLookup'
    | 'cadPlateLookup'
    | 'cadSetUnitStatus'
    | 'checkCADSubscriptionType'
    | 'clearScreenshotsFolder'
    | 'createClient'
    | 'createPDFDirectory'
    | 'createScreenshotDirectory'
    | 'createScreenshotFilename'
    | 'deleteDirectory'
    | 'getCadClient'
    | 'getCharactersV2'
    | 'savePdfFromUrl'
    | 'sonoran_evidence_pdf']: (...args: unknown[]) => void;
};`;
