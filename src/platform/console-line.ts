/** Writes one line to the server's console, which puts the resource's name before it. */
export function writeConsoleLine(line: string): void {
  console.log(line);
}
