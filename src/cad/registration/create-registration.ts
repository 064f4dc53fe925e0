import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { inSeconds } from '../api/api-error.ts';
import { amendList, isPassing } from './amend-list.ts';
import type { Assessment } from './assess.ts';
import type { Writing } from './entry-findings.ts';
import { createExaminer, type ExaminerOptions } from './examiner.ts';
import { createHostAddresses, type NameLookup } from './host-addresses.ts';
import { type Facts, judge } from './judge.ts';
import { createPauses } from './pauses.ts';
import { type AskAddress, createPublicAddress } from './public-address.ts';
import type { ServerList } from './registration-api.ts';
import type { Verdict } from './verdict.ts';

export interface RegistrationOptions extends Omit<ExaminerOptions, 'askAddress' | 'addressesOf'> {
  /** Stands in for the echo services. */
  readonly askAddress?: AskAddress;
  /** Stands in for `dns.lookup`. */
  readonly lookup?: NameLookup;
  readonly clock: Clock;
  /** Gives numbers from 0 to below 1. */
  random(): number;
  readonly log: Log;
}

export interface RunOptions {
  /** Whether the entry may be written where the configuration says so; true when left out. */
  readonly mayWrite?: boolean;
  /** Whether the verdict is kept from the console. */
  readonly quiet?: boolean;
}

/** Looks after this server's entry in the CAD's list. */
export interface Registration {
  /**
   * Checks, registers where that is configured, and prints one verdict. Takes up to some minutes when it writes: a run that may
   * write begins when the one before has ended, and those that wait meanwhile are one. When the CAD cannot be asked, a run that may
   * write is repeated until it can.
   */
  run(options?: RunOptions): Promise<Verdict>;
  /** @returns the last verdict; null before the first */
  verdict(): Verdict | null;
  /** @returns the number of the community's plan; -1 when it is not known */
  plan(): number;
  /** @returns how many servers share the key; 1 when it is not known */
  serverCount(): number;
  /** Ends all waits: nothing is asked, written or printed any more. */
  stop(): void;
}

/** The first writing, and 3 more when it does not hold. */
const TRIES = 4;
/** When a server that booted at the same time has written its own list too. */
const VERIFY_AGAIN_MS = 60_000;
const FIRST_RETRY_MS = 10_000;
const LAST_RETRY_MS = 600_000;
const MAX_COUNTED_FAILURES = 10;
const JITTER = 0.2;
const OVERWRITTEN =
  "This server's entry in the CAD's list was overwritten again and again: look for another program that writes the list, then reload this resource.";

const STOPPED: Verdict = { ok: false, level: 'info', line: 'The resource is stopping.', url: null, checks: [] };

