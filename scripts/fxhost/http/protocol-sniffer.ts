/** What the first bytes of a connection on the game port are taken for. */
export type Sniffed = 'http' | 'undecided' | 'unknown';

const MAX_FIRST_LINE = 4096;
const MAX_METHOD = 64;
const CR = 13;
const LF = 10;

/**
 * FXServer serves several protocols on one port and looks at the first line before any of them sees a byte. TLS, which
 * it accepts too, is not offered here.
 */
export function sniffProtocol(bytes: Buffer): Sniffed {
  if (bytes.length === 0) return 'undecided';
  const start = bytes.toString('latin1', 0, MAX_METHOD + 1);
  if (!/^[A-Z][A-Z-]*( |$)/.test(start) || (start.length > MAX_METHOD && !start.includes(' '))) return 'unknown';
  const end = bytes.subarray(0, MAX_FIRST_LINE).indexOf(CR);
  if (end === -1) return bytes.length < MAX_FIRST_LINE ? 'undecided' : 'unknown';
  if (end + 1 === bytes.length) return 'undecided';
  const version = bytes.toString('latin1', Math.max(0, end - 8), end);
  return bytes[end + 1] === LF && /^HTTP\/[0-9]\.[0-9]$/.test(version) ? 'http' : 'unknown';
}
