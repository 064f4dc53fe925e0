import type { ApiResult } from '../../cad/api/results.ts';
import { bareIdentity, foldIdentity, isSameIdentity, withoutKind } from '../../events/catalogue/people.ts';
import { RateLimit } from '../../lib/rate-limit.ts';
import { fillTemplate } from '../../notify/texts.ts';
import { answerPlayer, type PlayerParts, RequestLimits } from './player-requests.ts';

/**
 * How long the CAD's answer is cached. The CAD sends an event when an account is linked, but none when it is
 * unlinked.
 */
const LINKED_MS = 10 * 60_000;
const NOT_LINKED_MS = 30_000;
/** A code that expires sooner is replaced by a new one, so that the player has time to type it. */
const MIN_CODE_VALIDITY_MS = 60_000;
/** Upper bound for remembered forms of identities, two for each player. Beyond it, the oldest is forgotten. */
const MAX_REMEMBERED = 10_000;
const LINK_PAGE = 'https://sonorancad.com/id?code=';

/** The way for a player to link their account: a code, and the page where the player enters the code. */
export interface LinkCode {
  readonly code: string;
  readonly url: string;
  readonly validMs: number;
}

/**
 * Asks the CAD which identities are linked with an account, links them, and caches the answers.
 *
 * The CAD compares identities exactly, and has them either bare, as the official resource writes them, or prefixed
 * with their kind (`license:abc`). Both forms are therefore asked: the one that was linked before, then the bare one,
 * then the prefixed one.
 */
export class AccountLinks {
  readonly #parts: Pick<PlayerParts, 'request' | 'config' | 'clock'>;
  /** The CAD's latest answer about each form of an identity. */
  readonly #answers = new Map<string, { readonly isLinked: boolean; readonly until: number }>();
  readonly #codes = new Map<string, { readonly code: string; readonly until: number }>();

  constructor(parts: Pick<PlayerParts, 'request' | 'config' | 'clock'>) {
    this.#parts = parts;
  }

