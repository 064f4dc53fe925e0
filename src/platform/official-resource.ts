import type { GameEvents } from './game-events.ts';

/** The name that the official resource must have, and that other resources look for. */
const OFFICIAL_NAME = 'sonorancad';

/** The official resource, where this one runs beside it under another name. */
export interface OfficialResource {
  /** Whether another resource named `sonorancad` is starting or started. */
  isRunning(): boolean;
  /** Called after it has changed. */
  onChange(watcher: (isRunning: boolean) => void): void;
}

/** @param ownName the folder of this resource; where that is `sonorancad`, there is no other of that name */
export function createOfficialResource(ownName: string, events: Pick<GameEvents, 'on'>): OfficialResource {
  const watchers: ((isRunning: boolean) => void)[] = [];
  if (ownName === OFFICIAL_NAME) return { isRunning: () => false, onChange() {} };

  let running = hasStarted();
  const update = (isRunning: boolean) => {
    if (isRunning === running) return;
    running = isRunning;
    for (const watcher of watchers) watcher(isRunning);
  };
  events.on('onResourceStart', (name) => update(name === OFFICIAL_NAME || hasStarted()));
  // Its state is `started` until all handlers of this have run.
  events.on('onResourceStop', (name) => update(name !== OFFICIAL_NAME && hasStarted()));
  // Comes once that is over: one of the handlers may have stopped another resource meanwhile.
  events.on('onServerResourceStop', () => update(hasStarted()));

  return {
    isRunning: () => running,
    onChange: (watcher) => {
      watchers.push(watcher);
    },
  };
}

function hasStarted(): boolean {
  const state = GetResourceState(OFFICIAL_NAME);
  return state === 'starting' || state === 'started';
}
