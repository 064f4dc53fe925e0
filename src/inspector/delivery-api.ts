import type { Forwarding } from '../forward/create-forwarding.ts';
import type { DeadLetterInfo } from '../forward/outbox/dead-letters.ts';
import type { Clock } from '../lib/clock.ts';
import { ApiFailure, type ApiRequest, readNumber, readText } from './answers.ts';
import type { DeadLetterList, Delivery, Done, TargetView } from './api-types.ts';
import { attemptView } from './event-views.ts';
import type { Measurements } from './measurements.ts';

/** Of the dead letters, so many are searched: the newest. */
const SEARCHED = 500;
const LONGEST = 300;
const NARROWING = ['id', 'target', 'type', 'text', 'to'];
/** Dead letters are replayed and dropped for so long, and then the game goes on. */
const SLICE_MS = 2;

interface DeliveryApiOptions {
  readonly forwarding: Pick<Forwarding, 'status' | 'idleBecause' | 'deadLetters' | 'replay' | 'drop' | 'retry'>;
  readonly measurements: Pick<Measurements, 'lastFailure'>;
  readonly clock: Pick<Clock, 'monotonic' | 'soon'>;
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

  deadLetters(request: ApiRequest): DeadLetterList {
    const limit = readNumber(request, 'limit', 1, SEARCHED, 100);
    const matching = this.#matching(request);
    const { targets, removed } = this.#options.forwarding.status();
    const total = [...targets, ...removed].reduce((count, { deadLetters }) => count + deadLetters, 0);
    const newest = matching.slice(-limit).reverse();
    return {
      deadLetters: newest.map(({ size: bytes, ...info }) => ({ ...info, bytes })),
      matching: matching.length,
      total,
    };
  }

  async replay(request: ApiRequest): Promise<Done> {
    const { forwarding } = this.#options;
    const to = this.#configured(request, 'to');
    const isEverything = request.query('all') === 'true' && !NARROWING.some((name) => request.query(name));
    const count = isEverything
      ? forwarding.replay('all')
      : await this.#each(request, ({ id, target }) => forwarding.replay(id, to ?? target));
    if (count === 0) throw new ApiFailure('unknown', 'There is no such dead letter, or its target is not configured.');
    return { count, message: `${count} on the way again.` };
  }

  async drop(request: ApiRequest): Promise<Done> {
    const { forwarding } = this.#options;
    const id = readText(request, 'id', LONGEST);
    const count = id === '' ? await this.#each(request, (letter) => forwarding.drop(letter.id)) : forwarding.drop(id);
    if (count === 0) throw new ApiFailure('unknown', 'There is no such dead letter.');
    return { count, message: `${count} dropped.` };
  }

  /** Does it with the dead letter of an id, or with all that match, a few at a time. @returns how many there were */
  async #each(request: ApiRequest, act: (letter: DeadLetterInfo) => number): Promise<number> {
    const { clock } = this.#options;
    const id = readText(request, 'id', LONGEST);
    const isAll = request.query('all') === 'true';
    if ((id !== '') === isAll) throw new ApiFailure('bad-request', 'Either id or all=true is expected.');
    const wanted = isAll ? this.#matching(request) : this.#matching(request, id);
    let count = 0;
    let began = clock.monotonic();
    for (const letter of wanted) {
      count += act(letter);
      if (clock.monotonic() - began < SLICE_MS) continue;
      await new Promise<void>((resolve) => clock.soon(resolve));
      began = clock.monotonic();
    }
    return count;
  }

  /** @param id the one that is wanted; without it the filter of the request counts */
  #matching(request: ApiRequest, id?: string): DeadLetterInfo[] {
    const target = readText(request, 'target', LONGEST);
    // All of it would have to be read now, however much there is.
    if (this.#options.forwarding.status().recovering)
      throw new ApiFailure('busy', 'What an earlier run left is still being read: ask again in a moment.');
    const all = this.#options.forwarding.deadLetters(target === '' ? undefined : target, SEARCHED);
    if (id !== undefined) return all.filter((letter) => letter.id === id);
    const type = readText(request, 'type', LONGEST).toUpperCase();
    const text = readText(request, 'text', LONGEST).toLowerCase();
    return all.filter(
      (letter) =>
        (type === '' || letter.type === type) &&
        [letter.id, letter.type, letter.reason].some((given) => (given ?? '').toLowerCase().includes(text)),
    );
  }

  /** @returns null without that parameter */
  #configured(request: ApiRequest, name: string): string | null {
    const target = request.query(name);
    if (target === '') return null;
    if (this.#options.forwarding.status().targets.some((each) => each.target === target)) return target;
    throw new ApiFailure('unknown', 'There is no target of that name.');
  }

  #view(status: Target): TargetView {
    const { target, url, queued, setAside, deadLetters, oldestMs, nextAttemptInMs, silent, counts, advice } = status;
    const failure = this.#options.measurements.lastFailure(target);
    return {
      ...{ target, url, queued, setAside, deadLetters, oldestMs, nextAttemptInMs, silent, advice },
      ...{ state: STATES[status.state], words: inWords(status) },
      ...{ delivered: counts.delivered, lost: counts.lost + counts.lostDeadLetters },
      lastError:
        failure === null ? null : { ...attemptView(failure), id: failure.report.id, type: failure.report.type },
    };
  }
}

const STATES = { starting: 'starting', open: 'ok', waiting: 'waiting', parked: 'paused' } as const;

function inWords({ state, reason, queued, silent, reached, nextAttemptInMs }: Target): string {
  const why = reason === null ? '' : `: ${reason}`;
  const next = nextAttemptInMs === null ? '' : `, next attempt in ${Math.ceil(nextAttemptInMs / 1_000)} s`;
  switch (state) {
    case 'starting':
      return 'Starting: what an earlier run left is being read.';
    case 'waiting':
      return `Not answering as it should${why}${next}.`;
    case 'parked':
      return `Paused${why}${next === '' ? ', until you retry' : next}.`;
    case 'open':
      if (reason !== null) return `Trying again${why}.`;
      if (silent) return 'Takes events and never answers; it is asked now and then whether it is there.';
      if (reached) return queued === 0 ? 'All is delivered.' : 'Delivering.';
      return queued === 0 ? 'Nothing was sent to it yet.' : 'Sending; it has not answered yet.';
  }
}

function storeFault({
  unusedBecause,
  broken,
  eventsInMemory,
}: ReturnType<Forwarding['status']>['store']): string | null {
  if (unusedBecause !== null) return `The database is not used (${unusedBecause}): events wait in memory only.`;
  if (broken) return `The database does not keep what it is given: ${eventsInMemory} events wait in memory only.`;
  return null;
}
