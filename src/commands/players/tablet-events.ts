import type { ApiResult } from '../../cad/api/results.ts';
import { reasonOf } from '../../lib/text.ts';
import type { Linking } from './linking.ts';
import { createRequestLimits, type PlayerParts } from './player-requests.ts';

const MOST_EACH = 10;
const MOST_IN_ALL = 60;
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
}): Readonly<Record<string, (source: number, ...args: readonly unknown[]) => void>> {
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
        log.error('A tablet could not be answered.', { source, reason: reasonOf(thrown) });
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
