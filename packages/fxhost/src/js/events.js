// Events as scripts see them: listeners, net-safe names, `source`, emit. Runs inside each resource's scope; gives what
// the host calls to deliver an event.
(function installEvents(global, host, { pack, unpack }, printError) {
  const MAX_LISTENERS = 10;

  function createListeners() {
    const byName = new Map();
    const warned = new Set();
    let limit = MAX_LISTENERS;
    return {
      // The array itself, not a copy: a listener that removes itself makes the next one be skipped, as in FXServer.
      of: (name) => byName.get(name) ?? [],
      has: (name) => byName.has(name),
      on(name, callback) {
        if (typeof callback !== 'function') throw new Error('on only accepts instances of Function');
        const list = byName.get(name) ?? [];
        byName.set(name, list);
        list.push(callback);
        if (limit > 0 && list.length > limit && !warned.has(name)) {
          warned.add(name);
          host.print(
            `MaxListenersExceededWarning: Possible EventEmitter memory leak detected. ${list.length} ${name} listeners added. Use emitter.setMaxListeners() to increase limit.`,
          );
        }
      },
      off(name, callback) {
        const list = byName.get(name);
        const index = list ? list.indexOf(callback) : -1;
        if (index < 0) return;
        list.splice(index, 1);
        if (list.length === 0) byName.delete(name);
      },
      setLimit(count) {
        limit = count;
      },
    };
  }

  const listeners = createListeners();
  const raw = createListeners();
  const netSafe = new Set();

  function on(name, callback, isNetSafe = false) {
    if (isNetSafe) netSafe.add(name);
    listeners.on(name, callback);
  }
  const onNet = (name, callback) => on(name, callback, true);
  const off = (name, callback) => listeners.off(name, callback);
  const registerNet = (name) => void netSafe.add(name);
  const emit = (name, ...args) => {
    const payload = pack(args);
    triggerEventInternal(name, payload, payload.length);
  };

  // The native that FXServer's own `emit` is made of; the name is a C string. The sender may use its bytes again; a
  // string would be taken for bytes, and is none here.
  function triggerEventInternal(name, payload, length) {
    if (!name || !ArrayBuffer.isView(payload)) throw new Error('native TriggerEventInternal: Argument was null.');
    const [untilNul] = String(name).split('\0', 1);
    host.emitEvent(untilNul, new Uint8Array(payload.buffer, payload.byteOffset, length));
  }

  Object.assign(global, {
    source: '',
    on,
    addEventListener: on,
    AddEventHandler: on,
    onNet,
    addNetEventListener: onNet,
    RegisterNetEvent: registerNet,
    RegisterServerEvent: registerNet,
    removeEventListener: off,
    RemoveEventHandler: off,
    addRawEventListener: raw.on,
    addRawEventHandler: raw.on,
    setMaxEventListeners: listeners.setLimit,
    setMaxRawEventListeners: raw.setLimit,
    emit,
    TriggerEvent: emit,
    TriggerEventInternal: triggerEventInternal,
  });
  if (host.isServer) installServerNet();
  else installClientNet();

  function installServerNet() {
    const emitNet = (name, target, ...args) => void host.emitNet(name, target, pack(args));
    global.emitNet = emitNet;
    global.TriggerClientEvent = emitNet;
    global.TriggerLatentClientEvent = (name, target, bytesPerSecond, ...args) =>
      void host.emitNet(name, target, pack(args), bytesPerSecond);
  }

  function installClientNet() {
    const emitNet = (name, ...args) => void host.emitToServer(name, pack(args));
    global.emitNet = emitNet;
    global.TriggerServerEvent = emitNet;
    global.TriggerLatentServerEvent = (name, _bytesPerSecond, ...args) => emitNet(name, ...args);
  }

  function sourceOf(source) {
    if (source.startsWith('net')) return Number.parseInt(source.slice(4), 10);
    if (source.startsWith('internal-net')) return Number.parseInt(source.slice(13), 10);
    return source;
  }

  function runRaw(name, payload, source) {
    for (const listener of raw.of(name)) {
      try {
        listener(payload, source);
      } catch (error) {
        global.console.error('Unhandled error during running raw event listeners', error);
      }
    }
  }

  function run(name, payload) {
    const list = listeners.of(name);
    if (list.length === 0) return;
    const args = unpack(payload) || [];
    if (!Array.isArray(args)) return;
    for (const listener of list) {
      try {
        const result = listener.apply(null, args);
        if (result instanceof Promise) {
          result.catch((error) => global.console.error('Unhandled promise failure:', error));
        }
      } catch (error) {
        printError(`event \`${name}'`, error);
      }
    }
  }

  return {
    netSafeEvents: () => [...netSafe],
    handlesEvent: (name) => listeners.has(name) || raw.has(name),
    triggerEvent(name, payload, source) {
      global.source = source;
      if (source.startsWith('net') && listeners.of(name).length > 0 && !netSafe.has(name)) {
        global.console.error(`Event ${name} was not safe for net`);
      } else {
        global.source = sourceOf(source);
        runRaw(name, payload, source);
        run(name, payload);
      }
      global.source = null;
    },
  };
});
