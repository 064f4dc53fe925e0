/**
 * Registers a console command that players need `command.<name>` for.
 *
 * @param handler gets who runs it (a player's server id, 0 for the console and for other resources) and the words after the name
 */
export function registerCommand(name: string, handler: (source: number, words: readonly string[]) => void): void {
  RegisterCommand(name, (source: number, words: string[]) => handler(source, words), true);
}