  /**
   * Looks an identity up in the cache.
   *
   * @returns the linked form, null when neither form is linked, and undefined when the CAD has to be asked
   */
  cachedForm(identity: string): string | null | undefined {
    const forms = this.#formsOf(identity);
    const linked = forms.find((form) => this.#wasLinked(form) && this.#isFresh(form));
    if (linked !== undefined) return linked;
    return forms.every((form) => this.#isFresh(form)) ? null : undefined;
  }

  /**
   * Finds the form of an identity, bare or prefixed, that is linked with an account. Null when neither form is
   * linked. Asks the CAD only for forms that are not cached.
   */
  async linkedForm(identity: string): Promise<ApiResult<string | null>> {
    const cached = this.cachedForm(identity);
    if (cached !== undefined) return { ok: true, data: cached };

    const forms = this.#formsOf(identity)
      .filter((form) => !this.#isFresh(form))
      .toSorted((one, other) => Number(this.#wasLinked(other)) - Number(this.#wasLinked(one)));
    for (const form of forms) {
      const result = await this.#parts.request('checkLink', { communityUserId: form });
      if (!result.ok) return result;
      this.#cacheAnswer(form, result.data.linked);
      if (result.data.linked) return { ok: true, data: form };
    }
    return { ok: true, data: null };
  }

  async isLinked(identity: string): Promise<ApiResult<boolean>> {
    const result = await this.linkedForm(identity);
    return result.ok ? { ok: true, data: result.data !== null } : result;
  }

  /**
   * Chooses the form in which an identity is sent to the CAD: the form that was linked last, otherwise the bare one.
   */
  formToWrite(identity: string): string {
    return this.#formsOf(identity).find((form) => this.#wasLinked(form)) ?? withoutKind(identity);
  }

  /** Gets a code for linking an identity. A code that is still valid is used again. */
  async code(identity: string): Promise<ApiResult<LinkCode>> {
    const bare = withoutKind(identity);
    const now = this.#parts.clock.monotonic();
    const cached = this.#codes.get(foldIdentity(bare));
    if (cached !== undefined && cached.until - now > MIN_CODE_VALIDITY_MS) {
      return { ok: true, data: toLinkCode(cached.code, cached.until - now) };
    }

    const result = await this.#parts.request('createLink', { communityUserId: bare });
    if (!result.ok) return result;
    const { code, expiresInSeconds } = result.data;
    const validMs = expiresInSeconds * 1_000;
    addBounded(this.#codes, bare, { code, until: this.#parts.clock.monotonic() + validMs });
    return { ok: true, data: toLinkCode(code, validMs) };
  }

  /** Links an identity with an account, using the ids that the CAD's own page has passed on. */
  async link(identity: string, accountUuid: string, secretUuid: string): Promise<ApiResult<boolean>> {
    const bare = withoutKind(identity);
    const result = await this.#parts.request('setLink', { accountUuid, secretUuid, communityUserId: bare });
    if (!result.ok) return result;
    this.#cacheAnswer(bare, result.data.linked);
    return { ok: true, data: result.data.linked };
  }

  /** Caches that an identity is linked. Call this when the CAD sends the event about the link. */
  verified(identity: string): void {
    this.#cacheAnswer(identity, true);
    this.#codes.delete(bareIdentity(identity));
  }

  #formsOf(identity: string): readonly string[] {
    const bare = withoutKind(identity);
    const prefixed = bare === identity ? `${this.#parts.config().primaryIdentifier}:${bare}` : identity;
    return [bare, prefixed];
  }

  #wasLinked(form: string): boolean {
    return this.#answers.get(foldIdentity(form))?.isLinked === true;
  }

  #isFresh(form: string): boolean {
    return (this.#answers.get(foldIdentity(form))?.until ?? 0) > this.#parts.clock.monotonic();
  }

  #cacheAnswer(form: string, isLinked: boolean): void {
    const until = this.#parts.clock.monotonic() + (isLinked ? LINKED_MS : NOT_LINKED_MS);
    addBounded(this.#answers, form, { isLinked, until });
  }
}

function addBounded<Entry>(entries: Map<string, Entry>, identity: string, entry: Entry): void {
  // Deleting first moves the identity to the end of the map, so that the first key is always the oldest.
  entries.delete(foldIdentity(identity));
  entries.set(foldIdentity(identity), entry);
  if (entries.size <= MAX_REMEMBERED) return;
  const oldest = entries.keys().next().value;
  if (oldest !== undefined) entries.delete(oldest);
}

function toLinkCode(code: string, validMs: number): LinkCode {
  return { code, url: LINK_PAGE + encodeURIComponent(code), validMs };
}

/** `/link` commands of one player in a minute, and of all players. */
const MOST_EACH_PER_MINUTE = 4;
const MOST_IN_ALL_PER_MINUTE = 20;

/** Creates the handler of `/link`, which shows a player how to link their CAD account. */
export function createLinkCommand(
  parts: Pick<PlayerParts, 'config' | 'identityOf' | 'texts' | 'tell' | 'clock' | 'log'> & {
    readonly links: Pick<AccountLinks, 'isLinked' | 'code'>;
  },
): (source: number) => void {
  const { links, identityOf, config, texts } = parts;
  const limits = new RequestLimits(MOST_EACH_PER_MINUTE, MOST_IN_ALL_PER_MINUTE, parts.clock);

  async function answer(source: number): Promise<string> {
    const identity = identityOf(source);
    if (identity === null) return fillTemplate(texts().noIdentifier, { kind: config().primaryIdentifier });

    const linked = await links.isLinked(identity);
    if (linked.ok && linked.data) return texts().alreadyLinked;

    const result = await links.code(identity);
    if (!result.ok) return texts().refused;
    const { code, url, validMs } = result.data;
    return fillTemplate(texts().link, { url, code, minutes: Math.floor(validMs / 60_000) });
  }

  return (source) => answerPlayer(source, limits, answer, parts);
}

/**
 * Lookups of players' identities in a minute, each with up to two requests. The CAD takes 30 requests a minute, and
 * players' own requests need some of them.
 */
const MAX_LOOKUPS_PER_MINUTE = 10;
/** Deadline of a lookup: scripts wait for it, and a request may wait longer for its turn. */
const LOOKUP_TIMEOUT_MS = 5_000;

/** Finds the identity by which the CAD knows a player; null when no account is linked with the player. */
export type IdentityLookup = (source: number) => string | null | Promise<string | null>;

/**
 * Creates the lookup of the identity by which the CAD knows a player.
 *
 * The lookup answers at once from the cache; otherwise it asks the CAD. If the CAD does not answer within 5 s or was
 * asked too often, the identity that the CAD last announced counts.
 *
 * @param isAsking whether requests to the CAD are possible
 */
export function createIdentityLookup(
  parts: Pick<PlayerParts, 'players' | 'identityOf' | 'clock'> & {
    readonly links: Pick<AccountLinks, 'cachedForm' | 'linkedForm'>;
    isAsking(): boolean;
  },
): IdentityLookup {
  const { players, identityOf, links, isAsking, clock } = parts;
  const limit = new RateLimit<'all'>({ most: MAX_LOOKUPS_PER_MINUTE, windowMs: 60_000 }, clock);

  return (source) => {
    const identity = identityOf(source);
    const announced = players.linkedIdentityOf(source);
    if (identity === null) return announced;

    const cached = links.cachedForm(identity);
    // The CAD's answer takes precedence over an earlier announcement of the same identity.
    if (cached === null && announced !== null && isSameIdentity(announced, identity)) return null;
    if (cached !== undefined) return cached ?? announced;
    if (!isAsking() || !limit.take('all')) return announced;

    return new Promise((resolve) => {
      const stopWaiting = clock.after(LOOKUP_TIMEOUT_MS, () => resolve(announced));
      void links.linkedForm(identity).then((result) => {
        stopWaiting();
        resolve(result.ok ? result.data : announced);
      });
    });
  };
}
