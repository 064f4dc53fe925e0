/**
 * Splits console text or a cfg file into commands, at line ends and at `;` outside quotes and bare JSON. Quotes toggle
 * whether escaped or not, and never span lines, as in FXServer.
 */
export function splitCommands(text: string): string[] {
  const commands: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i <= text.length; i++) {
    const char = text[i];
    if (!quoted && (char === '{' || char === '[')) i += Math.max(jsonLength(text, i) - 1, 0);
    else if (char === '"') quoted = !quoted;
    else if (char === undefined || char === '\n' || char === '\r' || (char === ';' && !quoted)) {
      commands.push(text.slice(start, i));
      start = i + 1;
      quoted = false;
    }
  }
  return commands.filter((command) => command.trim() !== '');
}

/**
 * Splits one command into words, the command's name first: `"…"` groups (with `\"` for a quote inside), bare JSON is
 * one word, and `#`, `//` or a `/*` at the start of a word end the line.
 */
export function tokenize(line: string): string[] {
  const words: string[] = [];
  let i = 0;
  for (;;) {
    while (i < line.length && isBlank(line[i])) i++;
    if (i >= line.length || /^(?:#|\/\/|\/\*)/.test(line.slice(i, i + 2))) return words;

    const json = jsonLength(line, i);
    if (json > 0) {
      words.push(line.slice(i, i + json));
      i += json;
    } else if (line[i] === '"') {
      const quoted = /^"((?:\\"|[^"])*)/s.exec(line.slice(i))?.[0] ?? '"';
      words.push(quoted.slice(1).replaceAll('\\"', '"'));
      i += quoted.length + 1;
    } else {
      const start = i;
      while (i < line.length && !isBlank(line[i]) && line[i] !== '"') i++;
      words.push(line.slice(start, i));
    }
  }
}

/** Control characters count as blanks. */
function isBlank(char: string | undefined): boolean {
  return char !== undefined && char <= ' ';
}

/** Length of the JSON object or array that begins at `start`, 0 when there is none. */
function jsonLength(text: string, start: number): number {
  if (text[start] !== '{' && text[start] !== '[') return 0;
  let depth = 0;
  let quoted = false;
  for (let i = start; i < text.length; i++) {
    const char = text[i];
    if (quoted) {
      if (char === '\\') i++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{' || char === '[') depth++;
    else if ((char === '}' || char === ']') && --depth === 0) {
      const length = i + 1 - start;
      return isJson(text.slice(start, i + 1)) ? length : 0;
    }
  }
  return 0;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // any other text in brackets is words like all others
  }
}
