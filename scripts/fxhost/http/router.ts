/** Where a request goes: the registered value, and how long the matched prefix is. */
export interface RouteMatch<T> {
  readonly value: T;
  readonly prefixLength: number;
}

/**
 * FXServer's route table: prefixes in bytewise order, the first that matches wins. A prefix is compared with the whole
 * raw target without regard to case; one that ends in a slash also matches exactly, case and all, without that slash.
 * `/` matches nothing but itself.
 */
export function createRouter<T>() {
  let routes: Array<{ prefix: string; folded: string; value: T }> = [];

  return {
    /** Nothing changes when the prefix is registered already. */
    add(name: string, value: T): void {
      const prefix = asBytes(name);
      if (routes.some((route) => route.prefix === prefix)) return;
      routes.push({ prefix, folded: foldAscii(prefix), value });
      routes.sort((a, b) => (a.prefix < b.prefix ? -1 : 1));
    },
    remove(name: string): void {
      const prefix = asBytes(name);
      routes = routes.filter((route) => route.prefix !== prefix);
    },
    /** @param target as sent, one character a byte */
    find(target: string): RouteMatch<T> | null {
      const folded = foldAscii(target);
      const match = routes.find((route) => {
        if (route.prefix === '/') return target === '/';
        if (folded.startsWith(route.folded)) return true;
        return route.prefix.endsWith('/') && target === route.prefix.slice(0, -1);
      });
      return match ? { value: match.value, prefixLength: match.prefix.length } : null;
    },
  };
}

function asBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** What the server answers by itself, before any resource is asked. */
export interface BuiltInAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export type BuiltIn = () => BuiltInAnswer;

export interface BuiltInSources {
  convar(name: string, fallback: string): string;
  /** Names of the running resources. */
  resources(): string[];
  /** The `vars` of /info.json. */
  serverInfo(): Record<string, string>;
}

/**
 * FXServer's own routes. Their prefixes shadow resources (`/perf` takes everything for a resource named `performance`);
 * their answers are only good enough to recognise the server by.
 */
export function builtInRoutes(sources: BuiltInSources): ReadonlyArray<readonly [prefix: string, route: BuiltIn]> {
  const version = () => sources.convar('version', 'FXServer-no-version');
  return [
    ['/', () => json({ version: version() })],
    [
      '/info.json',
      () =>
        json({
          enhancedHostSupport: true,
          resources: sources.resources(),
          server: version(),
          vars: sources.serverInfo(),
          version: 0,
        }),
    ],
    [
      '/dynamic.json',
      () =>
        json({
          clients: 0,
          gametype: sources.convar('gametype', ''),
          hostname: sources.convar('sv_hostname', 'fxhost'),
          iv: '0',
          mapname: sources.convar('mapname', ''),
          sv_maxclients: sources.convar('sv_maxclients', '48'),
        }),
    ],
    ['/players.json', () => json([])],
    ['/profileData.json', () => json({})],
    ['/perf', () => ({ status: 200, contentType: 'text/plain; charset=utf-8', body: '' })],
    ['/client', () => json({ error: 'The stand-in has no game clients.' })],
    ['/files', () => ({ status: 404, contentType: 'text/plain; charset=utf-8', body: 'File not found.' })],
  ];
}

function json(value: unknown): BuiltInAnswer {
  return { status: 200, contentType: 'application/json; charset=utf-8', body: JSON.stringify(value) };
}
