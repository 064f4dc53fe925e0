/** FXServer's `^0` to `^9` as terminals have them. */
const CODES = ['0', '91', '92', '93', '94', '96', '95', '0', '31', '34'];

/**
 * Turns a console line's colour codes into a terminal's, or takes them out.
 * @param colours whether the terminal shows colours
 */
export function toTerminal(line: string, colours: boolean): string {
  const text = line.replace(/\^(\d)/g, (_, digit: string) => (colours ? `\u001b[${CODES[Number(digit)]}m` : ''));
  return colours && text !== line ? `${text}\u001b[0m` : text;
}
