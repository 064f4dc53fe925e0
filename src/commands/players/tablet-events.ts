import type { Log } from '../../lib/log.ts';
import { reasonOf } from '../../lib/text.ts';
import type { Linking } from './linking.ts';
import { createRequestLimits } from './player-requests.ts';

export interface TabletEventsOptions {
  readonly linking: Pick<Linking, 'isLinked' | 'link'>;
  /** The identity by which the CAD shall know a player; null when they have none of the configured kind. */
  identityOf(source: number): string | null;
  /** Sends an event to a player's game. */
  send(name: string, source: number, ...args: readonly unknown[]): void;
  readonly clock: { monotonic(): number };
  readonly log: Log;
}

/** By the name of the net event: what is done for the player whose game sent it. */
export type TabletEvents = Readonly<Record<string, (source: number, ...args: readonly unknown[]) => void>>;

const MOST_EACH = 10;
const MOST_IN_ALL = 60;
const UUID = /^[0-9a-f-]{8,64}$/i;

/**
 * Answers the official CAD tablet, a resource of its own: `SonoranCAD::Tablet::LinkFound`, `::LinkMissing`, or
 * `sonoran:tablet:failed` with a reason.
 */
export function createTabletEvents(options: TabletEventsOptions): TabletEvents {
  const { linking, identityOf, send, log } = options;
  const limits = createRequestLimits(MOST_EACH, MOST_IN_ALL, options.clock);

  const fail = (source: number, reason: string) => send('sonoran:tablet:failed', source, reason);
  const failing = (source: number) => (thrown: unknown) => {
    log.error('A tablet could not be answered.', { source, reason: reasonOf(thrown) });
    fail(source, 'The CAD cannot be asked right now.');
  };
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

  async function check(source: number, identity: string): Promise<void> {
    const result = await linking.isLinked(identity);
    if (result.ok) tell(source, result.data);
    else fail(source, 'The CAD cannot be asked right now.');
  }

  async function link(source: number, identity: string, account: string, secret: string): Promise<void> {
    const result = await linking.link(identity, account, secret);
    if (result.ok) tell(source, result.data);
    else fail(source, 'The CAD has not linked the account.');
  }

  const checkStatus = (source: number): void => {
    const identity = identityFor(source);
    if (identity !== null) check(source, identity).catch(failing(source));
  };

  return {
    'SonoranCAD::Tablet::CheckLinkStatus': checkStatus,
    'SonoranCAD::Tablet::SetCommunityLink': (source, account, secret) => {
      const identity = identityFor(source);
      if (identity === null) return;
      if (isUuid(account) && isUuid(secret)) link(source, identity, account, secret).catch(failing(source));
      else fail(source, 'The CAD page has handed over no account.');
    },
    // The CAD has given up linking by a session of its single sign-on: what is left to say is whether there is a link.
    'SonoranCAD::Tablet::AssociateSsoData': checkStatus,
  };
}

function isUuid(given: unknown): given is string {
  return typeof given === 'string' && UUID.test(given);
}
