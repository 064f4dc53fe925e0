import type { FxHost } from '../fx-host.ts';

/** Scripts of resources are named `@resource/file` in stack traces. */
const SCRIPT_FRAME = /(?:\(|at )@[^/\s]+\//;

/**
 * Keeps errors of resources from ending the process, as FXServer does: an exception in a callback of Node is printed,
 * and a rejected promise without a handler goes to its resource.
 *
 * @param fail gets every other error: it is one of the host itself
 */
export function guardProcess(
  host: Pick<FxHost, 'rejected'>,
  print: (text: string) => void,
  fail: (error: unknown) => void,
): void {
  process.on('uncaughtException', (error: unknown) => {
    const stack = String((error as Error | null)?.stack ?? error);
    if (SCRIPT_FRAME.test(stack)) print(`Uncaught ${stack}`);
    else fail(error);
  });
  process.on('unhandledRejection', (reason, promise) => {
    if (!host.rejected(reason, promise)) fail(reason);
  });
}
