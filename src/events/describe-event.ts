import { findEntry } from './catalogue/catalogue.ts';
import { callName, type Description, type NameLookup, unitFullName } from './catalogue/description.ts';
import type { PushEvent } from './push-event.ts';

/** A unit or a call that an event is about, and its name. */
export interface Reference {
  readonly kind: 'unit' | 'call' | 'emergencyCall';
  readonly id: number;
  readonly name: string;
}

/** What an operator reads about an event, and what that is about. */
export interface DescribedEvent extends Description {
  readonly references: readonly Reference[];
}

/**
 * Says in one sentence what happened. Of an unknown type only the name is told, and nothing of data that was not understood.
 *
 * @param names as they are known now; what is not known is shown by its number
 */
export function describeEvent(event: PushEvent, names: NameLookup): DescribedEvent {
  const { type, data, valid } = event;
  const entry = findEntry(type);
  if (entry === undefined) return { kind: 'other', sentence: type, details: [], references: [] };
  if (!valid) {
    const text = 'Its data could not be understood.';
    return { kind: 'other', sentence: type, text, details: [], references: [] };
  }
  const { idents, calls, emergencyCalls } = entry.concerns;
  const references: Reference[] = [
    ...unique(idents?.(data)).map((id) => ({ kind: 'unit', id, name: unitFullName(id, names) }) as const),
    ...unique(calls?.(data)).map((id) => ({ kind: 'call', id, name: `Call ${callName(id, names)}` }) as const),
    ...unique(emergencyCalls?.(data)).map((id) => ({ kind: 'emergencyCall', id, name: `911 call ${id}` }) as const),
  ];
  return { ...entry.describe(data, names), references };
}

const unique = (ids: readonly number[] = []): number[] => [...new Set(ids)];
