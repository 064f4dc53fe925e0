import type { FxHost } from '../fxhost/host.ts';

/**
 * Keeps errors of resources from ending the process, as FXServer does: an exception in a callback of Node is printed, and
 * so is a rejected promise nobody waits for. Everything else is an error of the stand-in and ends it.
 *
 * @param print gets what there is to say
 * @param fail ends the process
 */
export function guardProcess(host: FxHost, print: (text: string) => void, fail: (error: unknown) => void): void {
  process.on('uncaughtException', (error: unknown) => {
    const stack = String((error as Error | null)?.stack ?? error);
    if (isOfResource(stack)) print(`Uncaught ${stack}`);
    else fail(error);
  });
  process.on('unhandledRejection', (reason, promise) => {
    if (!host.rejected(reason, promise)) fail(reason);
  });
}

/** Scripts of resources are named `@resource/file`. */
function isOfResource(stack: string): boolean {
  return /(?:\(|at )@[^/\s]+\//.test(stack);
}
