const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Hears of the signals that end a program.
 *
 * @param first called with the first of them
 * @param again called with each later one
 */
export function onStopSignals(first: () => void, again: () => void): void {
  let isStopping = false;
  const heard = () => {
    if (isStopping) return again();
    isStopping = true;
    first();
  };
  for (const signal of SIGNALS) process.on(signal, heard);
}
