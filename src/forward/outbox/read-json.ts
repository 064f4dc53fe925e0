/** @returns what a stored text holds, null for one that is no JSON: corrupt, which the caller says */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // the parser's message would quote the text
  }
}
