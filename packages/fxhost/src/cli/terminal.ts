import { styleText } from 'node:util';

/** Terminal styles for FXServer's colour codes `^0` to `^9`. */
const STYLES = [
  ...(['reset', 'redBright', 'greenBright', 'yellowBright', 'blueBright'] as const),
  ...(['cyanBright', 'magentaBright', 'reset', 'red', 'blue'] as const),
];

/**
 * Turns the colour codes of a console line into a terminal's, or removes them.
 *
 * @param hasColours whether the terminal shows colours
 */
export function toTerminal(line: string, hasColours: boolean): string {
  const [plain = '', ...coloured] = line.split(/\^(?=\d)/);
  const shown = coloured.map((part) => {
    const [style = 'reset', text] = [STYLES[Number(part[0])], part.slice(1)];
    return hasColours && style !== 'reset' && text !== '' ? styleText(style, text, { validateStream: false }) : text;
  });
  return plain + shown.join('');
}
