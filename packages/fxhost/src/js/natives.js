// Natives as globals, and the few platform globals made from them. Runs inside each resource's scope.
(function installNatives(global, host, { makeRefFunction, pack, unpack }) {
  const toHost = (value) => (typeof value === 'function' ? makeRefFunction(value) : value);

  function toScript(value) {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
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

  function stateBag(bag) {
    const set = (key, value) => {
      host.setState(bag, String(key), pack(value));
      return true;
    };
    return new Proxy(
      {},
      {
        get(_target, key) {
          if (key === 'set') return set;
          const payload = host.getState(bag, String(key));
          return payload === undefined ? undefined : unpack(payload);
        },
        set: (_target, key, value) => set(key, value),
      },
    );
  }

  global.NewStateBag = stateBag;
  global.GlobalState = stateBag('global');
  global.Player = (id) => ({ state: stateBag(`player:${id}`) });
  global.Entity = (id) => ({ state: stateBag(`entity:${id}`) });
  if (!host.isServer) return;

  const list = (count, at) => Array.from({ length: count }, (_item, index) => at(index));
  global.getPlayers = () => list(global.GetNumPlayerIndices(), (index) => global.GetPlayerFromIndex(index));
  global.getPlayerIdentifiers = (player) =>
    list(global.GetNumPlayerIdentifiers(player), (index) => global.GetPlayerIdentifier(player, index));
  global.getPlayerTokens = (player) =>
    list(global.GetNumPlayerTokens(player), (index) => global.GetPlayerToken(player, index));
});
