import { spellOut } from '../text/spell-out.ts';

/** @returns text that the console shows on one line and as it is: nothing in it ends the line, moves what is printed or colours it */
export function consoleText(text: string): string {
  return spellOut(text.replaceAll('\n', '\\n'));
}
