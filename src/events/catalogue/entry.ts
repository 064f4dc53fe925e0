import type { Shape } from '../fields.ts';
import type { Fields } from '../read-values.ts';
import type { Description, NameLookup } from './description.ts';
import type { LegacyEvents } from './legacy-events.ts';

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

/** To whose games an event can be sent. */
export const netEventScopes = ['none', 'involved', 'onDuty', 'all'] as const;
export type NetEventScope = (typeof netEventScopes)[number];

/** Everything the resource knows about one type of push event, but for what it changes in `src/game/state`. */
export interface CatalogueEntry<Type extends string = string, Data = unknown> {
  readonly type: Type;
  /** One sentence for the documents: when the CAD sends it. */
  readonly description: string;
  /**
   * Reads `data` whatever shape the CAD sent, and gives its canonical one, always the same. Demands only what is needed to act on
   * the event, and keeps unknown fields.
   */
  readonly data: Shape<Data>;
  /** What the CAD would send as `data` (of `GET_LOGS`, beside it), for the command `test`. */
  readonly sample: Fields;
  /** Shapes besides the canonical one that are understood: a sentence each, for the documents. */
  readonly accepts: readonly string[];
  readonly concerns: Concerns<Data>;
  /** Gathers what may lie beside `data` instead of in it. */
  gather?(data: Fields, body: Fields): Fields;
  /** Whether an event without `data` can make sense, because what matters lies beside it. */
  readonly dataOptional?: boolean;
  /**
   * Whether the event states what is true from now on, so that a second copy changes nothing. All other events are acts that may
   * well be done twice: a tone, a note, a page.
   */
  readonly isIdempotent?: true;
  /** To whose games it is sent unless the operator says otherwise (`netEvents`); to none where it is missing. */
  readonly netEvent?: NetEventScope;
  /** The official resource's events that it raises; `OtherEvent` where they are missing. */
  readonly legacyEvents?: LegacyEvents<Data>;
  /** What an operator reads about an event of this type: on the page, in the console and in Discord. */
  describe(data: Data, names: NameLookup): Description;
}

/** Declares an entry so that the type of its data reaches its functions. */
export const entry = <const Type extends string, Data>(declared: CatalogueEntry<Type, Data>) => declared;

/** Numbers and identities for samples. None exists: a sample must not be taken for a real unit or player. */
export const MADE_UP = {
  unit: 990_000_012,
  otherUnit: 990_000_018,
  call: 990_000_501,
  emergencyCall: 990_000_302,
  record: 990_000_077,
  account: 'simulated-account',
  identity: 'license:simulated',
} as const;
