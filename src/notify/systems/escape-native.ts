// The game has no escape for its codes (`~r~`) and tags (`<font>`): the nearest characters that its fonts have stand in.
const STAND_INS: Readonly<Record<string, string>> = { '~': '˜', '<': '‹', '>': '›' };

/** @returns text that the game's own notifications show (nearly) as it is, on several lines where it has some */
export function escapeNative(text: string): string {
  return text.replace(/[~<>]/g, (character) => STAND_INS[character] ?? '').replaceAll('\n', '~n~');
}
