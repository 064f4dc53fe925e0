import { encode } from './msgpack.ts';

/** A value that is set in a state bag. */
export interface StateChange {
  /** `global`, `player:<id>`, `entity:<network id>`, and in a player's game `localEntity:<handle>`. */
  readonly bag: string;
  readonly key: string;
  /** As msgpack. Nil removes the key. */
  readonly payload: Uint8Array;
  /** Whether the other side is to see it: every player's game, or the server. */
  readonly replicated: boolean;
  /** The player whose game has set it; 0, the default, on the server and for what comes from there. */
  readonly source?: number;
}

interface Value {
  readonly payload: Uint8Array;
  readonly replicated: boolean;
}

interface ChangeHandler {
  /** Of one key and one bag; of all, when empty. */
  readonly key: string;
  readonly bag: string;
  readonly owner: string;
  /** @param args a msgpack array of the bag's name, the key, the value, the source, and whether it is replicated */
  call(args: Uint8Array): void;
  /** Lets go of the function behind it. */
  release(): void;
}

interface Options {
  /** Whether there is what a bag is named after; in none other can a value be set. */
  exists(bag: string): boolean;
  /** Is told of each value that the other side is to see. */
  replicate(change: StateChange): void;
}

const NIL = 0xc0;
/** The head of a msgpack array with five elements. */
const FIVE_ELEMENTS = 0x95;

/** The state bags of the server, or those that one player's game knows. */
export class StateBags {
  readonly #options: Options;
  readonly #bags = new Map<string, Map<string, Value>>();
  readonly #handlers = new Map<number, ChangeHandler>();
  #lastCookie = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /** A value as msgpack. */
  get(bag: string, key: string): Uint8Array | undefined {
    return this.#bags.get(bag)?.get(key)?.payload;
  }

  keys(bag: string): string[] {
    return [...(this.#bags.get(bag)?.keys() ?? [])].sort();
  }

  /**
   * Sets a value, of which all change handlers hear first, even when it is the same as before.
   *
   * @returns false when there is no such bag
   */
  set(change: StateChange): boolean {
    if (!this.#options.exists(change.bag)) return false;
    if (this.#apply(change) && change.replicated) this.#options.replicate(change);
    return true;
  }

  /** Takes over a value that the other side has set. */
  receive(change: StateChange): void {
    this.#apply(change);
  }

  /** @returns whether the value differs from the one before */
  #apply(change: StateChange): boolean {
    const { bag, key, payload, replicated, source = 0 } = change;
    const args = Buffer.concat([
      Uint8Array.of(FIVE_ELEMENTS),
      ...[encode(bag), encode(key), payload, encode(source), encode(replicated)],
    ]);
    for (const handler of [...this.#handlers.values()]) {
      if (handler.key !== '' && handler.key !== key) continue;
      if (handler.bag !== '' && handler.bag !== bag) continue;
      handler.call(args);
    }
    const values = this.#bags.get(bag) ?? new Map<string, Value>();
    const before = values.get(key);
    if (payload[0] === NIL) return values.delete(key);
    this.#bags.set(bag, values);
    // The sender may use its bytes again.
    values.set(key, { payload: new Uint8Array(payload), replicated });
    return before === undefined || Buffer.compare(before.payload, payload) !== 0;
  }

  /** Forgets a bag, when what it is named after is gone. */
  delete(bag: string): void {
    this.#bags.delete(bag);
  }

  /** All values that the other side sees. */
  replicatedValues(): StateChange[] {
    return [...this.#bags].flatMap(([bag, values]) =>
      [...values].filter(([, { replicated }]) => replicated).map(([key, value]) => ({ bag, key, ...value })),
    );
  }

  /** @returns a cookie by which it can be removed */
  addHandler(handler: ChangeHandler): number {
    this.#handlers.set(++this.#lastCookie, handler);
    return this.#lastCookie;
  }

  removeHandler(cookie: number): void {
    this.#handlers.get(cookie)?.release();
    this.#handlers.delete(cookie);
  }

  removeHandlersOf(resource: string): void {
    for (const [cookie, { owner }] of this.#handlers) if (owner === resource) this.removeHandler(cookie);
  }
}
