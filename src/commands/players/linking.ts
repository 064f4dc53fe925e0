import type { ApiResult } from '../../cad/api/results.ts';
import { bareIdentity, foldIdentity, isSameIdentity, withoutKind } from '../../events/catalogue/people.ts';
import { RateLimit } from '../../lib/rate-limit.ts';
import { fillTemplate } from '../../notify/texts.ts';
import { answerPlayer, createRequestLimits, type PlayerParts } from './player-requests.ts';

export type Linking = ReturnType<typeof createLinking>;

/** The CAD sends an event when an account is linked, and none when it is unlinked. */
const LINKED_MS = 10 * 60_000;
const NOT_LINKED_MS = 30_000;
/** A code that ends sooner leaves a player no time to type it. */
const LEAST_CODE_MS = 60_000;
/** Forms of identities remembered, two of each player; more players than a server holds. */
const MAX_REMEMBERED = 10_000;
const PAGE = 'https://sonorancad.com/id?code=';

/**
 * Knows which identities are linked with a CAD account, as the CAD says when asked, and links one. The CAD compares identities by
 * the letter and may have them bare, as the official resource writes them, or prefixed: it is asked by the bare form, then by the
 * prefixed one, and by the one that it knew before either. What is written is bare.
 */
export function createLinking({ request, config, clock }: Pick<PlayerParts, 'request' | 'config' | 'clock'>) {
  /** By form, what the CAD said of it last. */
  const known = new Map<string, { readonly linked: boolean; readonly until: number }>();
  const codes = new Map<string, { readonly code: string; readonly until: number }>();

  function remember<Entry>(entries: Map<string, Entry>, identity: string, entry: Entry): void {
    entries.delete(foldIdentity(identity));
    entries.set(foldIdentity(identity), entry);
    const oldest = entries.keys().next().value;
    if (entries.size > MAX_REMEMBERED && oldest !== undefined) entries.delete(oldest);
  }

  function formsOf(identity: string): readonly string[] {
    const bare = withoutKind(identity);
    return [bare, bare === identity ? `${config().primaryIdentifier}:${bare}` : identity];
  }

  const wasLinked = (form: string): boolean => known.get(foldIdentity(form))?.linked === true;
  const isFresh = (form: string): boolean => (known.get(foldIdentity(form))?.until ?? 0) > clock.monotonic();

  const learn = (identity: string, linked: boolean) =>
    remember(known, identity, { linked, until: clock.monotonic() + (linked ? LINKED_MS : NOT_LINKED_MS) });

  /** What the CAD has said lately: the form that it knows, null for none, undefined when it has not said so. */
  function knownForm(identity: string): string | null | undefined {
    const forms = formsOf(identity);
    const linked = forms.find((form) => wasLinked(form) && isFresh(form));
    return linked ?? (forms.every(isFresh) ? null : undefined);
  }

  /** Asks the CAD when it has not said so lately. @returns the form of an identity that is linked, null when none is */
  async function linkedForm(identity: string): Promise<ApiResult<string | null>> {
    const kept = knownForm(identity);
    if (kept !== undefined) return { ok: true, data: kept };
    const forms = formsOf(identity).filter((form) => !isFresh(form));
    for (const form of forms.toSorted((one, other) => Number(wasLinked(other)) - Number(wasLinked(one)))) {
      const result = await request('checkLink', { communityUserId: form });
      if (!result.ok) return result;
      learn(form, result.data.linked);
      if (result.data.linked) return { ok: true, data: form };
    }
    return { ok: true, data: null };
  }

  return {
    knownForm,
    linkedForm,
    async isLinked(identity: string): Promise<ApiResult<boolean>> {
      const result = await linkedForm(identity);
      return result.ok ? { ok: true, data: result.data !== null } : result;
    },
    /** @returns the form of an identity to write: the one that the CAD knew last, else the bare one */
    formToWrite: (identity: string): string => formsOf(identity).find(wasLinked) ?? withoutKind(identity),
    /** Gives the code that is still good, or a new one. */
    async code(given: string): Promise<ApiResult<LinkCode>> {
      const identity = withoutKind(given);
      const kept = codes.get(foldIdentity(identity));
      const left = (until: number) => until - clock.monotonic();
      if (kept !== undefined && left(kept.until) > LEAST_CODE_MS) {
        return { ok: true, data: linkCode(kept.code, left(kept.until)) };
      }
      const result = await request('createLink', { communityUserId: identity });
      if (!result.ok) return result;
      const { code, expiresInSeconds } = result.data;
      remember(codes, identity, { code, until: clock.monotonic() + expiresInSeconds * 1_000 });
      return { ok: true, data: linkCode(code, expiresInSeconds * 1_000) };
    },
    /** Links with what the CAD's own page has handed over. */
    async link(given: string, accountUuid: string, secretUuid: string): Promise<ApiResult<boolean>> {
      const identity = withoutKind(given);
      const result = await request('setLink', { accountUuid, secretUuid, communityUserId: identity });
      if (!result.ok) return result;
      learn(identity, result.data.linked);
      return { ok: true, data: result.data.linked };
    },
    /** To be called when the CAD sends that an identity is linked. */
    verified(identity: string): void {
      learn(identity, true);
      codes.delete(bareIdentity(identity));
    },
  };
}

