import { displayText } from '../notify/display-text.ts';
import { escapeChat } from '../notify/systems/escape-chat.ts';
import type { ClientEvents } from '../platform/client-events.ts';
import { consoleText } from '../platform/console-text.ts';

export interface PrintOptions {
  /** Takes one whole line for the server's console. */
  write(line: string): void;
  readonly clients: Pick<ClientEvents, 'send'>;
}

const LONGEST_CHAT_LINE = 1_000;

/**
 * @returns a function that prints one line of an answer: always to the server's console, and to the chat of the player who asked
 *   (0 is nobody). What people typed into the CAD is shown as they typed it in both.
 */
export function createPrint({ write, clients }: PrintOptions): (line: string, source: number) => void {
  return (line, source) => {
    write(consoleText(line));
    if (source <= 0) return;
    // The chat has no fixed width: columns that stand apart by spaces would run together.
    const text = escapeChat(displayText(line.replace(/ {2,}/g, ' · '), LONGEST_CHAT_LINE));
    clients.send('chat:addMessage', source, { args: [text] });
  };
}
