/** The server's console output. */
export interface ConsoleLines {
  /** The last lines, oldest first, each `[channel] text`, colour codes kept. */
  readonly lines: readonly string[];
  /** @param channel `script:<resource>` for scripts, else FXServer's name for the part that speaks. */
  print(channel: string, text: string): void;
}

const KEPT = 10_000;

/** @param log gets every line as it is printed. */
export function createConsoleLines(log: (line: string) => void): ConsoleLines {
  const lines: string[] = [];
  return {
    lines,
    print(channel, text) {
      for (const part of text.replace(/\n$/, '').split('\n')) {
        const line = `[${channel}] ${part}`;
        lines.push(line);
        log(line);
      }
      if (lines.length > KEPT) lines.splice(0, lines.length - KEPT);
    },
  };
}
