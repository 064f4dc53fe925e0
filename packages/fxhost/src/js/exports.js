// The `exports` global: offering functions to other resources and calling theirs, by an event that hands the function
// over. Runs inside each resource's scope.
(function installExports(global, host) {
  const found = new Map();
  const side = host.isServer ? 'Server' : 'Client';
  const eventOf = (resource, name) => `__cfx_export_${resource === 'txAdmin' ? 'monitor' : resource}_${name}`;

  // Exports named in the manifest are looked up by global name, and only exist from the tick after the start.
  global.on(`on${side}ResourceStart`, (resource) => {
    if (resource !== host.resourceName) return;
    for (const name of host.manifestExports()) {
      global.on(eventOf(resource, name), (give) => {
        if (global[name]) give(global[name]);
      });
    }
  });
  global.on(`on${side}ResourceStop`, (resource) => found.delete(resource));

  function lookUp(resource, name) {
    const known = found.get(resource) ?? new Map();
    found.set(resource, known);
    if (!known.has(name)) {
      global.emit(eventOf(resource, name), (callback) => known.set(name, callback));
    }
    if (!known.has(name)) throw new Error(`No such export ${name} in resource ${resource}`);
    return (...args) => {
      try {
        return known.get(name)(...args);
      } catch (error) {
        global.console.log(error);
        throw new Error(
          `An error occurred while calling export ${name} of resource ${resource} - see above for details`,
        );
      }
    };
  }

  const proxy = new Proxy(() => {}, {
    get: (_target, resource) =>
      new Proxy(
        {},
        {
          get: (_of, name) => lookUp(String(resource), String(name)),
          set() {
            throw new Error('cannot set values on an export resource');
          },
        },
      ),
    set() {
      throw new Error('cannot set values on exports');
    },
    apply(_target, _self, args) {
      if (args.length !== 2) throw new Error('this needs 2 arguments');
      const [name, callback] = args;
      global.on(eventOf(host.resourceName, name), (give) => give(callback));
    },
  });
  global.exports = proxy;
});
