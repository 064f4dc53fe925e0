/** Gives the value of a header by its name in lower case; of several the first. */
export type HeaderOf = (name: string) => string | undefined;

/**
 * Looks up headers in Node's list of them: the object that Node makes of it costs more than all else that is done with a request's
 * head, and what is asked for is one header of five.
 *
 * @param rawHeaders names and values in turn
 */
export function headerOf(rawHeaders: readonly string[]): HeaderOf {
  return (name) => {
    for (let at = 0; at < rawHeaders.length; at += 2) {
      const given = rawHeaders[at];
      if (given?.length === name.length && given.toLowerCase() === name) return rawHeaders[at + 1];
    }
    return undefined;
  };
}
