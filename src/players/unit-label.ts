import type { UnitView } from './state-view.ts';

/** @returns a unit's call sign, or else its name, with its number: `1-ADAM-12 (12)` */
export function unitLabel({ id, data }: UnitView): string {
  const name = data.unitNum || data.name;
  return name === '' ? String(id) : `${name} (${id})`;
}
