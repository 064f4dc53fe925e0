import type { ConnectedPlayer } from './connected-players.ts';
import { createScope } from './js/scope.ts';
import { decodeList } from './msgpack-decoder.ts';
import { encode } from './msgpack-encoder.ts';
import type { ResourceScript } from './resource-scripts.ts';

/** A native call that a client script made. */
export interface NativeCall {
  readonly name: string;
  readonly args: readonly unknown[];
}

export interface ClientOptions {
  /** The natives the scripts find, by name; every other one is no global at all. */
  readonly natives?: Readonly<Record<string, (...args: unknown[]) => unknown>>;
  /** Exports of other resources on this client: resource, then name. */
  readonly exports?: Readonly<Record<string, Readonly<Record<string, (...args: unknown[]) => unknown>>>>;
}

/** The client scripts of one resource, running for one player. */
export interface ClientScope {
  readonly calls: readonly NativeCall[];
  /** Console lines of the scripts. */
  readonly lines: readonly string[];
  readonly global: Readonly<Record<string, unknown>>;
  /** Local event on this client. */
  emit(event: string, ...args: unknown[]): void;
  /** Advances the client by one frame; its timers and microtasks run. */
  tick(): void;
  stop(): void;
}

interface Services {
  readonly resource: string;
  readonly scripts: readonly ResourceScript[];
  readonly player: ConnectedPlayer;
  listen(listener: (event: string, payload: Uint8Array) => void): () => void;
}

/** A frame at 60 Hz. */
const FRAME_MS = 16;

/** The game's JavaScript runtime: FXServer's script platform without Node, natives given by the test. */
export function createClientScope(services: Services, { natives = {}, exports = {} }: ClientOptions): ClientScope {
  const { resource, scripts, player, listen } = services;
  const calls: NativeCall[] = [];
  const lines: string[] = [];
  const functions = new Map<string, (args: readonly unknown[]) => unknown>();
  const state = new Map<string, Uint8Array>();
  let now = 0;

  const offer = (callback: (args: readonly unknown[]) => unknown) => {
    const functionReference = `_cfx_internal:0:${functions.size}`;
    functions.set(functionReference, callback);
    return { functionReference };
  };
  const invoke = (ref: string, args: Uint8Array): Uint8Array => {
    const own = functions.get(ref);
    if (own) return encode([own(decodeList(args))]);
    return scope.platform.callRef(Number(ref.slice(ref.lastIndexOf(':') + 1)), args);
  };

  /** Exports of other resources answer the event by which scripts look them up. */
  const answerExport = (event: string, payload: Uint8Array): boolean => {
    for (const [owner, functionsOfOwner] of Object.entries(exports)) {
      for (const [name, callback] of Object.entries(functionsOfOwner)) {
        if (event !== `__cfx_export_${owner}_${name}`) continue;
        const [give] = decodeList(payload) as [{ functionReference: string }];
        invoke(give.functionReference, encode([offer((args) => callback(...args))]));
        return true;
      }
    }
    return false;
  };

  const trigger = (event: string, payload: Uint8Array, source: string) => {
    if (!answerExport(event, payload)) scope.platform.triggerEvent(event, payload, source);
  };

  const known: Readonly<Record<string, (...args: unknown[]) => unknown>> = {
    GetCurrentResourceName: () => resource,
    IsDuplicityVersion: () => false,
    ...natives,
  };
  const scope = createScope(
    {
      isServer: false,
      resourceName: resource,
      nativeNames: Object.keys(known),
      print: (text) => void lines.push(text),
      now: () => now,
      native(name, args) {
        if (name in natives) calls.push({ name, args });
        return known[name]?.(...args);
      },
      emitEvent: (event, payload) => trigger(event, payload, ''),
      emitNet() {
        throw new Error('clients send events to the server only');
      },
      emitToServer: (event, payload) => player.trigger(event, ...decodeList(payload)),
      canonicalizeRef: (ref) => `${resource}:0:${ref}`,
      invokeRef: invoke,
      duplicateRef: (ref) => ref,
      deleteRef: () => {},
      invokingResource: () => null,
      resourceState: () => 'started',
      manifestExports: () => [],
      getState: (bag, key) => state.get(`${bag}\0${key}`),
      setState: (bag, key, payload) => void state.set(`${bag}\0${key}`, payload),
      utf8: (text) => new Uint8Array(Buffer.from(text)),
      text: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(),
    },
    {},
  );
  const stopListening = listen((event, payload) => trigger(event, payload, 'net:65535'));
  for (const { file, source } of scripts.filter((script) => script.file.includes('.js'))) {
    try {
      scope.run(source, `@${resource}/${file}`);
    } catch (error) {
      lines.push(`Error loading script ${file} in resource ${resource}: ${(error as Error).message}`);
    }
  }
  trigger('onClientResourceStart', encode([resource]), '');

  return {
    calls,
    lines,
    global: scope.global,
    emit: (event, ...args) => trigger(event, encode(args), ''),
    tick() {
      now += FRAME_MS;
      scope.platform.tick(now);
      scope.drain();
    },
    stop() {
      trigger('onResourceStop', encode([resource]), '');
      stopListening();
    },
  };
}
