// FXServer's own `console`, with what it does differently from Node's: null-prototype objects throw, a repeated
// reference is dropped, a nested Error prints as {}. Runs inside each resource's scope, as a function of (global,
// print).
(function installConsole(global, print) {
  function describe(value) {
    if (value === null || value === undefined) return String(value);
    if (value instanceof Map) return block('Map', [...value], ([key, item]) => `${describe(key)} => ${describe(item)}`);
    if (value instanceof Set) return block('Set', [...value], describe);
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      return `${value.constructor.name}[ ${Array.prototype.join.call(value, ' ')} ]`;
    }
    if (value instanceof Error || Object.prototype.toString.call(value) === '[object Error]') {
      return value.stack || Error.prototype.toString.call(value);
    }
    // Not Object.prototype's: an object without a prototype has to throw here, as in FXServer.
    if (Array.isArray(value) || value.toString() === '[object Object]') return toJson(value);
    return value.toString();
  }

  function block(name, items, line) {
    return [`${name} {`, ...items.map((item) => line(item).replace(/^/gm, '  ')), '}'].join('\n');
  }

  function toJson(value) {
    const seen = new Set();
    return JSON.stringify(
      value,
      (_key, item) => {
        if (typeof item !== 'object' || item === null) return item;
        if (seen.has(item)) return undefined;
        seen.add(item);
        return item;
      },
      2,
    );
  }

  const specifiers = {
    s: (value) => `${value}`,
    d: (value) => String(Number.parseInt(value, 10)),
    i: (value) => String(Number.parseInt(value, 10)),
    f: (value) => String(Number.parseFloat(value)),
    o: describe,
    O: describe,
  };

  function format(...args) {
    if (args[0] === undefined) return '';
    if (typeof args[0] !== 'string') return args.map(describe).join(' ');
    let used = 1;
    const message = args[0].replace(/%([sdifoO])/g, (whole, specifier) =>
      used < args.length ? specifiers[specifier](args[used++]) : whole,
    );
    return [message, ...args.slice(used).map(describe)].join(' ');
  }

  const counters = new Map();
  const started = new Map();
  const missing = (name) => () => global.console.error(`console.${name} is not implemented yet`);
  global.console = {
    log: (...args) => print(format(...args)),
    debug: (...args) => print(`Debug: ${format(...args)}`),
    info: (...args) => print(`Info: ${format(...args)}`),
    warn: (...args) => print(`^3Warning: ${format(...args)}^7`),
    error: (...args) => print(`^1Error: ${format(...args)}^7`),
    trace: (...args) => print(new Error(format(...args)).stack.replace(/^Error/, 'Trace')),
    dir: (item) => print(`Dir: ${describe(item)}`),
    assert(expression, ...args) {
      if (!expression) throw new Error(format(...args));
    },
    count(label = 'default') {
      counters.set(label, (counters.get(label) ?? 0) + 1);
      print(`${label}: ${counters.get(label)}`);
    },
    time: (label = 'default') => started.set(label, Date.now()),
    timeEnd(label = 'default') {
      print(`${label}: ${Date.now() - (started.get(label) ?? Date.now())} ms`);
      started.delete(label);
    },
  };
  for (const name of ['table', 'dirxml', 'clear', 'group', 'groupCollapsed', 'groupEnd', 'select']) {
    global.console[name] = missing(name);
  }
});
