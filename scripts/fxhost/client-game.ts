import { createCallStack } from './call-stack.ts';
import type { ClientListener, ConnectedPlayer } from './connected-players.ts';
import { createEventDispatcher } from './event-dispatcher.ts';
import { createFunctionReferences } from './function-references.ts';
import type { PlatformState } from './js/platform-services.ts';
import type { LuaEngineSource } from './lua/lua-runtime.ts';
import { decodeList } from './msgpack-decoder.ts';
import { encode } from './msgpack-encoder.ts';
import { createPlainValues } from './plain-values.ts';
import { fromReturn } from './return-values.ts';
import { createRunningScripts } from './running-scripts.ts';

/** The game of one player: what the client scripts of all resources that run in it share. */
export type ClientGame = ReturnType<typeof createClientGame>;

type Listen = (id: number, listener: ClientListener) => void;

/** A frame at 60 Hz. */
const FRAME_MS = 16;
/** Larger than those of the server's runtimes, to which the functions of a game mean nothing. */
const FIRST_INSTANCE = 1_000_000;

/**
 * @param listen has a listener called for each event that the server sends to a player
 * @returns what gives the game of a player, which begins when it is asked for
 */
export function createClientGames(lua: LuaEngineSource, listen: Listen): (player: ConnectedPlayer) => ClientGame {
  const games = new WeakMap<ConnectedPlayer, ClientGame>();
  return (player) => {
    const game = games.get(player) ?? createClientGame(player, lua, listen);
    games.set(player, game);
    return game;
  };
}

function createClientGame(player: ConnectedPlayer, lua: LuaEngineSource, listen: Listen) {
  const stack = createCallStack();
  const scripts = createRunningScripts(stack, () => {});
  const events = createEventDispatcher(scripts);
  const references = createFunctionReferences(scripts);
  const plain = createPlainValues(references, (ref, args) =>
    fromReturn(decodeList(references.invoke(ref, encode(args.map(plain.toScript)))).map(plain.fromScript)),
  );
  let now = 0;
  const platform: PlatformState = {
    now: () => now,
    resourceState: (name) => (scripts.of(name).length > 0 ? 'started' : 'missing'),
    state: new Map(),
  };
  listen(player.id, (event, payload) => void events.emit(event, payload, 'net:65535'));

  return {
    lua,
    stack,
    scripts,
    events,
    references,
    plain,
    platform,
    nextInstance: () => FIRST_INSTANCE + scripts.nextInstance(),
    emitToServer: (event: string, payload: Uint8Array) => player.trigger(event, ...decodeList(payload)),
    tick() {
      now += FRAME_MS;
      scripts.enterAll((runtime) => runtime.tick(now));
    },
  };
}
