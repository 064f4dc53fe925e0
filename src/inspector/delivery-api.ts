import type { Forwarding } from '../forward/forwarding.ts';
import type { DeadLetterInfo } from '../forward/forwarding-status.ts';
import type { Clock } from '../lib/clock.ts';
import { ApiFailure, type ApiRequest, readNumber, readText } from './answers.ts';
import type { DeadLetterList, Delivery, Done, TargetView } from './api-types.ts';
import { attemptView } from './event-views.ts';
import type { Measurements } from './measurements.ts';

/** Dead letters of one answer. */
const MOST_LISTED = 500;
/** More than there can be. */
const MOST_SKIPPED = 1_000_000;
const LONGEST = 300;
const NARROWING = ['id', 'target', 'type', 'text', 'to', 'skip'];
/** For so long a request searches dead letters, and replays or drops them. The next goes on: an answer later than 5 s would be lost. */
const SEARCH_MS = 2_000;
const ACT_MS = 1_500;
/** Each is read from the database: for so long at a time, and then the game goes on. */
const SLICE_MS = 2;
const PAUSE_MS = 8;

export interface DeliveryApiOptions {
  readonly forwarding: Pick<Forwarding, 'status' | 'idleBecause' | 'newestDeadLetters' | 'replay' | 'drop' | 'retry'>;
  readonly measurements: Pick<Measurements, 'lastFailure'>;
  readonly clock: Pick<Clock, 'monotonic' | 'after' | 'soon'>;
}

/** Which dead letters are wanted; '' for all. */
interface Wanted {
  readonly id: string;
  readonly target: string;
  /** In upper case. */
  readonly type: string;
  /** In lower case. */
  readonly text: string;
  /** How many of the newest are passed over. */
  readonly skip: number;
}

type Target = ReturnType<Forwarding['status']>['targets'][number];

/** What the page asks about forwarding, and what it has done about it. */
export class DeliveryApi {
  readonly #options: DeliveryApiOptions;

  constructor(options: DeliveryApiOptions) {
    this.#options = options;
  }

  look(): Delivery {
    const { forwarding } = this.#options;
    const { store, targets, removed, recovering } = forwarding.status();
    return {
      idleBecause: forwarding.idleBecause() ?? (targets.length === 0 ? 'No target is configured.' : null),
      storeFault: storeFault(store),
      recovering,
      targets: targets.map((target) => this.#view(target)),
      removed,
    };
  }

  retry({ param: target }: ApiRequest): Done {
    if (this.#options.forwarding.retry(target)) return { count: 1, message: `${target} is tried again now.` };
    throw new ApiFailure('unknown', `There is no target named ${target}.`);
  }

  async deadLetters(request: ApiRequest): Promise<DeadLetterList> {
    const limit = readNumber(request, 'limit', 1, MOST_LISTED, 100);
    const wanted = readWanted(request);
    const isSearch = wanted.type !== '' || wanted.text !== '';
    const listed: DeadLetterInfo[] = [];
    let matching = 0;
    const { searched, all } = await this.#search(wanted, (letter) => {
      matching += 1;
      if (listed.length < limit) listed.push(letter);
      return isSearch || listed.length < limit;
    });
    return {
      deadLetters: listed.map(({ size: bytes, ...info }) => ({ ...info, bytes })),
      matching: isSearch ? matching : Math.max(0, all - wanted.skip),
      searched: isSearch ? searched : all,
      older: isSearch ? all - searched : 0,
      total: this.#count(''),
    };
  }

  async replay(request: ApiRequest): Promise<Done> {
    const { forwarding } = this.#options;
    const to = readText(request, 'to', LONGEST);
    if (to !== '' && !forwarding.status().targets.some(({ target }) => target === to))
      throw new ApiFailure('unknown', 'There is no target of that name.');
    const isEverything = request.query('all') === 'true' && !NARROWING.some((name) => request.query(name));
    const { count, rest } = isEverything
      ? { count: forwarding.replay('all'), rest: '' }
      : await this.#each(request, ({ id, target }) => forwarding.replay(id, to || target));
    if (count === 0) throw new ApiFailure('unknown', 'There is no such dead letter, or its target is not configured.');
    return { count, message: `${count} on the way again.${rest}` };
  }

  async drop(request: ApiRequest): Promise<Done> {
    const { forwarding } = this.#options;
    const { id, target } = readWanted(request);
    const { count, rest } =
      id === ''
        ? await this.#each(request, (letter) => forwarding.drop(letter.id, letter.target))
        : { count: forwarding.drop(id, target === '' ? undefined : target), rest: '' };
    if (count === 0) throw new ApiFailure('unknown', 'There is no such dead letter.');
    return { count, message: `${count} dropped.${rest}` };
  }

