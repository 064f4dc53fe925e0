import type { ApiResult } from '../../cad/api/results.ts';
import { fillTemplate } from '../../notify/template.ts';
import { answerPlayer, createRequestLimits, type PlayerParts } from './player-requests.ts';

export type Linking = ReturnType<typeof createLinking>;

/** The CAD sends an event when an account is linked, and none when it is unlinked. */
const LINKED_MS = 10 * 60_000;
const NOT_LINKED_MS = 30_000;
/** A code that ends sooner leaves a player no time to type it. */
const LEAST_CODE_MS = 60_000;
/** Identities remembered; more players than a server holds. */
const MAX_REMEMBERED = 5_000;
const PAGE = 'https://sonorancad.com/id?code=';

/** Knows which identities are linked with a CAD account, as the CAD says when asked, and links one. */
export function createLinking({ request, clock }: Pick<PlayerParts, 'request' | 'clock'>) {
  const known = new Map<string, { readonly linked: boolean; readonly until: number }>();
  const codes = new Map<string, { readonly code: string; readonly until: number }>();
  const fold = (identity: string) => identity.toLowerCase();

  function remember<Entry>(entries: Map<string, Entry>, identity: string, entry: Entry): void {
    entries.delete(fold(identity));
    entries.set(fold(identity), entry);
    const oldest = entries.keys().next().value;
    if (entries.size > MAX_REMEMBERED && oldest !== undefined) entries.delete(oldest);
  }

  const learn = (identity: string, linked: boolean) =>
    remember(known, identity, { linked, until: clock.monotonic() + (linked ? LINKED_MS : NOT_LINKED_MS) });

  function learned(identity: string, result: ApiResult<{ readonly linked: boolean }>): ApiResult<boolean> {
    if (!result.ok) return result;
    learn(identity, result.data.linked);
    return { ok: true, data: result.data.linked };
  }

  return {
    /** Asks the CAD when it has not said so lately. */
    async isLinked(identity: string): Promise<ApiResult<boolean>> {
      const kept = known.get(fold(identity));
      if (kept !== undefined && kept.until > clock.monotonic()) return { ok: true, data: kept.linked };
      return learned(identity, await request('checkLink', { communityUserId: identity }));
    },
    /** Gives the code that is still good, or a new one. */
    async code(identity: string): Promise<ApiResult<LinkCode>> {
      const kept = codes.get(fold(identity));
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
    async link(identity: string, accountUuid: string, secretUuid: string): Promise<ApiResult<boolean>> {
      return learned(identity, await request('setLink', { accountUuid, secretUuid, communityUserId: identity }));
    },
    /** To be called when the CAD sends that an identity is linked. */
    verified(identity: string): void {
      learn(identity, true);
      codes.delete(fold(identity));
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
