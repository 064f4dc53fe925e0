import { type Backoff, backoffWait } from '../../lib/backoff.ts';
import type { Finding } from '../../lib/finding.ts';
import type { Log } from '../../lib/log.ts';
import { type ApiError, inSeconds } from '../api/results.ts';
import { type FailedLook, ListReader, type ListReaderOptions, type Look } from './list-reader.ts';
import type { Comparison } from './own-entry.ts';
import {
  describeWritten,
  notReadBack,
  notWritten,
  type RegistrationReport,
  reportFailure,
  reportLook,
} from './report.ts';
import { describeServers, withoutDot } from './report-text.ts';
import { hasSameServers, readServerList, type ServerList } from './server-list.ts';

export interface RegistrationOptions extends ListReaderOptions {
  readonly log: Log;
  /** @returns a number from 0 to below 1 */
  random(): number;
}

/** Random, so that servers that start together do not write together. */
const MAX_WAIT_BEFORE_WRITING_MS = 5_000;
/** By then, another server that had read the list before it was written here has written its own. */
const READ_BACK_AFTER_MS = 2_000;
/** Readings that may end in a write: another server may overwrite the first. */
const MAX_TRIES = 3;
const SLOW_AFTER_MS = 12_000;
const SLOW = 'Registration takes longer than usual: the CAD is slow to answer, or another program is writing its list.';
const OVERWRITTEN = "another program keeps changing the CAD's list";
const RETRIES: Backoff = {
  waitsMs: [10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 600_000, 600_000, 600_000, 600_000],
  spread: [1, 0.8],
};

type WritableLook = Look & { readonly comparison: { readonly wanted: ServerList } };

/** Whether something in the list should be changed, and nothing speaks against it. */
function isToBeWritten(look: Look | FailedLook): look is WritableLook {
  return look.ok && look.doubt === null && look.comparison.wanted !== null;
}

/** How a run ended. */
interface Ending {
  /** How the CAD's list stands now. */
  readonly look: Look | FailedLook;
  /** What was written to this server's entry, and read back. */
  readonly change?: Comparison['change'];
  /** What went wrong with writing it. */
  readonly problem?: Finding;
  /** Whether the CAD did not answer, so that a later run may succeed. */
  readonly mayPass?: boolean | undefined;
}

/**
 * Keeps this server's entry in the CAD's list. The CAD takes the list only as a whole. So it is written only after two readings with
 * the same servers and without a doubt, with the other servers' entries as they were read, and read back afterwards.
 */
export class Registration {
  readonly #options: RegistrationOptions;
  readonly #reader: ListReader;
  #report: RegistrationReport | null = null;
  #isStopped = false;
  /** Ends the run under way. */
  #current = new AbortController();
  #lastEnd: Promise<unknown> = Promise.resolve();
  #cancelRetry = () => {};
  /** Whether a list was written, and no reading has shown since whether that has cost an entry. */
  #isReadBackDue = false;

  constructor(options: RegistrationOptions) {
    this.#options = options;
    this.#reader = new ListReader(options);
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
   * Reads the CAD's list, adds or corrects this server's entry where the configuration says so, and prints the result. Repeats itself
   * for about an hour while the CAD does not answer.
   *
   * @returns null when a newer run or the end of the resource has ended this one
   */
  async run(): Promise<RegistrationReport | null> {
    return this.#start(false, 0);
  }

  /** A run by the operator, who confirms that the CAD's list is right although it is empty or lacks servers. */
  async confirm(): Promise<RegistrationReport | null> {
    return this.#start(true, 0);
  }

  /** Reads and compares as a run does. Writes and prints nothing. */
  async check(): Promise<RegistrationReport> {
    const look = await this.#reader.look(await this.#reader.askAddress());
    this.#report = look.ok ? reportLook(look) : reportFailure(look);
    return this.#report;
  }

  /** Ends the run under way before its next step. No other begins. */
  stop(): void {
    this.#isStopped = true;
    this.#endRun();
  }

  #endRun(): void {
    this.#current.abort();
    this.#cancelRetry();
  }

