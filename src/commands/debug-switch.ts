/** Whether debug lines are written, whatever the configuration says. */
export interface DebugSwitch {
  isOn(): boolean;
  /** Holds until the configuration is read again. */
  set(on: boolean): void;
  /** To be called when the configuration was read again. */
  reset(): void;
}

/** @param configured what the configuration says, asked each time */
export function createDebugSwitch(configured: () => boolean): DebugSwitch {
  let choice: boolean | null = null;
  return {
    isOn: () => choice ?? configured(),
    set(on) {
      choice = on;
    },
    reset() {
      choice = null;
    },
  };
}
