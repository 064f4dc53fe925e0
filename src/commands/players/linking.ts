import type { ApiResult } from '../../cad/api/results.ts';
import type { Clock } from '../../lib/clock.ts';
import { fillTemplate } from '../../notify/template.ts';
import { answerPlayer, createRequestLimits, type PlayerAnswers } from './player-requests.ts';

export interface LinkingApi {
  checkLink(identity: string): Promise<ApiResult<{ readonly linked: boolean; readonly accountUuid: string | null }>>;
  createLink(identity: string): Promise<ApiResult<{ readonly code: string; readonly expiresInSeconds: number }>>;
  setLink(link: {
    identity: string;
    accountUuid: string;
    secretUuid: string;
  }): Promise<ApiResult<{ readonly linked: boolean }>>;
}

export interface LinkingOptions {
  readonly api: LinkingApi;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** How somebody links their account: a page to open, and the code to enter there. */
export interface LinkCode {
  readonly code: string;
  readonly url: string;
  /** Milliseconds for which it is still good. */
  readonly validMs: number;
}

/** Which identities are linked with a CAD account, as the CAD says when asked, and how to link one. */
export interface Linking {
  /** Asks the CAD when it has not said so lately. */
  isLinked(identity: string): Promise<ApiResult<boolean>>;
  /** Gives the code that is still good, or a new one. */
  code(identity: string): Promise<ApiResult<LinkCode>>;
  /** Links with what the CAD's own page has handed over. */
  link(identity: string, accountUuid: string, secretUuid: string): Promise<ApiResult<boolean>>;
  /** To be called when the CAD says by itself that an identity is linked. */
  verified(identity: string): void;
}

/** The CAD says by itself when somebody links, but not when somebody is unlinked. */
const LINKED_MS = 10 * 60_000;
const NOT_LINKED_MS = 30_000;
/** A code that is about to end is of no use to somebody who still has to type it. */
const LEAST_CODE_MS = 60_000;
/** Identities remembered; more players than a server holds. */
const MAX_REMEMBERED = 5_000;
const PAGE = 'https://sonorancad.com/id?code=';

export function createLinking({ api, clock }: LinkingOptions): Linking {
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

  return {
    async isLinked(identity) {
      const kept = known.get(fold(identity));
      if (kept !== undefined && kept.until > clock.monotonic()) return { ok: true, data: kept.linked };
      const result = await api.checkLink(identity);
      if (!result.ok) return result;
      learn(identity, result.data.linked);
      return { ok: true, data: result.data.linked };
    },
    async code(identity) {
      const kept = codes.get(fold(identity));
      const left = (until: number) => until - clock.monotonic();
      if (kept !== undefined && left(kept.until) > LEAST_CODE_MS) {
        return { ok: true, data: linkCode(kept.code, left(kept.until)) };
      }
      const result = await api.createLink(identity);
      if (!result.ok) return result;
      const { code, expiresInSeconds } = result.data;
      remember(codes, identity, { code, until: clock.monotonic() + expiresInSeconds * 1_000 });
      return { ok: true, data: linkCode(code, expiresInSeconds * 1_000) };
    },
    async link(identity, accountUuid, secretUuid) {
      const result = await api.setLink({ identity, accountUuid, secretUuid });
      if (!result.ok) return result;
      learn(identity, result.data.linked);
      return { ok: true, data: result.data.linked };
    },
    verified(identity) {
      learn(identity, true);
      codes.delete(fold(identity));
    },
  };
}

function linkCode(code: string, validMs: number): LinkCode {
  return { code, url: PAGE + encodeURIComponent(code), validMs };
}

export interface LinkCommandOptions extends PlayerAnswers {
  readonly linking: Pick<Linking, 'isLinked' | 'code'>;
  /** The identity by which the CAD shall know a player; null when they have none of the configured kind. */
  identityOf(source: number): string | null;
  /** The configured kind of identifier. */
  kind(): string;
  readonly clock: { monotonic(): number };
}

const MOST_EACH = 4;
const MOST_IN_ALL = 20;

/**
 * `/link`: shows a player how to link their CAD account. That it is done, the CAD says by `EVENT_COMMUNITY_LINK_VERIFIED`.
 */
export function createLinkCommand(options: LinkCommandOptions): (source: number) => void {
  const { linking, identityOf, kind, texts } = options;
  const limits = createRequestLimits(MOST_EACH, MOST_IN_ALL, options.clock);

  /** @returns null where nothing is to be said */
  async function answer(source: number): Promise<string | null> {
    const identity = identityOf(source);
    const taken = limits.take(source);
    if (taken !== 'granted') return taken === 'refused' ? texts().tooMany : null;
    if (identity === null) return fillTemplate(texts().noIdentifier, { kind: kind() });
    const linked = await linking.isLinked(identity);
    if (linked.ok && linked.data) return texts().alreadyLinked;
    const code = await linking.code(identity);
    if (!code.ok) return texts().refused;
    const { url, validMs } = code.data;
    return fillTemplate(texts().link, { url, code: code.data.code, minutes: Math.floor(validMs / 60_000) });
  }

  return (source) => answerPlayer(source, answer(source), options);
}
