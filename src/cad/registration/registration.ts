import { type Backoff, backoffWait } from '../../lib/backoff.ts';
import type { Log } from '../../lib/log.ts';
import { type ApiError, inSeconds } from '../api/results.ts';
import { type RegistrationReport, reportOf, shownServers, unansweredReport } from './checks.ts';
import { type Facts, FactsReader, type FactsReaderOptions } from './facts.ts';
import { type Comparison, hasSameServers, readServerList } from './server-list.ts';

export interface RegistrationOptions extends FactsReaderOptions {
  /** Gives numbers from 0 to below 1. */
  random(): number;
  readonly log: Log;
}

/** How far writing has come. */
interface Progress {
  facts: Facts;
  /** What was written, or may have been; null while nothing was. */
  change: Comparison['change'] | null;
}

/** How one try at writing ended: after `again` the next may end better. */
type Ending =
  | { readonly kind: 'done' }
  | { readonly kind: 'again' | 'final'; readonly why: string | null; readonly mayPass?: boolean };

/** The first writing, and 3 more when it does not hold. */
const TRIES = 4;
/** Between two readings that must be equal before an entry is added. */
const BETWEEN_READINGS_MS = 30_000;
/** Servers that boot together must not write together. */
const MAX_WAIT_MS = 30_000;
/** When a server that booted at the same time has written its own list too. */
const VERIFY_AGAIN_MS = 60_000;
const RETRIES: Backoff = {
  waitsMs: [10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 600_000],
  spread: [1, 0.8],
};
const MAX_COUNTED_FAILURES = 10;
const OVERWRITTEN =
  "This server's entry in the CAD's list was overwritten repeatedly: look for another program that writes the list, then reload this resource.";

const STOPPED: RegistrationReport = {
  ok: false,
  level: 'info',
  line: 'The resource is stopping.',
  url: null,
  checks: [],
};
const CALLED_OFF: Ending = { kind: 'final', why: 'it was called off' };
const CHANGED: Ending = { kind: 'again', why: "the CAD's list changed while it was read", mayPass: true };

/**
 * Keeps this server's entry in the CAD's list. The list can only be written whole, so it is written only when nothing speaks against
 * its being complete.
 */
export class Registration {
  readonly #options: RegistrationOptions;
  readonly #reader: FactsReader;
  #report: RegistrationReport | null = null;
  #printed = '';
  #ended: Promise<unknown> = Promise.resolve();
  #waiting: Promise<RegistrationReport> | null = null;
  #checking: Promise<RegistrationReport> | null = null;
  #isWriting = false;
  /** Whether a list was written and no reading has shown since what became of it. */
  #mustReadBack = false;
  #failures = 0;
  #isStopped = false;
  #callOffWait = () => {};
  #callOffRetry = () => {};
  #callOffVerifying = () => {};

  constructor(options: RegistrationOptions) {
    this.#options = options;
    this.#reader = new FactsReader(options);
  }

  /** The last report; null before the first. */
  get report(): RegistrationReport | null {
    return this.#report;
  }

  /** The number of the community's plan; -1 when it is not known. */
  get plan(): number {
    return this.#reader.plan;
  }

  /** How many servers share the key; 1 when it is not known. */
  get serverCount(): number {
    return this.#reader.serverCount;
  }

