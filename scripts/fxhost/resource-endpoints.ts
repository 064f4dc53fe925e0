import { type DirectRequest, type DirectResponse, requestDirectly } from './direct-request.ts';
import type { Fatality } from './fatal.ts';
import type { HttpServer } from './http/http-server.ts';
import type { HttpHandlers } from './http-handlers.ts';
import type { Resource } from './resource.ts';
import type { Native } from './types.ts';

/** Which resources answer requests, and with what. */
export interface ResourceEndpoints {
  /** From the end of a start on. The handler is the last one set, even by a former start. */
  mount(resource: Resource): void;
  unmount(resource: Resource): void;
  /** `SetHttpHandler`. */
  readonly natives: Readonly<Record<string, Native>>;
  /** A request past the sockets. */
  request(resource: Resource, request: DirectRequest): Promise<DirectResponse>;
}

interface Services {
  readonly http: Pick<HttpServer, 'register' | 'unregister'>;
  readonly handlers: HttpHandlers;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly fatality: Fatality;
}

export function createResourceEndpoints({ http, handlers, resources, fatality }: Services): ResourceEndpoints {
  const mounted = new Set<Resource>();
  const register = ({ name, httpHandler }: Resource) =>
    http.register(name, httpHandler === null ? null : (exchange) => handlers.handle(httpHandler, exchange));

  return {
    mount(resource) {
      mounted.add(resource);
      register(resource);
    },
    unmount(resource) {
      mounted.delete(resource);
      http.unregister(resource.name);
    },
    natives: {
      SetHttpHandler(caller, handler) {
        if (typeof handler !== 'string') throw new Error('Argument at index 0 was null.');
        const resource = resources.get(caller.resource.name);
        if (resource === undefined) return null;
        resource.httpHandler = handler;
        if (mounted.has(resource)) register(resource);
        return null;
      },
    },
    async request(resource, request) {
      const { httpHandler, name } = resource;
      if (httpHandler === null || !mounted.has(resource)) throw new Error(`${name} has called no SetHttpHandler`);
      return requestDirectly(request, (exchange) => handlers.handle(httpHandler, exchange), fatality.onCrash);
    },
  };
}
