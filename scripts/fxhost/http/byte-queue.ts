/** Bytes received and not yet used up. Joined only when somebody looks, so a 5 MiB body costs one copy. */
export interface ByteQueue {
  readonly length: number;
  push(bytes: Buffer): void;
  /** The queued bytes, from `from` on. Valid until the next call. */
  view(from?: number): Buffer;
  /** Removes the first `count` bytes and gives them. */
  take(count: number): Buffer;
}

export function createByteQueue(): ByteQueue {
  let parts: Buffer[] = [];
  let length = 0;

  const joined = (): Buffer => {
    const [first] = parts;
    if (parts.length === 1 && first) return first;
    const all = Buffer.concat(parts, length);
    parts = [all];
    return all;
  };

  return {
    get length() {
      return length;
    },
    push(bytes) {
      if (bytes.length === 0) return;
      parts.push(bytes);
      length += bytes.length;
    },
    view(from = 0) {
      return joined().subarray(from);
    },
    take(count) {
      const all = joined();
      const rest = all.subarray(count);
      parts = rest.length > 0 ? [rest] : [];
      length = rest.length;
      return all.subarray(0, count);
    },
  };
}
