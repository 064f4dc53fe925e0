import type { RunningScripts } from './running-scripts.ts';

/** Events between resources, and from clients. */
export interface EventDispatcher {
  /** Runs every handler now. @returns false when one of them cancelled the event. */
  emit(name: string, payload: Uint8Array, source: string): boolean;
  /** Leaves an event for the next tick. */
  queue(name: string, payload: Uint8Array, source: string): void;
  /** Runs the events queued before this call. */
  flush(): void;
  /** `CancelEvent`: cancels the innermost event that is running. */
  cancel(): void;
  /** `WasEventCanceled`: of the running event, or of the last one when none runs. */
  readonly canceled: boolean;
}

export function createEventDispatcher(scripts: RunningScripts): EventDispatcher {
  const running: { canceled: boolean }[] = [];
  let lastCanceled = false;
  let queued: { name: string; payload: Uint8Array; source: string }[] = [];

  const emit = (name: string, payload: Uint8Array, source: string): boolean => {
    const state = { canceled: false };
    running.push(state);
    try {
      scripts.enterAll((runtime) => runtime.triggerEvent(name, payload, source));
    } finally {
      running.pop();
      lastCanceled = state.canceled;
    }
    return !state.canceled;
  };

  return {
    emit,
    queue: (name, payload, source) => void queued.push({ name, payload, source }),
    flush() {
      const due = queued;
      queued = [];
      for (const { name, payload, source } of due) emit(name, payload, source);
    },
    cancel() {
      const innermost = running.at(-1);
      if (innermost) innermost.canceled = true;
    },
    get canceled() {
      return lastCanceled;
    },
  };
}
