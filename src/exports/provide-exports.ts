import type { ApiExportContext } from './api/api-export-context.ts';
import { provideBlipExports } from './api/blip-exports.ts';
import { provideCallExports } from './api/call-exports.ts';
import { provideLinkExports } from './api/link-exports.ts';
import { provideLocationExports } from './api/location-exports.ts';
import { provideLookupExports } from './api/lookup-exports.ts';
import { providePerformApiRequest } from './api/perform-api-request.ts';
import { provideMissingExports } from './missing-exports.ts';
import { type OfficialExportOptions, provideOfficialExports } from './official-exports.ts';
import { provideStateExports } from './state-exports.ts';

export interface ExportsOptions extends OfficialExportOptions, ApiExportContext {
  readonly events: OfficialExportOptions['events'];
  readonly warnings: OfficialExportOptions['warnings'];
  readonly clock: Parameters<typeof provideBlipExports>[0]['clock'];
  readonly isLinked: Parameters<typeof provideLinkExports>[0]['isLinked'];
  readonly sendUnitLocations: Parameters<typeof provideLocationExports>[0]['sendUnitLocations'];
}

/** Provides all exports about units and calls, and those that ask the CAD. */
export function provideExports(options: ExportsOptions): void {
  provideStateExports(options);
  provideOfficialExports(options);
  providePerformApiRequest(options);
  provideCallExports(options);
  provideBlipExports(options);
  provideLookupExports(options);
  provideLinkExports(options);
  provideLocationExports(options);
  provideMissingExports(options.events, options.warnings);
}
