import { createListener } from './create-listener.ts';
import { listenerClock } from './listener-clock.ts';
import type { CreatePushEventListener } from './push-event-listener.ts';

/** The entry of the library: `import { createPushEventListener } from 'sonorancad/listener'`. */
export const createPushEventListener: CreatePushEventListener = (options) =>
  createListener(options, listenerClock, warn);

function warn(line: string): void {
  process.emitWarning(line, 'SonoranCadWarning');
}
