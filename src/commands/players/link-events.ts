import { readId } from '../../api/arguments.ts';
import { isSameIdentity, withoutKind } from '../../events/identity.ts';
import { reasonOf } from '../../lib/text.ts';
import { fillTemplate } from '../../notify/template.ts';
import type { GameEvents } from '../../platform/events.ts';
import type { Linking } from './linking.ts';
import { createRequestLimits, type PlayerParts } from './player-requests.ts';

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
export function createLinkEvents(
  parts: Pick<PlayerParts, 'config' | 'identityOf' | 'texts' | 'send' | 'clock' | 'log'> & {
    readonly linking: Pick<Linking, 'isLinked' | 'code' | 'formToWrite'>;
    readonly emit: GameEvents['emit'];
  },
) {
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
        log.error('A game could not be answered about its link.', { source, reason: reasonOf(thrown) });
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

  function checkPlayer(asking: number | null, given: unknown): void {
    const source = asking ?? readId(given);
    if (source === undefined || (asking !== null && limits.take(asking) !== 'granted')) return;
    const identity = identityOf(source);
    const tell = (exists: boolean) => {
      if (config().legacyEvents !== 'off') emit(RESPONSE, source, identity && withoutKind(identity), exists);
    };
    if (identity === null) tell(false);
    else void linking.isLinked(identity).then((linked) => tell(linked.ok && linked.data));
  }

  const ofPlayer =
    (answer: (source: number) => void) =>
    (source: number | null): void => {
      if (source !== null) answer(source);
    };
  const net: Readonly<Record<string, (source: number | null, ...args: readonly unknown[]) => void>> = {
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
