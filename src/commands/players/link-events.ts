import { readId } from '../../api/export-calls.ts';
import type { ApiResult } from '../../cad/api/results.ts';
import { isSameIdentity, withoutKind } from '../../events/catalogue/people.ts';
import { reasonOf } from '../../lib/text.ts';
import { fillTemplate } from '../../notify/texts.ts';
import type { Linking } from './linking.ts';
import { createRequestLimits, type NetHandler, type PlayerHandler, type PlayerParts } from './player-requests.ts';

const PREFIX = 'SonoranCAD::links:';
const RESPONSE = 'SonoranCAD::apicheck:CheckPlayerLinkedResponse';
const MOST_EACH = 10;
const MOST_IN_ALL = 60;
/** As often as the official resource lets a game ask. */
const POLL_MS = 30_000;
/** Games that wait to hear of their link; more than a server has players. */
const MAX_WAITING = 5_000;

/** With the code that a player has to enter, where there is one. */
type LinkStatus = { readonly linked: boolean } & Partial<LinkCode>;
type LinkCode = Extract<Awaited<ReturnType<Linking['code']>>, { ok: true }>['data'];

/**
 * Answers those who show players how to link their account, as the official resource does: `SonoranCAD::links:OpenResult`, `:Status` and
 * `:SsoResult`, and `SonoranCAD::apicheck:CheckPlayerLinkedResponse` (player, identifier, exists) for resources.
 *
 * @returns `net`: by the name of the event what is done for it, whose player is null for a resource; `verified` to be called when an
 *   identity was linked, `gone` when a player leaves
 */
export function createLinkEvents(parts: PlayerParts & { readonly linking: Linking }) {
  const { config, identityOf, texts, send, emit, linking, log } = parts;
  const limits = createRequestLimits(MOST_EACH, MOST_IN_ALL, parts.clock);
  const waiting = new Set<number>();

  function tellStatus(source: number, identity: string, status: LinkStatus): void {
    const { linked, code, url, validMs = 0 } = status;
    const steps =
      code === undefined ? '' : fillTemplate(texts().link, { url, code, minutes: Math.floor(validMs / 60_000) });
    const statusText = linked ? texts().alreadyLinked : steps;
    const communityUserId = linking.formToWrite(identity);
    const about = { pollIntervalMs: POLL_MS, linkCommand: config().linkCommand, allowClose: true };
    send(`${PREFIX}Status`, source, { linked, code, url, communityUserId, statusText, ...about });
  }

  /** Does what takes an answer of the CAD, for a player with an identity who has not asked too often. */
  function ask(source: number, refused: (message: string) => void, answer: (identity: string) => Promise<void>): void {
    const taken = limits.take(source);
    if (taken === 'silently refused') return;
    const identity = identityOf(source);
    if (taken === 'refused') refused(texts().tooMany);
    else if (identity === null) refused(texts().refused);
    else
      answer(identity).catch((thrown: unknown) => {
        log.coalesce({ reason: reasonOf(thrown) }).error('A game could not be answered about its link.', { source });
        refused(texts().refused);
      });
  }

  function open(source: number): void {
    const refused = (message: string) => send(`${PREFIX}OpenResult`, source, { ok: false, message });
    ask(source, refused, async (identity) => {
      const linked = await linking.isLinked(identity);
      const isLinked = linked.ok && linked.data;
      const code = isLinked ? null : await linking.code(identity);
      if (code?.ok === false) return refused(texts().refused);
      const status: LinkStatus = { linked: isLinked, ...code?.data };
      if (!isLinked && waiting.size < MAX_WAITING) waiting.add(source);
      const { validMs: _, ...result } = status;
      send(`${PREFIX}OpenResult`, source, { ok: true, ...result, pollIntervalMs: POLL_MS, allowClose: true });
      tellStatus(source, identity, status);
    });
  }

  function poll(source: number): void {
    ask(
      source,
      () => {},
      async (identity) => {
        const linked = await linking.isLinked(identity);
        if (linked.ok) tellStatus(source, identity, { linked: linked.data });
      },
    );
  }

  // The CAD has given up linking by its single sign-on: the answer is only whether there is a link.
  function associate(source: number, isTablet: boolean): void {
    const tell = (ok: boolean, more: object) => {
      send(`${PREFIX}SsoResult`, source, { ok, ...more });
      if (isTablet) send(`SonoranCAD::Tablet::Link${ok ? 'Found' : 'Missing'}`, source);
    };
    ask(
      source,
      (message) => tell(false, { message }),
      async (identity) => {
        const linked = await linking.isLinked(identity);
        tell(linked.ok && linked.data, { communityUserId: linking.formToWrite(identity) });
      },
    );
  }

  function checkPlayer(asking: number | null, [given]: readonly unknown[]): void {
    const source = asking ?? readId(given);
    if (source === undefined || (asking !== null && limits.take(asking) !== 'granted')) return;
    const identity = identityOf(source);
    const tell = (exists: boolean) => emit(RESPONSE, source, identity && withoutKind(identity), exists);
    if (identity === null) tell(false);
    else void linking.isLinked(identity).then((linked) => tell(linked.ok && linked.data));
  }

  const ofPlayer =
    (answer: (source: number) => void) =>
    (source: number | null): void => {
      if (source !== null) answer(source);
    };
  const net: Readonly<Record<string, NetHandler>> = {
    [`${PREFIX}Open`]: ofPlayer(open),
    [`${PREFIX}Poll`]: ofPlayer(poll),
    [`${PREFIX}PopupClosed`]: ofPlayer((source) => void waiting.delete(source)),
    [`${PREFIX}AssociateSso`]: ofPlayer((source) => associate(source, false)),
    'SonoranCAD::Tablet::AssociateSso': ofPlayer((source) => associate(source, true)),
    'SonoranCAD::apicheck:CheckPlayerLinked': checkPlayer,
  };
  return {
    net,
    verified(linked: string): void {
      for (const source of waiting) {
        const identity = identityOf(source);
        if (identity === null || !isSameIdentity(identity, linked)) continue;
        waiting.delete(source);
        tellStatus(source, identity, { linked: true });
      }
    },
    gone: (source: number) => void waiting.delete(source),
  };
}

