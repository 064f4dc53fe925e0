/** Writes one line to the server's console, which puts the resource's name before it. */
export function writeConsoleLine(line: string): void {
  console.log(line);
}

/** As `writeConsoleLine`, for the answer of a command: on GTA V Enhanced a remote console gets only what this native is given. */
export function writeCommandLine(line: string): void {
  writeConsoleLine(line);
  const { PrintRemoteCommandLog } = globalThis as { PrintRemoteCommandLog?: (text: string) => void };
  PrintRemoteCommandLog?.(line);
}

/** Told apart from every value that an operator could set. */
const UNSET = '\u0001';

/** @returns the value of a convar, or null when it was not set or this resource may not read it */
export function readConvar(name: string): string | null {
  const value = GetConvar(name, UNSET);
  return value === UNSET ? null : value;
}

/** @returns the game port that the server listens on; 0 before it does */
export function readGamePort(): number {
  return GetConvarInt('netPort', 30120);
}

/** @returns the game server's own login for Prometheus; null where a part of it is empty, which opens nothing */
export function readPrometheusLogin(): { readonly user: string; readonly password: string } | null {
  const user = readConvar('sv_prometheusBasicAuthUser') ?? '';
  const password = readConvar('sv_prometheusBasicAuthPassword') ?? '';
  return user === '' || password === '' ? null : { user, password };
}

/** Sets a convar for as long as the server runs. */
export function writeConvar(name: string, value: string): void {
  SetConvar(name, value);
}

/**
 * A busy CAD sends hundreds of events in one second from one address; FXServer's own 10 a second would lose most of them. A body of 1 MiB
 * with a wrong key takes 2 ms of the game's thread: 100 a second are a fifth of it.
 */
const LIMITS = { rate: '100', burst: '1000' };

/** Raises the game server's own limit on requests to this resource, unless the operator has set one. */
export function raiseRateLimit(resourceName: string): void {
  for (const [name, value] of Object.entries(LIMITS)) {
    const convar = `rateLimiter_http_${resourceName}_${name}`;
    if (readConvar(convar) === null) writeConvar(convar, value);
  }
}

/** Gets who runs a command (a player's server id, 0 for the console and for other resources) and the words after its name. */
type CommandHandler = (source: number, words: readonly string[]) => void;

/** Registers a console command that players need `command.<name>` for. */
export function registerCommand(name: string, handler: CommandHandler): void {
  RegisterCommand(name, handler, true);
}

/** Registers a chat command that every player may use. */
export function registerPlayerCommand(name: string, handler: CommandHandler): void {
  RegisterCommand(name, handler, false);
}
