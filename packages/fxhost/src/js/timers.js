// FXServer's global timers. They run at ticks only, and count from the previous tick: a timer can fire almost a tick
// early, and an interval of 100 ms fires every 150. Runs inside each resource's scope; gives the function to call at
// each tick.
(function installTimers(global, printError) {
  const timers = new Map();
  const tickers = new Map();
  let frames = [];
  let lastTick = 0;
  let nextId = 0;

  function add(callback, interval, args, repeats) {
    if (typeof callback !== 'function') throw new TypeError('Callback must be a function');
    const id = nextId++;
    let referenced = true;
    const timer = { callback, args, repeats, interval: Math.max(Number(interval) || 0, 1), lastRun: lastTick };
    timers.set(id, timer);
    const handle = {
      id,
      ref() {
        referenced = true;
        return handle;
      },
      unref() {
        referenced = false;
        return handle;
      },
      hasRef: () => referenced,
      refresh() {
        if (timers.has(id)) timer.lastRun = lastTick;
        return handle;
      },
      [Symbol.toPrimitive]: () => id,
    };
    return handle;
  }

  function clear(handle) {
    // The id alone is not enough, although it is what a handle turns into as a number.
    if (typeof handle === 'object' && handle !== null) timers.delete(handle.id);
  }

  function attempt(where, run) {
    try {
      run();
    } catch (error) {
      printError(where, error);
    }
  }

  function runTimers(now) {
    for (const [id, timer] of timers) {
      if (now - timer.lastRun <= timer.interval) continue;
      timer.lastRun = now;
      if (!timer.repeats) timers.delete(id);
      attempt('timer', () => timer.callback(...timer.args));
    }
  }

  function runTickers() {
    for (const ticker of tickers.values()) {
      if (ticker.busy) continue;
      attempt('tick', () => {
        const result = ticker.callback();
        if (!(result instanceof Promise)) return;
        ticker.busy = true;
        const done = () => {
          ticker.busy = false;
        };
        result.finally(done).catch((error) => printError('tick', error));
      });
    }
  }

  function runFrames() {
    const due = frames;
    frames = [];
    for (const callback of due.reverse()) attempt('animation frame', callback);
  }

  const fixed = {
    setTimeout: (callback, delay, ...args) => add(callback, delay, args, false),
    setInterval: (callback, delay, ...args) => add(callback, delay, args, true),
    setImmediate: (callback, ...args) => add(callback, 0, args, false),
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
    setTick(callback) {
      const id = nextId++;
      tickers.set(id, { callback, busy: false });
      return id;
    },
    clearTick: (id) => void tickers.delete(id),
    requestAnimationFrame: (callback) => void frames.push(callback),
  };
  for (const [name, value] of Object.entries(fixed)) {
    Object.defineProperty(global, name, { value, writable: false, enumerable: true, configurable: false });
  }

  return function tick(now) {
    lastTick = now;
    runTimers(now);
    runTickers();
    runFrames();
  };
});
