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
    /**
     * @param target as sent, one character a byte
     * @returns where the request goes: the registered value, and how long the matched prefix is
     */
    find(target: string): { readonly value: T; readonly prefixLength: number } | null {
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

/** What the server itself answers, before any resource is asked. */
export type BuiltIn = () => { readonly status: number; readonly contentType: string; readonly body: string };

/**
 * FXServer's own routes. Their prefixes shadow resources (`/perf` takes everything for a resource named `performance`);
 * their answers are only good enough to recognise the server by.
 * @param resources names of the running ones
 * @param serverInfo the `vars` of /info.json
 */
export function builtInRoutes(
  convar: (name: string, fallback: string) => string,
  resources: () => string[],
  serverInfo: () => Record<string, string>,
): [prefix: string, route: BuiltIn][] {
  const version = () => convar('version', 'FXServer-no-version');
  const info = () => ({ resources: resources(), server: version(), vars: serverInfo() });
  const dynamic = () => ({
    ...{ clients: 0, gametype: convar('gametype', ''), hostname: convar('sv_hostname', 'fxhost'), iv: '0' },
    ...{ mapname: convar('mapname', ''), sv_maxclients: convar('sv_maxclients', '48') },
  });
  const json = (value: () => unknown): BuiltIn => {
    return () => ({ status: 200, contentType: 'application/json; charset=utf-8', body: JSON.stringify(value()) });
  };
  const text = (status: number, body: string): BuiltIn => {
    return () => ({ status, contentType: 'text/plain; charset=utf-8', body });
  };
  return [
    ['/', json(() => ({ version: version() }))],
    ['/info.json', json(() => ({ enhancedHostSupport: true, ...info(), version: 0 }))],
    ['/dynamic.json', json(dynamic)],
    ['/players.json', json(() => [])],
    ['/profileData.json', json(() => ({}))],
    ['/perf', text(200, '')],
    ['/client', json(() => ({ error: 'The stand-in has no game clients.' }))],
    ['/files', text(404, 'File not found.')],
  ];
}
