import type * as z from 'zod';
import { lazily } from '../../schemas/lazily.ts';
import type { ClientFields } from './client-fields.ts';
import type { Fields } from './read-values.ts';

/** What an event is about: who is involved in it, which calls it touches. */
export interface Concerns<Data = unknown> {
  /** Units, by their identifier's number. */
  idents?(data: Data): number[];
  /** Dispatch calls. */
  calls?(data: Data): number[];
  /** 911 calls. */
  emergencyCalls?(data: Data): number[];
  /** People, by the identities (license, Steam, …) that the CAD knows them by; bare or prefixed, in any case. */
  identities?(data: Data): string[];
}

/** Everything the resource knows about one type of push event. */
export interface CatalogueEntry<Type extends string = string, Schema extends z.ZodType = z.ZodType> {
  readonly type: Type;
  /** One sentence: when the CAD sends it. Only the documents have it: the build leaves it out (leave-out-descriptions.ts). */
  readonly description: string;
  /** Gives the canonical shape of `data`, always the same. Demands only what is needed to act on the event, and keeps unknown fields. */
  readonly schema: () => Schema;
  /** Shapes besides the canonical one that are understood: a sentence each. Left out of the build like the description. */
  readonly accepts: readonly string[];
  readonly concerns: Concerns<z.output<Schema>>;
  /** What of `data` a player's game may ever see. */
  readonly clientFields: ClientFields;
  /** Whether an event without `data` can make sense, because what matters lies beside it. */
  readonly dataOptional?: boolean;
  /**
   * Brings `data` as received into the canonical shape, as far as it can: a new object, the given one stays as it is.
   * What it cannot read it leaves for the schema to refuse or to fill in.
   */
  canonicalise(data: Fields, body: Fields): Fields;
}

/** Declares an entry so that its schema's type reaches its `concerns`. */
export function entry<const Type extends string, Schema extends z.ZodType>(
  declared: CatalogueEntry<Type, Schema>,
): CatalogueEntry<Type, Schema> {
  return { ...declared, schema: lazily(declared.schema) };
}

/**
 * A schema's output without the index signatures that loose objects have: unknown fields are there at run time, but a
 * misspelt name should be a type error.
 */
export type Known<T> = T extends readonly (infer Entry)[]
  ? Known<Entry>[]
  : T extends object
    ? { [Name in keyof T as string extends Name ? never : Name]: Known<T[Name]> }
    : T;
