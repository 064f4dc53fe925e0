import { provideBlipExports } from './blip-exports.ts';
import type { ApiExportContext } from './cad-answers.ts';
import { provideLinkExports, provideLocationExports, provideLookupExports } from './cad-exports.ts';
import { provideCallExports } from './call-exports.ts';
import { type OfficialExportOptions, provideMissingExports, provideOfficialExports } from './official-exports.ts';
import { providePerformApiRequest } from './perform-api-request.ts';
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
