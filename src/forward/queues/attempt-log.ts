import type { Log, LogFields } from '../../lib/log.ts';
import type { AttemptResult } from '../delivery.ts';

/** What lines about targets say where it depends on what forwards: how the operator there mends something. */
export interface Wording {
  /** How the wait for a target that says that it is gone is ended: follows "or". */
  endWait(target: string): string;
  /** What becomes of an event that was given up on: follows a semicolon. */
  readonly afterGivingUp: string;
  /** What can be done about the dead letters of a removed target: a relative clause. */
  readonly afterRemoval: string;
  /** How a target is made to begin that there was no room for: an order. */
  readonly beginAnew: string;
  /** What to look at where a target wants other credentials or forbids the access: follows a colon. */
  readonly checkCredentials: string;
  /** How only answers are made to count: a whole sentence; null where that cannot be asked for. */
  readonly insistOnAnswers: string | null;
}

/** @param name the resource's folder, which is the name of its command */
export function resourceWording(name: string): Wording {
  return {
    endWait: (target) => `end the wait with "${name} forward retry ${target}"`,
    afterGivingUp: `"${name} forward replay <id>" sends it again`,
    afterRemoval: `which "${name} forward replay all <another target>" sends to another`,
    beginAnew: `type "${name} reload"`,
    checkCredentials: 'check the address, the headers and the secret of the target',
    insistOnAnswers: 'Set "requireResponse" to insist on answers.',
  };
}

/** Where the name of the resource is not known. */
export const DEFAULT_WORDING: Wording = resourceWording('sonorancad');

/** What an attempt has led to. */
export interface NextStep {
  /** What happens to the event now, in a few words. */
  readonly next: string;
  readonly isFailure: boolean;
  /** Whether the operator need not see this failure: another line tells of it, or it is none of the target's. */
  readonly isQuiet?: boolean;
}

/** An attempt as a line tells of it. */
export interface ToldAttempt {
  readonly id: string;
  readonly type: string;
  readonly attempt: number;
  /** The attempt after which the event is given up on; null when attempts do not end it. */
  readonly lastAttempt: number | null;
}

/** Writes one line about each attempt at a target, and after it what the attempt has led to. */
export class AttemptLog {
  /** For what attempts lead to: while one is told of, its lines wait. */
  readonly log: Log;
  readonly #log: Log;
  readonly #target: string;
  #held: (() => void)[] | null = null;
  #hasWarned = false;

  constructor(log: Log, target: string) {
    this.#log = log;
    this.#target = target;
    const hold = (level: keyof Log) => (message: string, fields?: LogFields) => {
      if (this.#held === null) log[level](message, fields);
      else this.#held.push(() => log[level](message, fields));
    };
    this.log = { debug: hold('debug'), info: hold('info'), warn: hold('warn'), error: hold('error') };
  }

  /**
   * Of failures in a row the operator sees the first one; a target that goes on failing is told of when it is parked.
   *
   * @param wasFailing whether the attempt before it failed, or the target is parked
   * @param lead does what follows from the attempt
   */
  tell(attempt: ToldAttempt, result: AttemptResult, wasFailing: boolean, lead: () => NextStep): void {
    if (!wasFailing) this.#hasWarned = false;
    this.#held = [];
    try {
      this.#write(attempt, result, lead());
    } finally {
      const lines = this.#held;
      this.#held = null;
      for (const line of lines) line();
    }
  }

  #write(
    { id, type, attempt, lastAttempt }: ToldAttempt,
    result: AttemptResult,
    { next, isFailure, isQuiet = false }: NextStep,
  ): void {
    const fields = {
      id,
      type,
      target: this.#target,
      ...(result.kind === 'answered'
        ? { status: result.status }
        : { error: result.kind === 'failed' ? result.code : 'timeout' }),
      attempt: lastAttempt === null ? attempt : `${attempt}/${lastAttempt}`,
      ms: Math.round(result.ms),
      next,
    };
    const isNews = isFailure && !isQuiet && !this.#hasWarned;
    this.#hasWarned ||= isNews;
    if (isNews) this.#log.warn('An event could not be forwarded.', fields);
    else this.#log.debug(isFailure ? 'An event could not be forwarded.' : 'An event was forwarded.', fields);
  }
}

/** @returns when the next attempt is, as the line about the last one says it */
export function inWords(milliseconds: number): string {
  if (milliseconds === 0) return 'again at once';
  return Number.isFinite(milliseconds) ? `again in ${(milliseconds / 1000).toFixed(1)} s` : 'not again by itself';
}
