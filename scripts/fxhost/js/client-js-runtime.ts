import type { RuntimeHost, ScriptRuntime } from '../types.ts';
import { type PlatformState, platformServices } from './platform-services.ts';
import { createScope } from './scope.ts';

/**
 * The JavaScript runtime of a player's game, for one resource: FXServer's script platform without Node. Microtasks run at a
 * tick only.
 */
export function createClientJsRuntime(
  host: RuntimeHost,
  state: PlatformState,
  emitToServer: (name: string, payload: Uint8Array) => void,
): ScriptRuntime {
  const { name } = host.resource;
  const scope = createScope(platformServices(host, state, emitToServer), {});
  const { platform } = scope;
  return {
    kind: 'js',
    handles: (file) => file.includes('.js'),
    loadScript(file, source) {
      try {
        scope.run(source, `@${name}/${file}`);
        return true;
      } catch (error) {
        host.print(`Error loading script ${file} in resource ${name}: ${(error as Error).message}`);
        return false;
      }
    },
    handlesEvent: platform.handlesEvent,
    triggerEvent: platform.triggerEvent,
    callRef: platform.callRef,
    duplicateRef: platform.duplicateRef,
    removeRef: platform.removeRef,
    countRefs: platform.countRefs,
    netSafeEvents: platform.netSafeEvents,
    tick(now) {
      platform.tick(now);
      scope.drain();
    },
    pump: () => scope.drain(),
    dispose: () => {},
  };
}
