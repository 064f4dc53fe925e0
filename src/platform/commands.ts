/**
 * Registers a console command that players need `command.<name>` for.
 *
 * @param handler gets the words after the name
 */
export function registerCommand(name: string, handler: (words: string[]) => void): void {
  RegisterCommand(name, (_source: number, words: string[]) => handler(words), true);
}
