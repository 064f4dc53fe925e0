import type { Shape } from '../fields.ts';
import type { Fields } from '../read-values.ts';

/** What an event is about: who is involved in it, which calls it touches. */
interface Concerns<Data = unknown> {
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
export interface CatalogueEntry<Type extends string = string, Data = unknown> {
  readonly type: Type;
  /** One sentence for the documents: when the CAD sends it. */
  readonly description: string;
  /**
   * Reads `data` whatever shape the CAD sent, and gives its canonical one, always the same. Demands only what is needed to act on
   * the event, and keeps unknown fields.
   */
  readonly data: Shape<Data>;
  /** Shapes besides the canonical one that are understood: a sentence each, for the documents. */
  readonly accepts: readonly string[];
  readonly concerns: Concerns<Data>;
  /** Gathers what may lie beside `data` instead of in it. */
  gather?(data: Fields, body: Fields): Fields;
  /** Whether an event without `data` can make sense, because what matters lies beside it. */
  readonly dataOptional?: boolean;
}

/** Declares an entry so that the type of its data reaches its `concerns`. */
export const entry = <const Type extends string, Data>(declared: CatalogueEntry<Type, Data>) => declared;