  /** Begins when the run before has ended: two that write would overwrite each other's list. */
  #start(isConfirmed: boolean, retries: number): Promise<RegistrationReport | null> {
    this.#endRun();
    this.#current = new AbortController();
    const { signal } = this.#current;
    const report = this.#lastEnd.then(() => this.#runOnce(isConfirmed, retries, signal));
    this.#lastEnd = report.catch(() => {});
    return report;
  }

  async #runOnce(isConfirmed: boolean, retries: number, signal: AbortSignal): Promise<RegistrationReport | null> {
    const { clock, log } = this.#options;
    const cancelNotice = clock.after(SLOW_AFTER_MS, () => {
      if (retries === 0 && !signal.aborted) log.warn(SLOW);
    });
    try {
      if (this.#isStopped || signal.aborted) return null;
      return this.#conclude(await this.#register(isConfirmed, signal), retries);
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    } finally {
      cancelNotice();
    }
  }

  async #register(isConfirmed: boolean, signal: AbortSignal): Promise<Ending> {
    const { random } = this.#options;
    const address = await this.#reader.askAddress();
    const read = async () => {
      const look = await this.#reader.look(address, isConfirmed);
      signal.throwIfAborted();
      this.#tellOverwritten(look);
      return look;
    };
    let look = await read();
    if (isConfirmed && look.ok && look.doubt?.endsBy === 'command') {
      this.#reader.confirm(look);
      look = await read();
    }
    let change: Comparison['change'] | null = null;
    for (let tries = 1; isToBeWritten(look); tries += 1) {
      if (tries > MAX_TRIES) return { look, problem: notWritten(look, OVERWRITTEN) };
      const { servers } = look;
      await this.#wait(random() * MAX_WAIT_BEFORE_WRITING_MS, signal);
      look = await read();
      if (!isToBeWritten(look) || !hasSameServers(servers, look.servers)) continue;
      change ??= look.comparison.change;
      const error = await this.#write(look);
      await this.#wait(READ_BACK_AFTER_MS, signal);
      look = await read();
      // The CAD may have taken a list whose answer was lost.
      if (error !== null && isToBeWritten(look)) {
        return { look, problem: notWritten(look, error.message), mayPass: error.kind === 'unreachable' };
      }
      if (error === null && look.ok && look.doubt?.isAboutReading) return { look, problem: notReadBack(look) };
    }
    if (!look.ok) return { look, mayPass: look.error?.kind === 'unreachable' };
    if (look.comparison.wanted !== null) return { look, mayPass: look.doubt?.endsBy === 'retry' };
    return change === null ? { look } : { look, change };
  }

  /** Writes the list with this server's entry. @returns what went wrong; null when the CAD took the list */
  async #write(look: WritableLook): Promise<ApiError | null> {
    const { request } = this.#options.api;
    this.#isReadBackDue = true;
    // The reading is sent just before the list: it shows an entry that was added in the last moment, and is overwritten now.
    const [reading, answer] = await Promise.all([
      readServerList(request, look.config.serverId),
      request('setServers', { servers: look.comparison.wanted }),
    ]);
    if (reading.ok) this.#reader.rememberOthers(look, reading.servers);
    return answer.ok ? null : answer.error;
  }

  /** Names the servers that the list lacks since this server wrote it. */
  #tellOverwritten(look: Look | FailedLook): void {
    // A list without this server's entry is not the one that was written.
    if (!this.#isReadBackDue || !look.ok || look.doubt?.isAboutReading || look.comparison.entry === null) return;
    this.#isReadBackDue = false;
    if (look.missing.length === 0) return;
    const names = describeServers(look.missing);
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

  /** Prints the result of a run, and plans the next one where the CAD did not answer. */
  #conclude({ look, change, problem, mayPass = false }: Ending, retries: number): RegistrationReport {
    const { log } = this.#options;
    const report = look.ok ? reportLook(look, problem) : reportFailure(look);
    this.#report = mayPass ? this.#retryLater(report, retries) : report;
    const { level, line, checks } = this.#report;
    // Of several failures in a row, the first and the last are printed.
    const isRepeat = mayPass && retries > 0 && retries < RETRIES.waitsMs.length;
    if (isRepeat) return this.#report;
    const wrong = checks.filter(({ ok }) => ok === false);
    const folder = wrong.find(({ name }) => name === 'resource');
    if (look.ok && change !== undefined) log.info(describeWritten(look, change));
    if (change === undefined || wrong.length > (folder === undefined ? 0 : 1)) log[level](line);
    if (folder !== undefined) log.warn(`${withoutDot(folder.text)}: ${folder.fix}.`);
    return this.#report;
  }

  #retryLater(report: RegistrationReport, retries: number): RegistrationReport {
    const { clock, random, resourceName } = this.#options;
    const line = withoutDot(report.line);
    if (retries >= RETRIES.waitsMs.length) {
      return { ...report, line: `${line}; type "${resourceName} reload" to check this server's entry again.` };
    }
    const wait = backoffWait(RETRIES, retries + 1, random);
    this.#cancelRetry = clock.after(wait, () => void this.#start(false, retries + 1));
    return { ...report, line: `${line}; this server's entry is checked again in ${inSeconds(wait)}.` };
  }
}
