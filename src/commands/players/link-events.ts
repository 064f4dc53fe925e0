import { readId } from '../../api/export-calls.ts';
import type { ApiResult } from '../../cad/api/results.ts';
import { isSameIdentity, withoutKind } from '../../events/catalogue/people.ts';
import { reasonOf } from '../../lib/text.ts';
import { fillTemplate } from '../../notify/texts.ts';
import type { AccountLinks, LinkCode } from './linking.ts';
import { type NetHandler, type PlayerHandler, type PlayerParts, RequestLimits } from './player-requests.ts';

const PREFIX = 'SonoranCAD::links:';
const RESPONSE = 'SonoranCAD::apicheck:CheckPlayerLinkedResponse';
/** Requests of one player in a minute, and of all players. */
const MOST_EACH_PER_MINUTE = 10;
const MOST_IN_ALL_PER_MINUTE = 60;
/** Interval at which a game asks for the status of its link. The official resource uses the same interval. */
const POLL_INTERVAL_MS = 30_000;
/** Upper bound for players who wait for their link, more than a server has players. Further players have to poll. */
const MAX_WAITING = 5_000;

type LinkStatus = { readonly linked: boolean } & Partial<LinkCode>;

/**
 * Handles the official resource's events about linking accounts. Answers games with `SonoranCAD::links:OpenResult`,
 * `:Status` and `:SsoResult`, and resources with `SonoranCAD::apicheck:CheckPlayerLinkedResponse` (player,
 * identifier, exists).
 */
export class LinkEvents {
  /** Handlers of events that games may trigger, by event name. */
  readonly net: Readonly<Record<string, NetHandler>> = {
    [`${PREFIX}Open`]: fromPlayer((source) => this.#open(source)),
    [`${PREFIX}Poll`]: fromPlayer((source) => this.#poll(source)),
    [`${PREFIX}PopupClosed`]: fromPlayer((source) => this.gone(source)),
    [`${PREFIX}AssociateSso`]: fromPlayer((source) => this.#associateSso(source, false)),
    'SonoranCAD::Tablet::AssociateSso': fromPlayer((source) => this.#associateSso(source, true)),
    'SonoranCAD::apicheck:CheckPlayerLinked': (source, args) => this.#checkPlayer(source, args),
  };

  readonly #parts: PlayerParts & { readonly links: AccountLinks };
  readonly #limits: RequestLimits;
  /** Players whose games show the code and wait for the link. */
  readonly #waiting = new Set<number>();

  constructor(parts: PlayerParts & { readonly links: AccountLinks }) {
    this.#parts = parts;
    this.#limits = new RequestLimits(MOST_EACH_PER_MINUTE, MOST_IN_ALL_PER_MINUTE, parts.clock);
  }

  /** Notifies the waiting games of an identity that was linked. */
  verified(linkedIdentity: string): void {
    for (const source of this.#waiting) {
      const identity = this.#parts.identityOf(source);
      if (identity === null || !isSameIdentity(identity, linkedIdentity)) continue;
      this.#waiting.delete(source);
      this.#sendStatus(source, identity, { linked: true });
    }
  }

  /** Forgets a player who no longer waits, or has left the server. */
  gone(source: number): void {
    this.#waiting.delete(source);
  }

  #open(source: number): void {
    const { links, texts, send } = this.#parts;
    const refuse = (message: string) => send(`${PREFIX}OpenResult`, source, { ok: false, message });

    this.#answer(source, refuse, async (identity) => {
      const linked = await links.isLinked(identity);
      const isLinked = linked.ok && linked.data;
      const code = isLinked ? null : await links.code(identity);
      if (code?.ok === false) {
        refuse(texts().refused);
        return;
      }

      if (!isLinked && this.#waiting.size < MAX_WAITING) this.#waiting.add(source);
      const status: LinkStatus = { linked: isLinked, ...code?.data };
      const { validMs: _, ...result } = status;
      send(`${PREFIX}OpenResult`, source, { ok: true, ...result, pollIntervalMs: POLL_INTERVAL_MS, allowClose: true });
      this.#sendStatus(source, identity, status);
    });
  }

  #poll(source: number): void {
    const refuse = () => {};
    this.#answer(source, refuse, async (identity) => {
      const linked = await this.#parts.links.isLinked(identity);
      if (linked.ok) this.#sendStatus(source, identity, { linked: linked.data });
    });
  }

  /** Answers whether the account is linked: the CAD no longer links accounts by its single sign-on. */
  #associateSso(source: number, isTablet: boolean): void {
    const { links, send } = this.#parts;
    const respond = (isLinked: boolean, details: object) => {
      send(`${PREFIX}SsoResult`, source, { ok: isLinked, ...details });
      if (isTablet) sendTabletResult(source, isLinked, send);
    };
    const refuse = (message: string) => respond(false, { message });

    this.#answer(source, refuse, async (identity) => {
      const linked = await links.isLinked(identity);
      respond(linked.ok && linked.data, { communityUserId: links.formToWrite(identity) });
    });
  }

  #checkPlayer(requester: number | null, [player]: readonly unknown[]): void {
    const { identityOf, emit, links } = this.#parts;
    const source = requester ?? readId(player);
    if (source === undefined) return;
    if (requester !== null && this.#limits.take(requester) !== 'granted') return;

    const identity = identityOf(source);
    if (identity === null) {
      emit(RESPONSE, source, null, false);
      return;
    }
    void links.isLinked(identity).then((linked) => {
      emit(RESPONSE, source, withoutKind(identity), linked.ok && linked.data);
    });
  }

  /** Answers a game within the rate limits, if the player has an identity. */
  #answer(source: number, refuse: (message: string) => void, answer: (identity: string) => Promise<void>): void {
    const { identityOf, texts, log } = this.#parts;
    const decision = this.#limits.take(source);
    if (decision === 'silently refused') return;
    if (decision === 'refused') {
      refuse(texts().tooMany);
      return;
    }

    const identity = identityOf(source);
    if (identity === null) {
      refuse(texts().refused);
      return;
    }
    answer(identity).catch((thrown: unknown) => {
      log
        .coalesce({ reason: reasonOf(thrown) })
        .error('A request about linking an account failed with an internal error. Please report it with this line.', {
          source,
        });
      refuse(texts().refused);
    });
  }

  #sendStatus(source: number, identity: string, { linked, code, url, validMs = 0 }: LinkStatus): void {
    const { config, texts, send, links } = this.#parts;
    let statusText = '';
    if (linked) statusText = texts().alreadyLinked;
    else if (code !== undefined) {
      statusText = fillTemplate(texts().link, { url, code, minutes: Math.floor(validMs / 60_000) });
    }

    send(`${PREFIX}Status`, source, {
      linked,
      code,
      url,
      communityUserId: links.formToWrite(identity),
      statusText,
      pollIntervalMs: POLL_INTERVAL_MS,
      linkCommand: config().linkCommand,
      allowClose: true,
    });
  }
}

