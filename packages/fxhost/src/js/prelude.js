// Puts the parts of FXServer's own script platform into a fresh scope, in its order, and gives the host the functions
// that it calls. Runs inside each resource's scope, as a function of the host's services and of the other parts.
(function createPlatform(global, host, parts) {
  global.print = (...args) => host.print(args.map(String).join(' '));
  parts.installConsole(global, host.print);

  function frames(error) {
    const lines = String(error?.stack ?? '').split('\n');
    return lines.flatMap((line) => {
      const frame = /^\s+at (?:(.*) \()?(@[^:]+):(\d+):\d+\)?$/.exec(line);
      return frame ? [`^3> ${frame[1] ?? ''}^7 (^5${frame[2]}^7:${frame[3]})`] : [];
    });
  }

  /** @returns what it printed, which is also what the caller of a failed function is told. */
  function printError(where, error) {
    const text = [`^1SCRIPT ERROR in ${where}: ${error}^7`, ...frames(error)].join('\n');
    host.print(text);
    return text;
  }
  global.printError = printError;

  const tick = parts.installTimers(global, printError);
  const references = parts.installReferences(global, host, parts.msgpack, printError);
  global.msgpack_pack = references.pack;
  global.msgpack_unpack = references.unpack;
  global.Citizen = {
    trace: host.print,
    getTickCount: host.now,
    makeRefFunction: references.makeRefFunction,
    invokeFunctionReference: references.invokeReference,
  };
  const events = parts.installEvents(global, host, references, printError);
  parts.installNatives(global, host, references);
  parts.installExports(global, host);

  const ticks = [];
  global.queueMicrotask = (callback) => {
    if (typeof callback !== 'function') throw new TypeError('The "callback" argument must be of type function.');
    Promise.resolve().then(() => guard(callback, []));
  };

  function guard(callback, args) {
    try {
      callback(...args);
    } catch (error) {
      host.print(`Uncaught ${error?.stack ?? error}`);
    }
  }

  return {
    ...references,
    ...events,
    guard,
    promise: (start) => new Promise(start),
    isOwnPromise: (value) => value instanceof Promise,
    nextTick: (callback, ...args) => void ticks.push([callback, args]),
    /** Runs what `process.nextTick` queued. */
    runNextTicks() {
      for (let entry = ticks.shift(); entry; entry = ticks.shift()) guard(...entry);
    },
    hasNextTicks: () => ticks.length > 0,
    tick(now) {
      references.releaseRefs();
      tick(now);
    },
  };
});
