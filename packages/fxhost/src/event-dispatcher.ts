import type { RunningScripts } from './running-scripts.ts';
import type { ScriptRuntime } from './types.ts';

/** Events between resources, and from clients. */
export type EventDispatcher = ReturnType<typeof createEventDispatcher>;

/** @param ran called after `emit` has run an event */
export function createEventDispatcher(
  scripts: RunningScripts,
  ran: (name: string, payload: Uint8Array) => void = () => {},
) {
  const running: { canceled: boolean }[] = [];
  let lastCanceled = false;
  let queued: { name: string; payload: Uint8Array; source: string; only: string | undefined }[] = [];

  const trigger = (name: string, payload: Uint8Array, source: string, only?: string): boolean => {
    const state = { canceled: false };
    running.push(state);
    let copy: Uint8Array | null = null;
    const deliver = (runtime: ScriptRuntime) => {
      copy ??= new Uint8Array(payload);
      runtime.triggerEvent(name, copy, source);
    };
    try {
      if (only === undefined) scripts.enterAll(deliver, (runtime) => runtime.handlesEvent(name));
      else for (const script of scripts.of(only)) if (script.runtime.handlesEvent(name)) scripts.enter(script, deliver);
    } finally {
      running.pop();
      lastCanceled = state.canceled;
    }
    return !state.canceled;
  };

  return {
    /**
     * Runs every handler now. @returns false when one of them cancelled the event.
     *
     * @param payload copied before a script is called, since the sender may use its bytes again
     */
    emit(name: string, payload: Uint8Array, source: string): boolean {
      const passed = trigger(name, payload, source);
      ran(name, payload);
      return passed;
    },
    /** Leaves an event for the next tick, for every resource or for one. */
    queue: (name: string, payload: Uint8Array, source: string, only?: string): void =>
      void queued.push({ name, payload, source, only }),
    /** Runs the events queued before this call. */
    flush(): void {
      const due = queued;
      queued = [];
      for (const { name, payload, source, only } of due) trigger(name, payload, source, only);
    },
    /** `CancelEvent`: cancels the innermost event that is running. */
    cancel(): void {
      const innermost = running.at(-1);
      if (innermost) innermost.canceled = true;
    },
    /** `WasEventCanceled`: of the last event that has ended, also while another one runs. */
    get canceled(): boolean {
      return lastCanceled;
    },
  };
}
