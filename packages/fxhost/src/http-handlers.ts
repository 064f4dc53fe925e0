import type { Fatality } from './fatal.ts';
import type { FunctionReferences } from './function-references.ts';
import { createRequestCallbacks } from './http/connection.ts';
import type { HttpServer } from './http/http-server.ts';
import { encode, isFunctionReference } from './msgpack.ts';
import type { Resource } from './resource-lifecycle.ts';
import type { HttpExchange, RuntimeHost } from './types.ts';

type Args = readonly unknown[];

/** Errors that a script's function threw carry what the runtime printed. */
function isReported(error: unknown): boolean {
  return /SCRIPT ERROR/.test((error as Error).message);
}

interface Boundary {
  readonly references: FunctionReferences;
  fatal(message: string): never;
  call(ref: string, args: Args): void;
  answered(): void;
}

/** The two objects that a script is handed for one request. */
function requestAndResponse({ references, fatal, call, answered }: Boundary, exchange: HttpExchange) {
  /** The script's function that waits for the client to go away, of which the host is a holder. */
  let cancelHandler: string | null = null;
  let isSent = false;

  const offer = (callback: (args: Args) => void) => references.offer((args) => void callback(args) as undefined);
  /** The script's wrapper may be collected before the callback comes, so the host is a holder of its own. */
  const held = (handler: unknown, name: string): string => {
    if (!isFunctionReference(handler)) return crash(fatal, name, 'its first argument', handler);
    return references.duplicate(handler.functionReference);
  };
  // So that the script's function can be collected.
  const releaseCancelHandler = () => {
    if (cancelHandler !== null) references.delete(cancelHandler);
    cancelHandler = null;
  };
  const refuseLate = (late: string) => {
    if (isSent) fatal(`res.${late}: FXServer would have corrupted the connection`);
  };
  const bytesOf = (name: string, body: unknown): Buffer => {
    if (typeof body === 'string') return Buffer.from(body);
    return Buffer.isBuffer(body) ? body : crash(fatal, name, 'the body', body);
  };

  const { address, headers, method, path } = exchange;
  const setCancelHandler = offer(([handler]) => {
    const ref = held(handler, 'req.setCancelHandler');
    releaseCancelHandler();
    cancelHandler = ref;
    exchange.setCancelHandler(() => {
      if (cancelHandler !== null) call(cancelHandler, []);
      releaseCancelHandler();
    });
  });
  const setDataHandler = offer(([handler, mode]) => {
    const ref = held(handler, 'req.setDataHandler');
    if (mode !== undefined && typeof mode !== 'string') crash(fatal, 'req.setDataHandler', 'its second argument', mode);
    exchange.setDataHandler((body) => {
      call(ref, [mode === 'binary' ? body : body.toString('utf8')]);
      references.delete(ref);
    });
  });
  const send = offer((args) => {
    refuseLate('send() was called twice');
    const data = args.length > 0 ? bytesOf('res.send', args[0]) : undefined;
    isSent = true;
    exchange.end(data);
    answered();
    releaseCancelHandler();
  });
  const write = offer(([body]) => {
    refuseLate('write() was called after res.send()');
    exchange.write(bytesOf('res.write', body));
  });
  const writeHead = offer(([status, given = {}]) => {
    if (typeof status !== 'number' || !Number.isInteger(status)) crash(fatal, 'res.writeHead', 'the status', status);
    refuseLate('writeHead() was called after res.send()');
    exchange.writeHead(status as number, checkHeaders(given, fatal));
  });
  return [
    { address, headers, method, path, setCancelHandler, setDataHandler },
    { send, write, writeHead },
  ];
}

function checkHeaders(headers: unknown, fatal: (message: string) => never): Record<string, string | string[]> {
  const isMap = typeof headers === 'object' && headers !== null && !Array.isArray(headers);
  if (!isMap || Buffer.isBuffer(headers) || isFunctionReference(headers)) {
    return crash(fatal, 'res.writeHead', 'the headers', headers);
  }
  const checked: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    const text = (item: unknown): string => {
      if (typeof item !== 'string' && !Buffer.isBuffer(item)) crash(fatal, 'res.writeHead', `the header ${name}`, item);
      const line = item.toString();
      if (/[\r\n]/.test(name + line))
        fatal(`res.writeHead(): CR or LF in the header ${JSON.stringify(name)} splits the answer`);
      return line;
    };
    checked[name] = Array.isArray(value) ? value.map(text) : text(value);
  }
  return checked;
}

function crash(fatal: (message: string) => never, call: string, what: string, value: unknown): never {
  return fatal(`${call}(): ${what} is ${describe(value)}: FXServer would have crashed with a msgpack type_error`);
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'null or undefined';
  if (Array.isArray(value)) return 'an array';
  if (isFunctionReference(value)) return 'a function';
  if (typeof value === 'object') return 'an object (a Buffer or Uint8Array arrives as one)';
  return `the ${typeof value} ${String(value)}`;
}

