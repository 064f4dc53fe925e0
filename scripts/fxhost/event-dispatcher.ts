import type { RunningScripts } from './running-scripts.ts';

/** Events between resources, and from clients. */
export interface EventDispatcher {
  /** Runs every handler now. @returns false when one of them cancelled the event. */
  emit(name: string, payload: Uint8Array, source: string): boolean;
  /** Leaves an event for the next tick, for every resource or for one. */
  queue(name: string, payload: Uint8Array, source: string, only?: string): void;
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
  let queued: { name: string; payload: Uint8Array; source: string; only: string | undefined }[] = [];

  const trigger = (name: string, payload: Uint8Array, source: string, only?: string): boolean => {
    const state = { canceled: false };
    running.push(state);
    try {
      if (only === undefined) scripts.enterAll((runtime) => runtime.triggerEvent(name, payload, source));
      else
        for (const script of scripts.of(only))
          scripts.enter(script, (runtime) => runtime.triggerEvent(name, payload, source));
    } finally {
      running.pop();
      lastCanceled = state.canceled;
    }
    return !state.canceled;
  };

  return {
    emit: (name, payload, source) => trigger(name, payload, source),
    queue: (name, payload, source, only) => void queued.push({ name, payload, source, only }),
    flush() {
      const due = queued;
      queued = [];
      for (const { name, payload, source, only } of due) trigger(name, payload, source, only);
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
