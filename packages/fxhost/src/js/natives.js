// Natives as globals, and the few platform globals made from them. Runs inside each resource's scope.
(function installNatives(global, host, { makeRefFunction, pack, unpack }) {
  const toHost = (value) => (typeof value === 'function' ? makeRefFunction(value) : value);

  function toScript(value) {
    if (typeof value !== 'object' || value === null) return value;
    // A vector.
    if (value[Symbol.toStringTag] === 'Float32Array') return Array.from(value);
    if (ArrayBuffer.isView(value)) return value;
    if (Array.isArray(value)) return Array.from(value, toScript);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toScript(item)]));
  }

  const callNative =
    (name) =>
    (...args) => {
      let result;
      try {
        result = host.native(name, args.map(toHost));
      } catch (error) {
        host.print(`script error in native ${name}: ${error.message}`);
        throw new Error(error.message.startsWith('native ') ? error.message : `native ${name}: ${error.message}`);
      }
      return toScript(result);
    };
  for (const name of host.nativeNames) global[name] = callNative(name);
  // FXServer has these, so scripts find a function; calling it throws an error that says how to supply the native.
  for (const name of host.missingNatives) if (!(name in global)) global[name] = callNative(name);

  global.GetStateBagValue = (bag, key) => {
    const payload = host.stateBags.get(String(bag), String(key));
    return payload === undefined ? null : unpack(payload);
  };
  global.SetStateBagValue = (bag, key, payload, _length, replicated) =>
    host.stateBags.set({ bag: String(bag), key: String(key), payload, replicated: Boolean(replicated) });

  function stateBag(bag) {
    const set = (key, value, replicated) => {
      host.stateBags.set({ bag, key: String(key), payload: pack(value), replicated: Boolean(replicated) });
      return true;
    };
    return new Proxy(
      {},
      {
        get(_target, key) {
          if (key === 'set') return set;
          return global.GetStateBagValue(bag, key);
        },
        // On the server every game sees it; in a game it stays there unless `set` says otherwise.
        set: (_target, key, value) => set(key, value, host.isServer),
      },
    );
  }

  global.NewStateBag = stateBag;
  global.GlobalState = stateBag('global');
  global.Player = (id) => ({
    state: stateBag(`player:${id === -1 ? global.GetPlayerServerId(global.PlayerId()) : id}`),
  });
  global.Entity = (entity) => {
    const isLocal = !host.isServer && !global.NetworkGetEntityIsNetworked(entity);
    const bag = isLocal ? `localEntity:${entity}` : `entity:${global.NetworkGetNetworkIdFromEntity(entity)}`;
    return { state: stateBag(bag) };
  };
  if (!host.isServer) {
    Object.defineProperty(global, 'LocalPlayer', {
      get: () => global.Player(-1),
      configurable: true,
      enumerable: true,
    });
    return;
  }

  const list = (count, at) => Array.from({ length: count }, (_item, index) => at(index));
  global.getPlayers = () => list(global.GetNumPlayerIndices(), (index) => global.GetPlayerFromIndex(index));
  global.getPlayerIdentifiers = (player) =>
    list(global.GetNumPlayerIdentifiers(player), (index) => global.GetPlayerIdentifier(player, index));
  global.getPlayerTokens = (player) =>
    list(global.GetNumPlayerTokens(player), (index) => global.GetPlayerToken(player, index));
});