/** Ignores events of resources. */
function fromPlayer(handle: (source: number) => void): NetHandler {
  return (source) => {
    if (source !== null) handle(source);
  };
}

const NO_ANSWER = 'The CAD cannot be reached right now.';
const UUID = /^[0-9a-f-]{8,64}$/i;

/**
 * Creates the handlers of the official CAD tablet's net events, by event name. The tablet is another resource. Its
 * answers are `SonoranCAD::Tablet::LinkFound`, `SonoranCAD::Tablet::LinkMissing`, and `sonoran:tablet:failed` with a
 * reason.
 */
export function createTabletEvents({
  links,
  identityOf,
  send,
  clock,
  log,
}: Pick<PlayerParts, 'identityOf' | 'send' | 'clock' | 'log'> & {
  readonly links: Pick<AccountLinks, 'isLinked' | 'link'>;
}): Readonly<Record<string, PlayerHandler>> {
  const limits = new RequestLimits(MOST_EACH_PER_MINUTE, MOST_IN_ALL_PER_MINUTE, clock);

  const sendFailure = (source: number, reason: string) => send('sonoran:tablet:failed', source, reason);

  function admit(source: number): string | null {
    if (limits.take(source) !== 'granted') {
      log.debug('A request of the CAD tablet was ignored: there were too many in the last minute.', { source });
      return null;
    }
    const identity = identityOf(source);
    if (identity === null) sendFailure(source, 'This server cannot identify you.');
    return identity;
  }

  function answer(source: number, linked: Promise<ApiResult<boolean>>, refusal: string): void {
    linked
      .then((result) => {
        if (result.ok) sendTabletResult(source, result.data, send);
        else sendFailure(source, refusal);
      })
      .catch((thrown: unknown) => {
        log
          .coalesce({ reason: reasonOf(thrown) })
          .error('A request of the CAD tablet failed with an internal error. Please report it with this line.', {
            source,
          });
        sendFailure(source, NO_ANSWER);
      });
  }

  const checkStatus = (source: number): void => {
    const identity = admit(source);
    if (identity !== null) answer(source, links.isLinked(identity), NO_ANSWER);
  };

  return {
    'SonoranCAD::Tablet::CheckLinkStatus': checkStatus,
    'SonoranCAD::Tablet::SetCommunityLink': (source, account, secret) => {
      const identity = admit(source);
      if (identity === null) return;
      if (isUuid(account) && isUuid(secret)) {
        answer(source, links.link(identity, account, secret), 'The CAD did not link the account.');
      } else {
        sendFailure(source, 'The CAD page passed on no account.');
      }
    },
    // The CAD no longer links accounts by its single sign-on: the answer says only whether the account is linked.
    'SonoranCAD::Tablet::AssociateSsoData': checkStatus,
  };
}

function sendTabletResult(source: number, isLinked: boolean, send: PlayerParts['send']): void {
  send(isLinked ? 'SonoranCAD::Tablet::LinkFound' : 'SonoranCAD::Tablet::LinkMissing', source);
}

function isUuid(given: unknown): given is string {
  return typeof given === 'string' && UUID.test(given);
}
