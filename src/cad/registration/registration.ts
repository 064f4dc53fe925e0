import { type Backoff, backoffWait } from '../../lib/backoff.ts';
import type { Finding } from '../../lib/finding.ts';
import type { Log } from '../../lib/log.ts';
import { reasonOf } from '../../lib/text.ts';
import { type ApiError, inSeconds } from '../api/results.ts';
import { type FailedSnapshot, ListReader, type ListReaderOptions, type ListSnapshot } from './list-reader.ts';
import type { Comparison } from './own-entry.ts';
import {
  createReport,
  describeWritten,
  type RegistrationReport,
  reportFailedReadBack,
  reportFailedWrite,
} from './report.ts';
import { describeServers, withoutDot } from './report-text.ts';
import { hasSameServers, readServerList, type ServerList } from './server-list.ts';

export interface RegistrationOptions extends ListReaderOptions {
  readonly log: Log;
  /** @returns a number from 0 to below 1 */
  random(): number;
  /** Called with the report at the end of each run that was not superseded. */
  ended?(report: RegistrationReport): void;
}

/** Upper bound of the random wait before a write, so that servers that start together do not write together. */
const MAX_WAIT_BEFORE_WRITING_MS = 5_000;
/** Wait before reading back, by which another server that read the list before this write has written its own. */
const READ_BACK_AFTER_MS = 2_000;
/** Upper bound of writes in one run. Beyond it, another program keeps overwriting the list. */
const MAX_WRITES = 3;
const SLOW_AFTER_MS = 12_000;
const SLOW = 'Registration takes longer than usual: the CAD is slow to answer, or another program is writing its list.';
const OVERWRITTEN = "another program keeps changing the CAD's list";
const RETRIES: Backoff = {
  waitsMs: [10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 600_000, 600_000, 600_000, 600_000],
  spread: [1, 0.8],
};

type WritableSnapshot = ListSnapshot & { readonly comparison: { readonly wanted: ServerList } };

/** The outcome of a run. */
interface Outcome {
  /** The CAD's list at the end of the run. */
  readonly snapshot: ListSnapshot | FailedSnapshot;
  /** The change of this server's entry that was written and read back. */
  readonly change?: Comparison['change'];
  /** The finding about a failed write. */
  readonly problem?: Finding;
  /** Whether the CAD did not answer, so that the run is retried. */
  readonly mayRetry?: boolean;
}

/**
 * Keeps this server's entry in the CAD's list. The CAD accepts the list only as a whole. So the list is written only
 * after two equal readings without a doubt, with the other servers' entries unchanged, and is read back afterwards.
 */
export class Registration {
  readonly #options: RegistrationOptions;
  readonly #reader: ListReader;
  #report: RegistrationReport | null = null;
  #isStopped = false;
  /** Aborts the latest run. */
  #currentRun = new AbortController();
  /** Resolves when the latest run has ended. */
  #lastRun: Promise<unknown> = Promise.resolve();
  #runsInProgress = 0;
  #cancelRetry = () => {};
  /** Whether a list was written that no complete reading has verified yet. */
  #isReadBackDue = false;

  constructor(options: RegistrationOptions) {
    this.#options = options;
    this.#reader = new ListReader(options);
  }

  /** The last report; null before the first. */
  get report(): RegistrationReport | null {
    return this.#report;
  }

  /** Whether a run is in progress or waits for the previous one to end. */
  get isRunning(): boolean {
    return this.#runsInProgress > 0;
  }

  /** The CAD's number for the community's plan; -1 while it is unknown. */
  get plan(): number {
    return this.#reader.plan;
  }

  /** The number of servers that share the key; 1 while it is unknown. */
  get serverCount(): number {
    return this.#reader.serverCount;
  }

  /**
   * Reads the CAD's list, adds or corrects this server's entry according to the configuration, and prints the result.
   * Retries for about an hour while the CAD does not answer.
   *
   * @returns null when a newer run, the end of the resource or an internal error ended the run
   */
  run(): Promise<RegistrationReport | null> {
    return this.#start(false, 0);
  }

  /** Runs after the operator has confirmed that the CAD's list is right although it is empty or lacks servers. */
  confirm(): Promise<RegistrationReport | null> {
    return this.#start(true, 0);
  }

  /** Reads and compares the CAD's list. Writes and prints nothing. */
  async check(): Promise<RegistrationReport> {
    const snapshot = await this.#reader.read(await this.#reader.askAddress());
    this.#report = createReport(snapshot);
    return this.#report;
  }

  /** Ends the current run before its next step, and starts no further run. */
  stop(): void {
    this.#isStopped = true;
    this.#abortRun();
  }

