import type { Attempt, AttemptResult, Send, Target } from '../../src/forward/delivery.ts';
import type { Clock } from '../../src/lib/clock.ts';

/** What a target does with a request. */
export type Behaviour =
  | { readonly answer: number; readonly body?: string; readonly afterMs?: number; readonly retryAfterMs?: number }
  /** Takes the request whole and never answers. */
  | 'hang'
  /** Does not even let itself be connected to. */
  | 'black hole'
  | { readonly fail: string; readonly certificate?: boolean };

export const DOWN = { fail: 'ECONNREFUSED' } satisfies Behaviour;

export interface SeenRequest {
  readonly at: number;
  readonly attempt: Attempt;
  readonly behaviour: Behaviour;
  /** Whether the forwarder let go of it before it ended. */
  cancelled: boolean;
  /** Changes that the store had seen when it ended; null while it is under way, and when the forwarder let go of it. */
  endedAfter: number | null;
}

export interface ScriptedTarget {
  readonly send: Send;
  /** Every request made, refused connections among them. */
  readonly requests: SeenRequest[];
  /** Ids of events (no probes) that reached the target whole and were not refused. */
  taken(): string[];
  underWay: number;
  mostUnderWay: number;
  /** The process behind the target dies: what it had open is reset, what it was sent is forgotten. */
  reset(): void;
}

/** Stands for the wire and the targets behind it. @param changes how many changes the store has seen */
export function createScriptedTarget(
  clock: Clock,
  decide: (attempt: Attempt, at: number) => Behaviour,
  changes: () => number = () => 0,
): ScriptedTarget {
  const resets = new Set<() => void>();
  const target: ScriptedTarget = {
    requests: [],
    underWay: 0,
    mostUnderWay: 0,
    taken: () =>
      target.requests
        .filter(({ attempt, behaviour }) => !attempt.probe && isTaken(behaviour))
        .map(({ attempt }) => attempt.event.id),
    reset: () => {
      for (const reset of [...resets]) reset();
    },
    send(attempt, deadlineMs, watcher) {
      const began = clock.monotonic();
      const behaviour = decide(attempt, began);
      const seen: SeenRequest = { at: began, attempt, behaviour, cancelled: false, endedAfter: null };
      target.requests.push(seen);
      target.underWay += 1;
      target.mostUnderWay = Math.max(target.mostUnderWay, target.underWay);
      let isOver = false;
      const callOffs: (() => void)[] = [];
      const finish = (act: () => void) => () => {
        if (isOver) return;
        isOver = true;
        target.underWay -= 1;
        resets.delete(reset);
        for (const callOff of callOffs) callOff();
        act();
      };
      const end = (result: Omit<AttemptResult, 'ms'>) =>
        finish(() => {
          seen.endedAfter = changes();
          watcher.ended({ ...result, ms: clock.monotonic() - began } as AttemptResult);
        });
      const reset = end({ kind: 'failed', code: 'ECONNRESET', certificate: false } as AttemptResult);
      resets.add(reset);
      const after = (milliseconds: number, callback: () => void) => callOffs.push(clock.after(milliseconds, callback));
      const connects = behaviour !== 'black hole' && !(typeof behaviour === 'object' && 'fail' in behaviour);
      if (connects) after(1, () => watcher.written());
      after(deadlineMs, end({ kind: 'timeout', requestSent: connects } as AttemptResult));
      if (typeof behaviour === 'object' && 'fail' in behaviour) {
        after(
          1,
          end({ kind: 'failed', code: behaviour.fail, certificate: behaviour.certificate ?? false } as AttemptResult),
        );
      } else if (typeof behaviour === 'object') {
        const { answer, body = '', afterMs = 2, retryAfterMs = null } = behaviour;
        after(afterMs, end({ kind: 'answered', status: answer, body, retryAfterMs } as AttemptResult));
      }
      return finish(() => {
        seen.cancelled = true;
      });
    },
  };
  return target;
}

function isTaken(behaviour: Behaviour): boolean {
  return behaviour === 'hang' || (typeof behaviour === 'object' && 'answer' in behaviour && behaviour.answer < 300);
}

/** The listener of the CAD's documentation: takes what it knows without ever answering, refuses the rest at once. */
export function documentedListener(key: string, handles: readonly string[]): (attempt: Attempt) => Behaviour {
  return ({ event }) => {
    const body = JSON.parse(event.body.toString()) as { key?: unknown; type?: unknown };
    if (body.key !== key) return { answer: 400, body: 'Authentication Key Failed!' };
    return handles.includes(String(body.type)) ? 'hang' : { answer: 400, body: 'Invalid Type' };
  };
}

/** How a stream is reached, for a target that is one. */
export const STREAM = {
  servers: ['nats://127.0.0.1:4222'],
  stream: 'sonoran',
  subject: 'sonoran.push.{serverId}.{type}',
  serverId: 1,
  credentials: {},
  tls: null,
  createStream: false,
};

export function createTarget(changes: Partial<Target> = {}): Target {
  const name = changes.name ?? 'bot';
  return {
    name,
    url: `http://127.0.0.1:4000/${name}`,
    shownUrl: `http://127.0.0.1:4000/${name}`,
    wants: () => true,
    includeKey: true,
    secrets: [],
    headers: {},
    timeoutMs: 10_000,
    maxAgeMinutes: 60,
    requireResponse: false,
    format: 'payload',
    ...changes,
  };
}
