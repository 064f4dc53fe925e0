import { accountRoutes } from './account-routes.ts';
import { callRoutes } from './call-routes.ts';
import { dispatchRoutes } from './dispatch-routes.ts';
import { generalRoutes } from './general-routes.ts';
import { identifierRoutes } from './identifier-routes.ts';
import { linkRoutes } from './link-routes.ts';
import type { Route } from './route.ts';
import { serverRoutes } from './server-routes.ts';
import { templateRoutes } from './template-routes.ts';
import { unitRoutes } from './unit-routes.ts';

const placeholders = ({ path }: Route): number => path.split('/:').length;

/** Addresses with fewer placeholders come first: `close` is no call's number. */
const routes: readonly Route[] = [
  ...generalRoutes,
  ...serverRoutes,
  ...linkRoutes,
  ...accountRoutes,
  ...unitRoutes,
  ...identifierRoutes,
  ...callRoutes,
  ...dispatchRoutes,
  ...templateRoutes,
].sort((a, b) => placeholders(a) - placeholders(b));

/** Where a request belongs. */
export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** @returns the route; `method` when the address is known by other methods only, null when it is not known */
export function findRoute(method: string, path: string): Match | 'method' | null {
  let otherMethod = false;
  for (const route of routes) {
    const params = match(route.path, path);
    if (params === null) continue;
    if (route.method === method) return { route, params };
    otherMethod = true;
  }
  return otherMethod ? 'method' : null;
}

function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    if (!segment.startsWith(':')) {
      if (segment !== value) return null;
    } else if (value === '') return null;
    else params[segment.slice(1)] = decode(value);
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