  #abortRun(): void {
    this.#currentRun.abort();
    this.#cancelRetry();
  }

  /** Supersedes the current run, and starts after its end: two runs that write would overwrite each other's list. */
  #start(isConfirmed: boolean, retries: number): Promise<RegistrationReport | null> {
    this.#abortRun();
    this.#currentRun = new AbortController();
    const { signal } = this.#currentRun;
    this.#runsInProgress += 1;
    const run = this.#lastRun.then(() => this.#runOnce(isConfirmed, retries, signal));
    this.#lastRun = run;
    return run;
  }

  async #runOnce(isConfirmed: boolean, retries: number, signal: AbortSignal): Promise<RegistrationReport | null> {
    const { clock, log, ended } = this.#options;
    const cancelNotice = clock.after(SLOW_AFTER_MS, () => {
      if (retries === 0 && !signal.aborted) log.warn(SLOW);
    });
    let report: RegistrationReport | null = null;
    try {
      if (!this.#isStopped && !signal.aborted)
        report = this.#conclude(await this.#register(isConfirmed, signal), retries);
    } catch (error) {
      if (!signal.aborted) {
        const reason = reasonOf(error);
        log.error('Internal error in registration. Please report it with this line.', { reason });
      }
    }
    cancelNotice();
    this.#runsInProgress -= 1;
    if (report !== null) ended?.(report);
    return report;
  }

  async #register(isConfirmed: boolean, signal: AbortSignal): Promise<Outcome> {
    const address = await this.#reader.askAddress();
    const read = async () => {
      const snapshot = await this.#reader.read(address, isConfirmed);
      signal.throwIfAborted();
      this.#warnOfOverwritten(snapshot);
      return snapshot;
    };

    let snapshot = await read();
    if (isConfirmed && snapshot.ok && snapshot.doubt?.endsBy === 'command') {
      this.#reader.confirm(snapshot);
      snapshot = await read();
    }

    let change: Comparison['change'] | undefined;
    for (let tries = 1; isToBeWritten(snapshot); tries += 1) {
      if (tries > MAX_WRITES) return { snapshot, problem: reportFailedWrite(snapshot, OVERWRITTEN) };
      const { servers } = snapshot;
      await this.#wait(this.#options.random() * MAX_WAIT_BEFORE_WRITING_MS, signal);
      snapshot = await read();
      if (!isToBeWritten(snapshot) || !hasSameServers(servers, snapshot.servers)) continue;

      change ??= snapshot.comparison.change;
      const error = await this.#write(snapshot);
      await this.#wait(READ_BACK_AFTER_MS, signal);
      snapshot = await read();
      // After an error, the CAD may still have accepted the list, so only the reading decides.
      if (error !== null && isToBeWritten(snapshot)) {
        const problem = reportFailedWrite(snapshot, error.message);
        return { snapshot, problem, mayRetry: error.kind === 'unreachable' };
      }
      if (error === null && snapshot.ok && snapshot.doubt?.isAboutReading) {
        return { snapshot, problem: reportFailedReadBack(snapshot) };
      }
    }

    if (!snapshot.ok) return { snapshot, mayRetry: snapshot.error?.kind === 'unreachable' };
    if (snapshot.comparison.wanted !== null) return { snapshot, mayRetry: snapshot.doubt?.endsBy === 'retry' };
    return change === undefined ? { snapshot } : { snapshot, change };
  }

  /** Writes the list with this server's entry. @returns the error; null when the CAD accepted the list */
  async #write(snapshot: WritableSnapshot): Promise<ApiError | null> {
    const { request } = this.#options.api;
    this.#isReadBackDue = true;
    // This last reading is sent just before the write. It shows an entry that was just added and is now overwritten.
    const [list, answer] = await Promise.all([
      readServerList(request, snapshot.config.serverId),
      request('setServers', { servers: snapshot.comparison.wanted }),
    ]);
    if (list.ok) this.#reader.rememberOthers(snapshot, list.servers);
    return answer.ok ? null : answer.error;
  }

  /** Names the servers that the list lacks since this server has written it. */
  #warnOfOverwritten(snapshot: ListSnapshot | FailedSnapshot): void {
    if (!this.#isReadBackDue || !snapshot.ok || snapshot.doubt?.isAboutReading) return;
    // A list without this server's entry is not the written one.
    if (snapshot.comparison.entry === null) return;

    this.#isReadBackDue = false;
    if (snapshot.missing.length === 0) return;
    const names = describeServers(snapshot.missing);
    this.#options.log.warn(`The CAD's list came without ${names} after this server wrote it: enter it there again.`);
  }

  #wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const cancel = this.#options.clock.after(milliseconds, resolve);
    signal.addEventListener('abort', () => {
      cancel();
      reject(signal.reason);
    });
    return promise;
  }

  /** Prints the result of a run, and schedules a retry when the CAD did not answer. */
  #conclude({ snapshot, change, problem, mayRetry = false }: Outcome, retries: number): RegistrationReport {
    const { log } = this.#options;
    const report = createReport(snapshot, problem);
    this.#report = mayRetry ? this.#scheduleRetry(report, retries) : report;
    const { level, line, checks } = this.#report;

    // Of several failures in a row, only the first and the last are printed.
    const isRepeatedFailure = mayRetry && retries > 0 && retries < RETRIES.waitsMs.length;
    if (isRepeatedFailure) return this.#report;

    const failed = checks.filter(({ ok }) => ok === false);
    const folder = failed.find(({ name }) => name === 'resource');
    const hasOtherFailure = failed.some(({ name }) => name !== 'resource');
    if (snapshot.ok && change !== undefined) log.info(describeWritten(snapshot, change));
    if (change === undefined || hasOtherFailure) log[level](line);
    if (folder !== undefined) log.warn(`${withoutDot(folder.text)}: ${folder.fix}.`);
    return this.#report;
  }

  /** @returns the report with the time of the retry, or with the command when no retry is left */
  #scheduleRetry(report: RegistrationReport, retries: number): RegistrationReport {
    const { clock, random, resourceName } = this.#options;
    const line = withoutDot(report.line);
    if (retries >= RETRIES.waitsMs.length) {
      return { ...report, line: `${line}; type "${resourceName} reload" to check this server's entry again.` };
    }
    const waitMs = backoffWait(RETRIES, retries + 1, random);
    this.#cancelRetry = clock.after(waitMs, () => void this.#start(false, retries + 1));
    return { ...report, line: `${line}; this server's entry is checked again in ${inSeconds(waitMs)}.` };
  }
}

/** Whether the list needs a write, and no doubt prevents the write. */
function isToBeWritten(snapshot: ListSnapshot | FailedSnapshot): snapshot is WritableSnapshot {
  return snapshot.ok && snapshot.doubt === null && snapshot.comparison.wanted !== null;
}