  /** Does it with the dead letters of an id, or with all that match, the oldest first. @returns how many there were, and what is left */
  async #each(request: ApiRequest, act: (letter: DeadLetterInfo) => number) {
    const { clock } = this.#options;
    const wanted = readWanted(request);
    const isAll = request.query('all') === 'true';
    if ((wanted.id !== '') === isAll) throw new ApiFailure('bad-request', 'Either id or all=true is expected.');
    const found: DeadLetterInfo[] = [];
    const { searched, all } = await this.#search(wanted, (letter) => found.push(letter) > 0);
    let count = 0;
    let done = 0;
    let began = clock.monotonic();
    const until = began + ACT_MS;
    for (const letter of found.reverse()) {
      count += act(letter);
      done += 1;
      if (clock.monotonic() - began < SLICE_MS) continue;
      await new Promise<void>((resolve) => clock.soon(resolve));
      began = clock.monotonic();
      if (began >= until) break;
    }
    const left = found.length - done;
    const again = left > 0 ? ` ${left} more match: do it again.` : '';
    return { count, rest: `${searched < all ? ` ${all - searched} older ones were not searched.` : ''}${again}` };
  }

  /**
   * Looks through the dead letters, the newest first, while there is time for it.
   *
   * @param take gets each that is wanted. @returns whether it takes more
   * @returns how many were passed over and looked at, and how many there were
   */
  async #search(wanted: Wanted, take: (letter: DeadLetterInfo) => boolean): Promise<{ searched: number; all: number }> {
    const { forwarding, clock } = this.#options;
    // All of it would have to be read now, however much there is.
    if (forwarding.status().recovering)
      throw new ApiFailure('busy', 'Events of an earlier run are still being read: ask again in a moment.');
    const all = this.#count(wanted.target);
    const until = clock.monotonic() + SEARCH_MS;
    let searched = Math.min(wanted.skip, all);
    let began = clock.monotonic();
    for (const letter of forwarding.newestDeadLetters(wanted.target === '' ? undefined : wanted.target, wanted.skip)) {
      searched += 1;
      if (isWanted(letter, wanted) && !take(letter)) break;
      if (clock.monotonic() - began < SLICE_MS) continue;
      await new Promise<void>((resolve) => clock.after(PAUSE_MS, resolve));
      began = clock.monotonic();
      if (began >= until) break;
    }
    return { searched, all };
  }

  /** How many dead letters a target has, or all have. */
  #count(target: string): number {
    const { targets, removed } = this.#options.forwarding.status();
    const counted = [...targets, ...removed].filter((each) => target === '' || each.target === target);
    return counted.reduce((count, { deadLetters }) => count + deadLetters, 0);
  }

  #view(status: Target): TargetView {
    const { target, url, queued, setAside, deadLetters, oldestMs, nextAttemptInMs, silent, counts, advice } = status;
    const failure = this.#options.measurements.lastFailure(target);
    return {
      ...{ target, url, queued, setAside, deadLetters, oldestMs, nextAttemptInMs, silent, advice },
      ...{ state: stateOf(status), words: inWords(status) },
      ...{ delivered: counts.delivered, lost: counts.lost + counts.lostDeadLetters },
      lastError:
        failure === null ? null : { ...attemptView(failure), id: failure.report.id, type: failure.report.type },
    };
  }
}

function readWanted(request: ApiRequest): Wanted {
  return {
    id: readText(request, 'id', LONGEST),
    target: readText(request, 'target', LONGEST),
    type: readText(request, 'type', LONGEST).toUpperCase(),
    text: readText(request, 'text', LONGEST).toLowerCase(),
    skip: readNumber(request, 'skip', 0, MOST_SKIPPED, 0),
  };
}

function isWanted(letter: DeadLetterInfo, { id, type, text }: Wanted): boolean {
  if (id !== '') return letter.id === id;
  if (type !== '' && letter.type !== type) return false;
  return [letter.id, letter.type, letter.reason].some((given) => (given ?? '').toLowerCase().includes(text));
}

const STATES = { starting: 'starting', waiting: 'waiting', parked: 'paused' } as const;

/** A target that is tried again, or has refused the last event, does not deliver. */
function stateOf({ state, reason, refusals }: Target): TargetView['state'] {
  if (state !== 'open') return STATES[state];
  if (reason !== null) return 'waiting';
  return refusals === null ? 'ok' : 'refusing';
}

function inWords({ state, reason, queued, silent, reached, refusals, nextAttemptInMs, counts }: Target): string {
  const why = reason === null ? '' : `: ${reason}`;
  const next = nextAttemptInMs === null ? '' : `, next attempt in ${Math.ceil(nextAttemptInMs / 1_000)} s`;
  switch (state) {
    case 'starting':
      return 'Starting: events of an earlier run are being read.';
    case 'waiting':
      return `Not answering as it should${why}${next}.`;
    case 'parked':
      return `Paused${why}${next}.`;
    case 'open':
      if (reason !== null) return `Trying again${why}.`;
      if (refusals !== null)
        return `It refused the last ${refusals.count === 1 ? 'event' : `${refusals.count} events`} (${refusals.reason}).`;
      if (silent) return 'Takes events and never answers; it is checked now and then.';
      if (reached) return queued === 0 ? 'All is delivered.' : 'Delivering.';
      if (queued > 0) return 'Sending; it has not answered yet.';
      return `Nothing was sent to it ${counts.delivered === 0 ? 'yet' : 'since its settings were changed'}.`;
  }
}

function storeFault({
  unusedBecause,
  broken,
  eventsInMemory,
}: ReturnType<Forwarding['status']>['store']): string | null {
  if (unusedBecause !== null) return `The database is not used (${unusedBecause}): events wait in memory only.`;
  if (broken) return `The database does not keep what is written to it: ${eventsInMemory} events wait in memory only.`;
  return null;
}
