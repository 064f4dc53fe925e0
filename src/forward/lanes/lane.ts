import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Send, Target } from '../delivery.ts';
import type { DeadLetters } from '../outbox/dead-letters.ts';
import type { EventRecord } from '../outbox/event-record.ts';
import type { Outbox, StoredEvent } from '../outbox/outbox.ts';
import { hashAddress } from '../targets/target-addresses.ts';
import { createAttemptReport } from './attempt-report.ts';
import { expireStale } from './expire-stale.ts';
import type { ExpiryGuard } from './expiry-guard.ts';
import type { LaneContext } from './lane-context.ts';
import type { LaneQueue } from './lane-queue.ts';
import { type LaneStatus, laneStatus } from './lane-status.ts';
import { createOrdinarySending } from './ordinary-sending.ts';
import { createOutcomes } from './outcomes.ts';
import { createPace } from './pace.ts';
import type { QueueItem } from './queue-item.ts';
import { createRequests, type LaneRequest } from './requests.ts';
import type { RetrySettings } from './retry-waits.ts';
import type { Scheduler } from './scheduler.ts';
import { createSilentSending } from './silent-sending.ts';
import { DEFAULT_WORDING, type Wording } from './wording.ts';

/** One target's queue and its pace. */
export interface Lane {
  readonly target: Target;
  readonly queue: LaneQueue;
  /** Begins to send, once what an earlier run left is in the queue. */
  start(): void;
  push(event: StoredEvent): void;
  /** Makes a dead letter of an event that must not be sent. */
  refuse(event: { readonly seq: number; readonly id: string }, record: EventRecord, reason: string): void;
  /** Takes another address or other settings; what waits goes there. */
  retarget(target: Target): void;
  /** Tries again at once, whatever it was waiting for. */
  retry(): void;
  /** Gives up on one event for want of room. */
  lose(seq: number, reason: string): void;
  /** Gives up on an event because the operator says so. @returns how many there were under that id */
  drop(id: string): number;
  status(): LaneStatus;
  /** Puts back what is under way and sends nothing more. */
  halt(): void;
}

/** What all lanes share. */
export interface LaneSurroundings {
  readonly outbox: Outbox;
  readonly deadLetters: DeadLetters;
  readonly expiry: ExpiryGuard;
  readonly scheduler: Scheduler;
  readonly retries: RetrySettings;
  readonly send: Send;
  readonly clock: Clock;
  readonly log: Log;
  /** The resource's, unless given. */
  readonly wording?: Wording;
  random(): number;
  currentKey(): string;
}

const MAX_EVENTS = 10_000;
const MAX_BYTES = 32 * 1024 * 1024;

