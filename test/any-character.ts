import fc from 'fast-check';

const SURROGATES_FROM = 0xd800;
const SURROGATES = 0x800;

/** Any character there is, for strings of fast-check. Its own unit `binary` makes a table of all of them first, which takes half a second a file. */
export const anyCharacter: fc.Arbitrary<string> = fc
  .nat(0x10ffff - SURROGATES)
  .map((number) => String.fromCodePoint(number < SURROGATES_FROM ? number : number + SURROGATES));