export function createRegistration(options: RegistrationOptions): Registration {
  const { config, api, clock, random, quote, log } = options;
  const pauses = createPauses(clock);
  const askAddress = options.askAddress ?? createPublicAddress({ services: () => config().addressServices, clock });
  const examiner = createExaminer({ ...options, askAddress, addressesOf: createHostAddresses(clock, options.lookup) });
  let last: Verdict | null = null;
  let ended: Promise<unknown> = Promise.resolve();
  let waiting: { isQuiet: boolean; readonly verdict: Promise<Verdict> } | null = null;
  let looking: Promise<Verdict> | null = null;
  let isWriting = false;
  let failures = 0;
  let callOffRetry = () => {};
  let callOffVerifying = () => {};

  /** One after the other: two that write would undo each other's work. */
  function inTurn<T>(job: () => Promise<T>): Promise<T> {
    const done = ended.then(job);
    ended = done.catch(() => {});
    return done;
  }

  function keep(verdict: Verdict): Verdict {
    last = verdict;
    return verdict;
  }

  function print(verdict: Verdict): void {
    if (!pauses.isStopped()) log[verdict.level](verdict.line);
  }

  /** What a verdict without an answer of the CAD's does not say in its one sentence. */
  function printName({ checks }: Verdict): void {
    const wrong = checks.find(({ name, ok }) => name === 'resource' && ok === false);
    if (wrong !== undefined) log.warn(`${wrong.text.replace(/\.$/, '')}: ${wrong.fix}.`);
  }

  /** Also prints, unless it is to be quiet or says the same as the time before. */
  async function check(isRetry: boolean, isQuiet: () => boolean): Promise<Verdict> {
    callOffRetry();
    const examined = await examiner.examine();
    if (pauses.isStopped()) return STOPPED;
    if (examined.facts === null) {
      const mayPass = examined.error !== null && isPassing(examined.error);
      const verdict = mayPass ? askedAgain(examined.verdict, tryLater(growing())) : examined.verdict;
      if (!isQuiet() && !(isRetry && mayPass)) {
        print(verdict);
        printName(verdict);
      }
      return keep(verdict);
    }
    failures = 0;
    const { facts } = examined;
    const verdict = facts.assessment.next === null ? keep(judge(facts, quote)) : await write(facts, TRIES);
    if (!isQuiet()) print(verdict);
    return verdict;
  }

  function growing(): number {
    const longest = Math.min(FIRST_RETRY_MS * 2 ** failures, LAST_RETRY_MS);
    failures = Math.min(failures + 1, MAX_COUNTED_FAILURES);
    return longest;
  }

  /** @returns in how many milliseconds */
  function tryLater(longest: number): number {
    const wait = Math.round(longest * (1 - JITTER * random()));
    callOffRetry = clock.after(wait, () => void inTurn(() => check(true, () => false)));
    return wait;
  }

  async function write(facts: Facts, tries: number): Promise<Verdict> {
    isWriting = true;
    keep(judge({ ...facts, writing: { kind: 'pending' } }, quote));
    const mayWrite = () => examiner.mayWrite(facts);
    const assess = (list: ServerList) => examiner.assess(facts, list);
    const serverId = () => config().serverId;
    const amended = await amendList({ api, pauses, random, assess, serverId, mayWrite }, facts.servers, tries);
    isWriting = false;
    if (pauses.isStopped()) return STOPPED;
    const { change, failure } = amended;
    const renewed = await examiner.renew(facts, amended.list, outcomeOf(change, mayWrite() ? failure : null));
    if (change !== null) verifyLater(renewed, amended.triesLeft);
    // It could be asked a moment before, so that this is no matter of seconds.
    if (amended.mayPass) tryLater(LAST_RETRY_MS);
    return keep(judge(renewed, quote));
  }

  function verifyLater(facts: Facts, triesLeft: number): void {
    callOffVerifying();
    if (pauses.isStopped()) return;
    callOffVerifying = clock.after(VERIFY_AGAIN_MS, () => void inTurn(() => verifyAgain(facts, triesLeft)));
  }

  /** Another server may have written a list that it had read before ours was written. */
  async function verifyAgain(facts: Facts, triesLeft: number): Promise<void> {
    const read = await api.getServers();
    if (pauses.isStopped() || !examiner.mayWrite(facts)) return;
    if (!read.ok) {
      if (isPassing(read.error) && triesLeft > 0) verifyLater(facts, triesLeft - 1);
      return;
    }
    const { next } = await examiner.assess(facts, read.data.servers);
    if (next === null) return;
    if (triesLeft === 0) {
      log.warn(OVERWRITTEN);
      return;
    }
    print(await write(facts, triesLeft));
  }

  async function look(): Promise<Verdict> {
    const examined = await examiner.examine();
    looking = null;
    if (pauses.isStopped()) return STOPPED;
    if (examined.facts === null) return keep(examined.verdict);
    if (isWriting) return judge({ ...examined.facts, writing: { kind: 'pending' } }, quote);
    return keep(judge(examined.facts, quote));
  }

  return {
    async run({ mayWrite = true, quiet = false } = {}) {
      if (pauses.isStopped()) return STOPPED;
      if (!mayWrite) {
        looking ??= look();
        const verdict = await looking;
        if (!quiet) print(verdict);
        return verdict;
      }
      if (waiting !== null) {
        waiting.isQuiet &&= quiet;
        return waiting.verdict;
      }
      const own = { isQuiet: quiet };
      const verdict = inTurn(() => {
        waiting = null;
        return check(false, () => own.isQuiet);
      });
      waiting = Object.assign(own, { verdict });
      return verdict;
    },
    verdict: () => last,
    plan: examiner.plan,
    serverCount: examiner.serverCount,
    stop() {
      pauses.stop();
      callOffRetry();
      callOffVerifying();
    },
  };
}

function outcomeOf(change: Assessment['change'] | null, failure: string | null): Writing {
  if (failure !== null) return { kind: 'failed', why: failure };
  return change === null ? { kind: 'none' } : { kind: 'done', change };
}

/** @returns the verdict with when the CAD is asked again, in place of when the API would be free for others */
function askedAgain(verdict: Verdict, wait: number): Verdict {
  const line = verdict.line.replace(/: it is tried again in [^.]*/, '');
  return { ...verdict, line: `${line} It is asked again in ${inSeconds(wait)}.` };
}
