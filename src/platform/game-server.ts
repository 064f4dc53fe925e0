/** Writes one line to the server's console. FXServer puts the resource's name before the line. */
export function writeConsoleLine(line: string): void {
  console.log(line);
}

/** Writes a line of a command's answer to the console, and to the remote console that sent the command. */
export function writeCommandLine(line: string): void {
  writeConsoleLine(line);

  // On GTA V Enhanced a remote console receives only lines that are passed to this native. FXServer lacks the native.
  const { PrintRemoteCommandLog } = globalThis as { PrintRemoteCommandLog?: (text: string) => void };
  PrintRemoteCommandLog?.(line);
}

/** A default value that no operator can set, so that an unset convar differs from an empty one. */
const UNSET = '\u0001';

/** Reads a convar. Returns null when the convar is unset or this resource may not read it. */
export function readConvar(name: string): string | null {
  const value = GetConvar(name, UNSET);
  return value === UNSET ? null : value;
}

/** Returns the game port on which the server listens; 0 before it listens. */
export function readGamePort(): number {
  return GetConvarInt('netPort', 30120);
}

/**
 * Returns the game server's own login for Prometheus. Returns null when user or password is empty, because an empty
 * login must not grant access.
 */
export function readPrometheusLogin(): { readonly user: string; readonly password: string } | null {
  const user = readConvar('sv_prometheusBasicAuthUser') ?? '';
  const password = readConvar('sv_prometheusBasicAuthPassword') ?? '';
  return user === '' || password === '' ? null : { user, password };
}

/** Sets a convar until the server stops. */
export function writeConvar(name: string, value: string): void {
  SetConvar(name, value);
}

/**
 * HTTP requests a second that FXServer admits from one public address, and the size of a burst.
 *
 * A busy CAD sends hundreds of events a second from one address; FXServer's default of 10 would lose most of them. A 1 MiB
 * body with a wrong key takes 2 ms of the game's thread, so 100 requests a second cost at most a fifth of the thread.
 */
const HTTP_RATE_LIMIT = { rate: '100', burst: '1000' };

/** Raises FXServer's limit on HTTP requests to this resource, unless the operator has set the limit. */
export function raiseRateLimit(resourceName: string): void {
  for (const [name, value] of Object.entries(HTTP_RATE_LIMIT)) {
    const convar = `rateLimiter_http_${resourceName}_${name}`;
    if (readConvar(convar) === null) writeConvar(convar, value);
  }
}

/**
 * Handles a console or chat command.
 *
 * @param source the player's server id; 0 for the console and for other resources
 * @param words the words after the command's name
 */
type CommandHandler = (source: number, words: readonly string[]) => void;

/** Registers a console command. A player needs the permission `command.<name>` to use it. */
export function registerCommand(name: string, handler: CommandHandler): void {
  RegisterCommand(name, handler, true);
}

/** Registers a chat command that every player may use. */
export function registerPlayerCommand(name: string, handler: CommandHandler): void {
  RegisterCommand(name, handler, false);
}