const UNREACHABLE = 'The CAD cannot be asked right now.';
const UUID = /^[0-9a-f-]{8,64}$/i;

/**
 * Answers the official CAD tablet, a resource of its own: `SonoranCAD::Tablet::LinkFound`, `::LinkMissing`, or
 * `sonoran:tablet:failed` with a reason.
 *
 * @returns by the name of the net event, what is done for the player whose game sent it
 */
export function createTabletEvents({
  linking,
  identityOf,
  send,
  clock,
  log,
}: Pick<PlayerParts, 'identityOf' | 'send' | 'clock' | 'log'> & {
  readonly linking: Pick<Linking, 'isLinked' | 'link'>;
}): Readonly<Record<string, PlayerHandler>> {
  const limits = createRequestLimits(MOST_EACH, MOST_IN_ALL, clock);

  const fail = (source: number, reason: string) => send('sonoran:tablet:failed', source, reason);
  const tell = (source: number, isLinked: boolean) =>
    send(isLinked ? 'SonoranCAD::Tablet::LinkFound' : 'SonoranCAD::Tablet::LinkMissing', source);

  function identityFor(source: number): string | null {
    if (limits.take(source) !== 'granted') {
      log.debug('A tablet asked too often.', { source });
      return null;
    }
    const identity = identityOf(source);
    if (identity === null) fail(source, 'This server cannot tell who you are.');
    return identity;
  }

  function answer(source: number, asked: Promise<ApiResult<boolean>>, refusal: string): void {
    asked
      .then((result) => (result.ok ? tell(source, result.data) : fail(source, refusal)))
      .catch((thrown: unknown) => {
        log.coalesce({ reason: reasonOf(thrown) }).error('A tablet could not be answered.', { source });
        fail(source, UNREACHABLE);
      });
  }

  const checkStatus = (source: number): void => {
    const identity = identityFor(source);
    if (identity !== null) answer(source, linking.isLinked(identity), UNREACHABLE);
  };

  return {
    'SonoranCAD::Tablet::CheckLinkStatus': checkStatus,
    'SonoranCAD::Tablet::SetCommunityLink': (source, account, secret) => {
      const identity = identityFor(source);
      if (identity === null) return;
      if (isUuid(account) && isUuid(secret))
        answer(source, linking.link(identity, account, secret), 'The CAD has not linked the account.');
      else fail(source, 'The CAD page has handed over no account.');
    },
    // The CAD has given up linking by its single sign-on: the answer is only whether there is a link.
    'SonoranCAD::Tablet::AssociateSsoData': checkStatus,
  };
}

function isUuid(given: unknown): given is string {
  return typeof given === 'string' && UUID.test(given);
}