export function createLane(initialTarget: Target, queue: LaneQueue, surroundings: LaneSurroundings): Lane {
  const { outbox, deadLetters, expiry, scheduler, clock, wording = DEFAULT_WORDING } = surroundings;
  let target = initialTarget;
  let running = false;
  const isFailing = () => pace.trouble !== null || pace.parked !== null;
  const report = createAttemptReport(surroundings.log, queue.name, isFailing);
  const { log } = report;
  const outcomes = createOutcomes({ queue, outbox, deadLetters, clock, log, wording });
  const pace = createPace({ ...surroundings, log, wording, target: queue.name, waiting: () => queue.length });
  const requests = createRequests({
    send: surroundings.send,
    clock,
    currentKey: surroundings.currentKey,
    target: () => target,
    written(request) {
      sending.written(request);
      turn();
    },
    ended(request, result) {
      sending.ended(request, result);
      turn();
    },
  });
  const task = scheduler.task(turn);
  const wake = task.atLatest;
  const parts = { queue, outcomes, pace, requests, report, log, wording };
  const context: LaneContext = { ...surroundings, ...parts, target: () => target, wake };
  let sending = queue.facts.silent && !target.requireResponse ? silent(true) : ordinary();

  function ordinary() {
    return createOrdinarySending(context, () => {
      setSilent(true);
      sending = silent(false);
      const insist = wording.insistOnAnswers === null ? '' : ` ${wording.insistOnAnswers}`;
      log.warn(
        `A target of the forwarding takes events but never answers, as listeners in the documentation do. It is asked now and then whether it is there.${insist}`,
        { target: queue.name },
      );
    });
  }

  function silent(mustProbe: boolean) {
    return createSilentSending(context, mustProbe, () => {
      setSilent(false);
      sending = ordinary();
      log.info('A target of the forwarding answers after all.', { target: queue.name });
    });
  }

  function setSilent(isSilent: boolean): void {
    queue.facts.silent = isSilent;
    queue.saveFacts();
  }

  function turn(): void {
    if (!running) return;
    wake(expireStale({ queue, outcomes, outbox, guard: expiry, clock, maxAgeMinutes: target.maxAgeMinutes }));
    sending.next(clock.monotonic());
  }

  function makeRoom(): void {
    const isFull = () =>
      queue.length + deadLetters.count(queue.name) > MAX_EVENTS ||
      queue.bytes + deadLetters.bytes(queue.name) > MAX_BYTES;
    while (isFull()) {
      const letter = deadLetters.dropOldest(queue.name);
      if (letter !== null) {
        queue.counts.lostDeadLetters += 1;
        log.error('A dead letter is lost to make room for events.', {
          id: letter.id,
          target: queue.name,
          lost: queue.counts.lostDeadLetters,
        });
        continue;
      }
      const oldest = queue.waiting();
      if (oldest === null) return;
      outcomes.lose(oldest, 'too many events wait');
    }
  }

  function putBack(request: LaneRequest): void {
    requests.cancel(request);
    const item = request.item ?? request.onBehalfOf?.item ?? null;
    if (item?.state === 'open') item.state = 'waiting';
  }

  function callOff(item: QueueItem): void {
    for (const request of requests.open)
      if (request.item === item || request.onBehalfOf?.item === item) putBack(request);
  }

  /** Also what a listener that never answers was sent: it is not proven to be there. */
  function putAllBack(): void {
    for (const request of requests.open) putBack(request);
    for (const item of queue.unconfirmed()) item.state = 'waiting';
  }

  /** What was known of the target holds for the old address only. */
  function move(): void {
    const isNew = queue.facts.address === '';
    putAllBack();
    queue.facts.answered = false;
    queue.facts.address = hashAddress(target.url);
    setSilent(false);
    sending = ordinary();
    if (isNew) return;
    const fields = { target: queue.name, url: target.shownUrl };
    if (queue.length === 0) log.info('A target of the forwarding has a new address.', fields);
    else {
      const waiting = queue.length;
      log.info('A target of the forwarding has a new address: the events that wait go there.', { ...fields, waiting });
    }
  }

  return {
    get target() {
      return target;
    },
    queue,
    start() {
      if (hashAddress(target.url) !== queue.facts.address) move();
      running = true;
      wake(clock.monotonic());
    },
    push(event) {
      queue.push(event);
      makeRoom();
      if (running) wake(clock.monotonic());
    },
    refuse(event, record, reason) {
      deadLetters.bury(queue.name, event, record, { reason, at: clock.now(), attempts: 0 });
      queue.counts.accepted += 1;
      queue.counts.deadLettered += 1;
      makeRoom();
    },
    retarget(next) {
      const isChanged = settingsOf(next) !== settingsOf(target);
      target = next;
      if (hashAddress(next.url) !== queue.facts.address) move();
      if (next.requireResponse && queue.facts.silent) {
        putAllBack();
        setSilent(false);
        sending = ordinary();
      }
      if (isChanged) pace.reset();
      if (pace.parked !== null) pace.tryNow(clock.monotonic());
      if (running) wake(clock.monotonic());
    },
    retry() {
      pace.tryNow(clock.monotonic());
      if (running) wake(clock.monotonic());
    },
    lose(seq, reason) {
      const item = queue.find(seq);
      if (item === null) return;
      callOff(item);
      outcomes.lose(item, reason);
    },
    drop(id) {
      const found = queue.findById(id);
      for (const item of found) {
        callOff(item);
        outcomes.drop(item);
      }
      if (running) wake(clock.monotonic());
      return found.length;
    },
    status: () => laneStatus({ target, queue, pace, outbox, deadLetters, running, now: clock.monotonic() }),
    halt() {
      running = false;
      putAllBack();
      scheduler.remove(task);
    },
  };
}

/** Two targets with the same text are sent to in the same way. */
function settingsOf({ wants: _, ...settings }: Target): string {
  return JSON.stringify(settings);
}
