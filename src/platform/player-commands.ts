/**
 * Registers a chat command that every player may use.
 *
 * @param handler gets the player's server id, 0 for the console, and the words after the name
 */
export function registerPlayerCommand(name: string, handler: (source: number, words: readonly string[]) => void): void {
  RegisterCommand(name, (source: number, words: string[]) => handler(source, words), false);
}
