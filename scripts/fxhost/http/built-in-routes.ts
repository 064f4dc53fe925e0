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
