import { Encoder, type ExtensionCodecType } from '@msgpack/msgpack';

/** More than any event has; what goes deeper contains itself. */
const MAX_LEVELS = 1_000;

/** What the game server's own packer treats in a way of its own: functions, bytes, dates and the like. */
const NOT_PLAIN = Symbol('not plain');

/** Looks at each object before it is packed. */
const plainOnly: ExtensionCodecType<undefined> = {
  tryToEncode(value) {
    if (Array.isArray(value)) {
      if (!value.every(isSameAsInEmit)) throw NOT_PLAIN;
      return null;
    }
    const members = value as Readonly<Record<string, unknown>>;
    const prototype: unknown = Object.getPrototypeOf(members);
    if (prototype !== Object.prototype && prototype !== null) throw NOT_PLAIN;
    // Nothing is inherited. A list of the members would be made for each object of each event.
    for (const name in members) if (!isSameAsInEmit(members[name])) throw NOT_PLAIN;
    return null;
  },
  decode: () => null,
};

const encoder = new Encoder({
  extensionCodec: plainOnly,
  maxDepth: MAX_LEVELS + 1,
  // Whole numbers of more than 32 bits become floats with it, as the game server has them.
  useBigInt64: true,
});

/** The game server has whole numbers of 32 bits with a sign only; the encoder has such without one, too. */
function isSameAsInEmit(value: unknown): boolean {
  if (typeof value === 'number') return value < 2 ** 31 || value >= 2 ** 32 || !Number.isInteger(value);
  return typeof value !== 'bigint';
}

/**
 * Packs the arguments of an event as msgpack, as the game server's own `emit` does with plain values, whose packer takes several
 * times as long.
 *
 * @returns bytes that are good until the next call, or null when something in them is no plain value (text, number, boolean,
 *   null, array or object literal) or a number that would arrive as another kind: leave it to `emit` then
 * @throws when the values are nested more than 1,000 deep, or contain themselves
 */
export function packArguments(args: readonly unknown[]): Uint8Array | null {
  try {
    return encoder.encodeSharedRef(args);
  } catch (error) {
    if (error === NOT_PLAIN) return null;
    throw error;
  }
}
