import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import type { HostStep, WatchSteps } from '../../packages/fxhost/src/index.ts';

/** Where the way of an event can be cut, in the order of that way. */
export const KILL_POINTS = [
  'before the store',
  'after the store',
  'after the answer',
  'after the dispatch',
  'after the send',
  "after the target's answer",
  'before the mark',
  'after the mark',
] as const;

export type KillPoint = (typeof KILL_POINTS)[number];

/** When a process is to end itself. */
export interface KillPlan {
  readonly point: KillPoint;
  /** The how manieth event that gets there, from 1. */
  readonly occurrence: number;
  /** Only those count that get there after the store was flushed so often. */
  readonly afterFlushes?: number;
}

/** Prefixes of the records of events and of delivery queues (src/forward/outbox/store-keys.ts). */
const EVENTS = 'forward/1/event/';
const QUEUES = 'forward/1/queue/';

const isWrite = (step: HostStep, prefix: string, done: boolean): boolean =>
  step.kind === 'native' &&
  step.name === 'SetResourceKvpNoSync' &&
  String(step.args[0]).startsWith(prefix) &&
  step.done === done;

const STEPS: Partial<Record<KillPoint, (step: HostStep) => boolean>> = {
  'before the store': (step) => isWrite(step, EVENTS, false),
  'after the store': (step) => isWrite(step, EVENTS, true),
  'after the answer': (step) => step.kind === 'answer',
  'after the dispatch': (step) => step.kind === 'event' && step.name === 'sonorancad:pushEvent',
  'before the mark': (step) => isWrite(step, QUEUES, false),
  'after the mark': (step) => isWrite(step, QUEUES, true),
};

/** @returns the id of an event that was stored, null for any other step */
export function storedEvent(step: HostStep): string | null {
  if (step.kind !== 'native' || !isWrite(step, EVENTS, true)) return null;
  return String(step.args[0]).split('/').at(-1) ?? null;
}

export function isFlush(step: HostStep): boolean {
  return step.kind === 'native' && step.name === 'FlushResourceKvp' && step.done;
}

/**
 * Kills this process, at once and with nothing said to anybody, when it gets where the plan says.
 *
 * @returns what has to see the steps of the server
 */
export function killAt({ point, occurrence, afterFlushes = 0 }: KillPlan): WatchSteps {
  let times = 0;
  let flushes = 0;
  const arrive = () => {
    if (flushes < afterFlushes) return;
    times += 1;
    if (times === occurrence) process.kill(process.pid, 'SIGKILL');
  };
  if (point === 'after the send') {
    subscribe('http.client.request.start', (message) => {
      (message as { request: ClientRequest }).request.once('finish', arrive);
    });
  }
  if (point === "after the target's answer") subscribe('http.client.response.finish', arrive);
  return (step) => {
    if (isFlush(step)) flushes += 1;
    if (STEPS[point]?.(step)) arrive();
  };
}
