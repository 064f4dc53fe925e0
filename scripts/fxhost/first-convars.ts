import type { Convars } from './natives/convars.ts';

/** What FXServer reports that was built from source; it satisfies every `/server:` constraint. */
const DEVELOPMENT_BUILD = 99999;

/** Sets what is there before anything starts. @param given as in a server.cfg; wins over the server's own */
export function setFirstConvars(convars: Convars, given: Readonly<Record<string, string>> = {}): void {
  const own = { version: `FXServer-fxhost v1.0.0.${DEVELOPMENT_BUILD}`, buildNumber: String(DEVELOPMENT_BUILD) };
  for (const [name, value] of Object.entries({ ...own, ...given })) convars.set(name, value);
}