  /**
   * Checks, registers where that is configured, and prints one report. Takes up to some minutes when it writes: a run begins when
   * the one before has ended, and those that wait meanwhile are one. When the CAD cannot be asked, it is repeated until it can.
   */
  async run(): Promise<RegistrationReport> {
    if (this.#isStopped) return STOPPED;
    this.#waiting ??= this.#inTurn(() => {
      this.#waiting = null;
      return this.#runOnce();
    });
    return this.#waiting;
  }

  /** Checks at once, writes nothing, and prints nothing. */
  async check(): Promise<RegistrationReport> {
    if (this.#isStopped) return STOPPED;
    this.#checking ??= this.#checkOnly();
    return this.#checking;
  }

  /** A run by the operator, who says with it that the CAD's list is right as it is, empty or shorter than it was. */
  async confirm(): Promise<RegistrationReport> {
    if (this.#isStopped) return STOPPED;
    return this.#inTurn(() => this.#runOnce({ isConfirmed: true }));
  }

  /** Ends all waits: nothing is asked, written or printed any more. */
  stop(): void {
    this.#isStopped = true;
    this.#callOffWait();
    this.#callOffRetry();
    this.#callOffVerifying();
  }

  /** For the one run whose turn it is. @returns false when the resource stops meanwhile */
  #wait(milliseconds: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const callOff = this.#options.clock.after(milliseconds, () => resolve(!this.#isStopped));
    this.#callOffWait = () => {
      callOff();
      resolve(false);
    };
    if (this.#isStopped) this.#callOffWait();
    return promise;
  }

  /** One after the other: two that write would undo each other's work. */
  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    const done = this.#ended.then(job);
    this.#ended = done.catch(() => {});
    return done;
  }

  #keep(report: RegistrationReport): RegistrationReport {
    this.#report = report;
    return report;
  }

  #print({ level, line }: RegistrationReport): void {
    if (this.#isStopped) return;
    this.#printed = line;
    this.#options.log[level](line);
  }

  async #runOnce({ isRetry = false, isConfirmed = false } = {}): Promise<RegistrationReport> {
    this.#callOffRetry();
    const asked = await this.#reader.ask();
    if (this.#isStopped) return STOPPED;
    if (asked.facts === null) {
      const willPass = asked.error !== null && mayPass(asked.error);
      const unanswered = unansweredReport(asked, this.#options);
      const report = willPass ? askedAgain(unanswered, this.#tryLater()) : unanswered;
      if (!(isRetry && willPass)) {
        this.#print(report);
        this.#printName(report);
      }
      return this.#keep(report);
    }
    const facts = isConfirmed ? await this.#confirm(asked.facts) : asked.facts;
    const { obstacle, comparison, community } = facts;
    this.#nameLost(facts);
    if (obstacle === null || comparison.wanted === null) this.#failures = 0;
    if (obstacle === null && comparison.wanted !== null) {
      const report = await this.#write(facts, TRIES);
      this.#print(report);
      return report;
    }
    let report = reportOf(facts);
    const isAskedAgain = obstacle?.kind === 'community' && !community.ok && mayPass(community.error);
    if (isAskedAgain && comparison.wanted !== null) report = askedAgain(report, this.#tryLater());
    else this.#lookLater(facts);
    if (!isRetry || (!isAskedAgain && report.line !== this.#printed)) this.#print(report);
    return this.#keep(report);
  }

  /** What a report without an answer of the CAD's does not say in its one sentence. */
  #printName({ checks }: RegistrationReport): void {
    const wrong = checks.find(({ name, ok }) => name === 'resource' && ok === false);
    if (wrong !== undefined && !this.#isStopped)
      this.#options.log.warn(`${wrong.text.replace(/\.$/, '')}: ${wrong.fix}.`);
  }

  #growing(): number {
    this.#failures = Math.min(this.#failures + 1, MAX_COUNTED_FAILURES);
    return this.#failures;
  }

  /** @returns in how many milliseconds */
  #tryLater(failures = this.#growing()): number {
    const wait = backoffWait(RETRIES, failures, this.#options.random);
    const retry = () => this.#runOnce({ isRetry: true });
    this.#callOffRetry();
    this.#callOffRetry = this.#options.clock.after(wait, () => void this.#inTurn(retry));
    return wait;
  }

  /** A list that came wrong once may come right soon; one that stays so is for the operator. */
  #lookLater({ obstacle, comparison }: Facts): void {
    if (obstacle === null || comparison.wanted === null || this.#failures >= MAX_COUNTED_FAILURES) return;
    this.#tryLater();
  }

  async #checkOnly(): Promise<RegistrationReport> {
    const asked = await this.#reader.ask();
    this.#checking = null;
    if (this.#isStopped) return STOPPED;
    if (asked.facts === null) return this.#keep(unansweredReport(asked, this.#options));
    if (this.#isWriting) return reportOf({ ...asked.facts, writing: { kind: 'pending' } });
    return this.#keep(reportOf(asked.facts));
  }

  /** Forgets what the list lacks, where it is all of the list and the community's own. */
  async #confirm(facts: Facts): Promise<Facts> {
    const { obstacle, resourceName } = facts;
    if (obstacle?.kind === 'lost')
      this.#options.log.info(
        `The CAD's list without ${shownServers(obstacle.servers)} counts as right, because "${resourceName} register" was typed.`,
      );
    return this.#reader.confirm(facts);
  }

  async #write(first: Facts, tries: number): Promise<RegistrationReport> {
    this.#isWriting = true;
    this.#keep(reportOf({ ...first, writing: { kind: 'pending' } }));
    const progress: Progress = { facts: first, change: null };
    let triesLeft = tries;
    let ending: Ending;
    do {
      triesLeft -= 1;
      ending = await this.#tryOnce(progress);
    } while (ending.kind === 'again' && triesLeft > 0);
    this.#isWriting = false;
    if (this.#isStopped) return STOPPED;
    const facts = { ...progress.facts, writing: this.#writingOf(progress, ending) };
    if (progress.change !== null && ending.kind === 'done') this.#verifyLater(facts, triesLeft);
    // It could be asked a moment before, so that this is no matter of seconds.
    if (ending.kind !== 'done' && ending.mayPass) this.#tryLater(MAX_COUNTED_FAILURES);
    else this.#lookLater(facts);
    return this.#keep(reportOf(facts));
  }

  #writingOf({ facts, change }: Progress, ending: Ending): Facts['writing'] {
    if (ending.kind === 'done') return change === null ? { kind: 'none' } : { kind: 'done', change };
    if (ending.why === null || !this.#reader.mayWrite(facts)) return { kind: 'none' };
    return { kind: 'failed', why: ending.why };
  }

  /**
   * Changes this server's entry and nothing else: reads the list again after a random time, writes it at once, and reads it once
   * more to see what became of it.
   */
  async #tryOnce(progress: Progress): Promise<Ending> {
    const { servers: before, comparison } = progress.facts;
    const isMissing = comparison.entry === null;
    if (isMissing) {
      if (!(await this.#wait(BETWEEN_READINGS_MS))) return CALLED_OFF;
      const ending = await this.#readAgain(progress);
      if (ending !== null) return ending;
      if (!hasSameServers(before, progress.facts.servers)) return CHANGED;
    }
    if (!(await this.#wait(Math.round(this.#options.random() * MAX_WAIT_MS)))) return CALLED_OFF;
    const ending = await this.#readAgain(progress);
    if (ending !== null) return ending;
    const { facts } = progress;
    if (facts.comparison.entry === null && !(isMissing && hasSameServers(before, facts.servers))) return CHANGED;
    return this.#put(progress);
  }

  /** @returns how it ended when there is nothing to be written, or it must not be; null when there is */
  async #readAgain(progress: Progress): Promise<Ending | null> {
    const reading = await this.#reader.readAgain(progress.facts);
    if (reading === null) return CALLED_OFF;
    if (!reading.ok) return refused(reading.error);
    progress.facts = reading.facts;
    this.#nameLost(progress.facts);
    if (progress.facts.comparison.wanted === null) return { kind: 'done' };
    if (this.#isStopped || !this.#reader.mayWrite(progress.facts)) return CALLED_OFF;
    return progress.facts.obstacle === null ? null : { kind: 'again', why: null };
  }

  async #put(progress: Progress): Promise<Ending> {
    const { request } = this.#options.api;
    const { wanted, change } = progress.facts.comparison;
    if (wanted === null) return { kind: 'done' };
    progress.change = change;
    this.#mustReadBack = true;
    // Sent just before the list: it may show an entry that was added since the last reading, and is overwritten now.
    const [reading, written] = await Promise.all([readServerList(request), request('setServers', { servers: wanted })]);
    if (reading.ok) this.#reader.remember(progress.facts, reading.servers);
    if (!written.ok) return refused(written.error);
    const ending = await this.#readAgain(progress);
    return ending ?? { kind: 'again', why: 'the CAD took the list, but does not show the entry in it' };
  }

  /** Tells once which entries of other servers a list lacks that this server has written. */
  #nameLost({ comparison, obstacle }: Facts): void {
    if (!this.#mustReadBack || comparison.entry === null || this.#isStopped) return;
    if (obstacle !== null && obstacle.kind !== 'lost') return;
    this.#mustReadBack = false;
    if (obstacle === null) return;
    const names = shownServers(obstacle.servers);
    this.#options.log.warn(`The CAD's list came without ${names} after this server wrote it: enter it there again.`);
  }

  #verifyLater(facts: Facts, triesLeft: number): void {
    this.#callOffVerifying();
    if (this.#isStopped) return;
    this.#callOffVerifying = this.#options.clock.after(
      VERIFY_AGAIN_MS,
      () => void this.#inTurn(() => this.#verify(facts, triesLeft)),
    );
  }

  /** Another server may have written a list that it had read before ours was written. */
  async #verify(written: Facts, triesLeft: number): Promise<void> {
    const reading = await this.#reader.readAgain(written);
    if (reading === null || this.#isStopped) return;
    if (!reading.ok) {
      if (mayPass(reading.error) && triesLeft > 0) this.#verifyLater(written, triesLeft - 1);
      return;
    }
    const { facts } = reading;
    this.#nameLost(facts);
    const report = this.#keep(reportOf(facts));
    if (facts.comparison.wanted === null || !this.#reader.mayWrite(facts)) return;
    if (facts.obstacle !== null) {
      this.#print(report);
      this.#lookLater(facts);
    } else if (triesLeft === 0) this.#options.log.warn(OVERWRITTEN);
    else this.#print(await this.#write(facts, triesLeft));
  }
}

/** Whether another try may end better. */
function mayPass({ kind }: ApiError): boolean {
  return kind === 'unreachable' || kind === 'limit' || kind === 'unreadable';
}

function refused(error: ApiError): Ending {
  const isPassing = mayPass(error);
  return { kind: isPassing ? 'again' : 'final', why: error.message, mayPass: isPassing };
}

/** @returns the report with when the CAD is asked again, in place of when the API would be free for others */
function askedAgain(report: RegistrationReport, wait: number): RegistrationReport {
  const line = report.line.replace(/: it is tried again in [^.]*/, '');
  return { ...report, line: `${line} It is asked again in ${inSeconds(wait)}.` };
}
