import { readConvar, writeConvar } from './convars.ts';

/** A busy CAD sends hundreds of events in one second from one address; FXServer's own 10 a second would lose most of them. */
const LIMITS = { rate: '200', burst: '1000' };

/** Raises the game server's own limit on requests to this resource, unless the operator has set one. */
export function raiseRateLimit(resourceName: string): void {
  for (const [name, value] of Object.entries(LIMITS)) {
    const convar = `rateLimiter_http_${resourceName}_${name}`;
    if (readConvar(convar) === null) writeConvar(convar, value);
  }
}
