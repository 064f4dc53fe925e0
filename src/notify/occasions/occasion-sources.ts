import type { Audience } from '../../players/audience.ts';
import type { StateView, UnitView } from '../../players/state-view.ts';
import type { Locale } from '../locales/en.ts';
import type { Callers } from './callers.ts';

/** What occasions are made from. */
export interface OccasionSources {
  readonly state: StateView;
  readonly audience: Audience;
  readonly callers: Callers;
  /** Those of the language in force. */
  readonly texts: Locale;
}

/** What templates can say about a unit, of which perhaps nothing but its number is known. */
export function unitValues(ident: number, state: StateView): { unit: UnitView | { id: number }; unitName: string } {
  const unit = state.getUnit(ident);
  return { unit: unit ?? { id: ident }, unitName: unit?.data.unitNum || unit?.data.name || String(ident) };
}