/** How a player links their account: a page to open, the code to enter there, and how long it is still good. */
type LinkCode = ReturnType<typeof linkCode>;

function linkCode(code: string, validMs: number) {
  return { code, url: PAGE + encodeURIComponent(code), validMs };
}

const MOST_EACH = 4;
const MOST_IN_ALL = 20;

/** `/link`: shows a player how to link their CAD account. Once it is linked, the CAD sends `EVENT_COMMUNITY_LINK_VERIFIED`. */
export function createLinkCommand(
  parts: Pick<PlayerParts, 'config' | 'identityOf' | 'texts' | 'tell' | 'clock' | 'log'> & {
    readonly linking: Pick<Linking, 'isLinked' | 'code'>;
  },
): (source: number) => void {
  const { linking, identityOf, config, texts } = parts;
  const limits = createRequestLimits(MOST_EACH, MOST_IN_ALL, parts.clock);

  async function answer(source: number): Promise<string> {
    const identity = identityOf(source);
    if (identity === null) return fillTemplate(texts().noIdentifier, { kind: config().primaryIdentifier });
    const linked = await linking.isLinked(identity);
    if (linked.ok && linked.data) return texts().alreadyLinked;
    const code = await linking.code(identity);
    if (!code.ok) return texts().refused;
    const { url, validMs } = code.data;
    return fillTemplate(texts().link, { url, code: code.data.code, minutes: Math.floor(validMs / 60_000) });
  }

  return (source) => answerPlayer(source, limits, answer, parts);
}

/** Questions about players in a minute, each of two requests at most: the CAD takes 30, and players' own requests need some. */
const MOST_QUESTIONS = 10;
/** Scripts wait for the answer, and a request may wait for its turn longer. */
const LONGEST_WAIT_MS = 5_000;

/**
 * Says by which identity the CAD knows a player, units or not.
 *
 * @param isAsking whether the CAD can be asked at all
 * @returns gives the identity, or null when no account is linked with the player; what is known is given at once, and the rest is
 *   asked of the CAD. When it has not answered within 5 s, or was asked too often, what was known before counts
 */
export function createPlayerLinks(
  parts: Pick<PlayerParts, 'players' | 'identityOf' | 'clock'> & {
    readonly linking: Pick<Linking, 'knownForm' | 'linkedForm'>;
    isAsking(): boolean;
  },
): (source: number) => string | null | Promise<string | null> {
  const { players, identityOf, linking, isAsking, clock } = parts;
  const limit = new RateLimit<'all'>({ most: MOST_QUESTIONS, windowMs: 60_000 }, clock);

  return (source) => {
    const identity = identityOf(source);
    const announced = players.linkedIdentityOf(source);
    if (identity === null) return announced;
    const form = linking.knownForm(identity);
    // What the CAD says when asked counts for more than what it once announced of the same identity.
    if (form === null && announced !== null && isSameIdentity(announced, identity)) return null;
    if (form !== undefined) return form ?? announced;
    if (!isAsking() || !limit.take('all')) return announced;
    return new Promise((resolve) => {
      const stopWaiting = clock.after(LONGEST_WAIT_MS, () => resolve(announced));
      void linking.linkedForm(identity).then((result) => {
        stopWaiting();
        resolve(result.ok ? result.data : announced);
      });
    });
  };
}