interface Services {
  readonly http: Pick<HttpServer, 'register' | 'unregister'>;
  readonly references: FunctionReferences;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly fatality: Fatality;
  /** Is told of each answer, once its last byte has been handed to the system. */
  answered(): void;
}

/**
 * Which resources answer requests, and with what: FXServer's ResourceHttpHandler. It takes a script's arguments from
 * msgpack without asking whether they are what it expects, and an unexpected one ends the server: here that is `fatal`,
 * with a message that says which.
 */
export function createResourceEndpoints({ http, references, resources, fatality, answered }: Services) {
  const { fatal, check, onCrash } = fatality;
  const mounted = new Set<Resource>();

  /** From outside any script, whose runtime has said what went wrong. */
  const call = (ref: string, args: Args): void => {
    try {
      references.invoke(ref, encode(args));
      // A script may have caught what ended the server.
      check();
    } catch (error) {
      check();
      // A handler of a resource that has stopped is called all the same, and gives no answer.
      if ((error as NodeJS.ErrnoException).code !== 'REF_INVALID' && !isReported(error)) throw error;
    }
  };
  /** Calls the handler. What it throws has been printed; the request then stays unanswered, as in FXServer. */
  const handle = (handler: string, exchange: HttpExchange): void => {
    call(handler, requestAndResponse({ references, fatal, call, answered }, exchange));
  };
  const register = ({ name, httpHandler }: Resource) =>
    http.register(name, httpHandler === null ? null : (exchange) => handle(httpHandler, exchange));

  return {
    /** From the end of a start on. The handler is the last one set, even by a former start. */
    mount(resource: Resource): void {
      mounted.add(resource);
      register(resource);
    },
    unmount(resource: Resource): void {
      mounted.delete(resource);
      http.unregister(resource.name);
    },
    natives: {
      SetHttpHandler(caller: RuntimeHost, handler: unknown) {
        if (typeof handler !== 'string') throw new Error('Argument at index 0 was null.');
        const resource = resources.get(caller.resource.name);
        if (resource === undefined) return;
        resource.httpHandler = handler;
        if (mounted.has(resource)) register(resource);
      },
    },
    /** A request past the sockets. */
    async request(resource: Resource, request: DirectRequest): Promise<DirectResponse> {
      const { httpHandler, name } = resource;
      if (httpHandler === null || !mounted.has(resource)) throw new Error(`${name} has called no SetHttpHandler`);
      return requestDirectly(request, (exchange) => handle(httpHandler, exchange), onCrash);
    },
  };
}

/** A request for a resource's handler that takes no socket. */
export interface DirectRequest {
  readonly method?: string;
  /** As the handler sees it, the resource's prefix already gone. `/` unless given. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly address?: string;
}

export interface DirectResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
  /** By `performance.now()`: when the script sent it, which is before the promise of it is kept. */
  readonly answeredAt: number;
}

/**
 * One exchange with a resource's handler through the same boundary as from the game port, without the port.
 * @param handle hands the exchange over, on the caller's stack.
 * @param onCrash hears of the server's end, so that a request does not wait for ever.
 */
function requestDirectly(
  request: DirectRequest,
  handle: (exchange: HttpExchange) => void,
  onCrash: (listener: (error: Error) => void) => () => void,
): Promise<DirectResponse> {
  return new Promise((resolve, reject) => {
    const forget = onCrash(reject);
    let head: Pick<DirectResponse, 'status' | 'headers'> | null = null;
    const chunks: Buffer[] = [];
    const callbacks = createRequestCallbacks((callback) => callback());
    handle({
      method: request.method ?? (request.body === undefined ? 'GET' : 'POST'),
      path: request.path ?? '/',
      headers: request.headers ?? {},
      address: request.address ?? '127.0.0.1:40000',
      setDataHandler: callbacks.setDataHandler,
      // A request without a connection is never hung up on.
      setCancelHandler() {},
      writeHead(status, headers) {
        head ??= { status, headers };
      },
      write: (data) => void chunks.push(data),
      end(data) {
        forget();
        if (data) chunks.push(data);
        if (head === null && data === undefined && chunks.length === 0) {
          reject(new Error('res.send() before any head: FXServer sends nothing, and the client waits for its timeout'));
          return;
        }
        const answeredAt = performance.now();
        resolve({ ...(head ?? { status: 200, headers: {} }), body: Buffer.concat(chunks), answeredAt });
      },
    });
    // As FXServer does it, after the handler has returned.
    if (request.body?.length) callbacks.bodyArrived(Buffer.from(request.body as Uint8Array), false);
  });
}
