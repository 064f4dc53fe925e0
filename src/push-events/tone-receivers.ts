import type { PushEventData } from './catalogue/catalogue.ts';

type Receiver = PushEventData<'EVENT_TONE'>['playTonesTo'][number];

/** Who hears a tone, as far as it is a matter of the unit itself. */
export interface ToneListener {
  readonly ident: number;
  /** What the CAD said about the unit: department, subdivision, group, and agency where it gives one. */
  readonly details: Readonly<Record<string, unknown>>;
}

const DETAIL_OF: Readonly<Record<number, string>> = { 2: 'agency', 3: 'department', 4: 'subdivision', 6: 'group' };

/**
 * Whether a tone is addressed to a unit (`playTonesTo`, see the catalogue). Agencies, departments, subdivisions and groups are
 * compared by value and by label, in any case, since the CAD gives numbers for some and names for others. Nobody is addressed by
 * an empty list.
 *
 * @param isAttached whether the unit is attached to the call of that number
 */
export function isToneFor(
  receivers: readonly Receiver[],
  { ident, details }: ToneListener,
  isAttached: (callId: number) => boolean,
): boolean {
  return receivers.some(({ type, value, label }) => {
    if (type === 0) return true;
    if (type === 1) return typeof value === 'number' && isAttached(value);
    if (type === 5) return value === ident;
    const name = DETAIL_OF[type];
    const detail = name !== undefined && Object.hasOwn(details, name) ? fold(details[name]) : '';
    return detail !== '' && (detail === fold(value) || detail === fold(label));
  });
}

function fold(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim().toLowerCase() : '';
}
