import type { LinkStatus } from '../cad/cad-link.ts';
import type { Forwarding } from '../forward/create-forwarding.ts';

const MINUTE_MS = 60_000;

/** Something that is wrong now. */
export interface Condition {
  /** The same as long as it is wrong. */
  readonly id: string;
  /** How long it must have been wrong before you are told. */
  readonly waitMs: number;
  /** What is wrong, and what to do, in words of ours: no key, and no text of a person's. */
  readonly text: string;
  /** That it is over. */
  readonly over: string;
}

interface ConditionsOptions {
  /** The name of the operator's command. */
  readonly name: string;
  forwarding(): ReturnType<Forwarding['status']>;
  link(): Pick<LinkStatus, 'session' | 'api'>;
}

/** @returns what gives all that is wrong at the moment it is called */
export function createConditions({ name, forwarding, link }: ConditionsOptions): () => readonly Condition[] {
  /** Dead letters that an operator knows of: those that were there at the start, as far as they still are. */
  const known = new Map<string, number>();

  function ofTarget({ target, state, reason, deadLetters }: Target): Condition[] {
    const conditions: Condition[] = [];
    if (reason !== null || state === 'parked') {
      conditions.push({
        id: `target ${target}`,
        waitMs: 5 * MINUTE_MS,
        text: `Events are not delivered to \`${target}\`${reason === null ? '' : ` (${reason})`}: see "${name} forward status".`,
        over: `Events are delivered to \`${target}\` again.`,
      });
    }
    const before = Math.min(known.get(target) ?? deadLetters, deadLetters);
    known.set(target, before);
    if (deadLetters > before) {
      conditions.push({
        id: `dead letters ${target}`,
        waitMs: 0,
        text: `Events for \`${target}\` were given up on and kept (${deadLetters}): see "${name} forward list ${target}".`,
        over: `There are no new dead letters for \`${target}\` any more.`,
      });
    }
    return conditions;
  }

  function ofLink({ session, api }: ReturnType<ConditionsOptions['link']>): Condition[] {
    const { lastFailure, lastSuccessAt } = api;
    const isRefused = lastFailure?.error.kind === 'key' && (lastSuccessAt === null || lastFailure.at > lastSuccessAt);
    const isGone = session.state === 'waiting' || session.state === 'connecting';
    return [
      ...(isRefused ? [KEY_REFUSED] : []),
      ...(isGone ? [{ ...SESSION_GONE, text: `${SESSION_GONE.text}: see "${name} doctor".` }] : []),
    ];
  }

  return () => {
    const { store, targets, recovering } = forwarding();
    const isKept = !store.broken && store.unusedBecause === null;
    return [
      // Until all of it is read, dead letters of an earlier run would count as new ones.
      ...(recovering ? [] : targets.flatMap(ofTarget)),
      ...(isKept ? [] : [STORE_DOWN]),
      ...ofLink(link()),
    ];
  };
}

type Target = ReturnType<Forwarding['status']>['targets'][number];

const KEY_REFUSED: Condition = {
  id: 'key',
  waitMs: 0,
  text: 'The CAD refuses the API key: set apiKey to the one that it shows.',
  over: 'The CAD accepts the API key again.',
};

const SESSION_GONE: Condition = {
  id: 'session',
  waitMs: 10 * MINUTE_MS,
  text: 'The session with the CAD is gone',
  over: 'The session with the CAD is open again.',
};

const STORE_DOWN: Condition = {
  id: 'store',
  waitMs: 0,
  text: 'The database does not keep events: do not restart the server before there is room on its disk.',
  over: 'The database keeps events again.',
};
