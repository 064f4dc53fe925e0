import type { Fatality } from './fatal.ts';
import { type FunctionReference, isFunctionReference } from './function-reference.ts';
import type { FunctionReferences } from './function-references.ts';
import { encode } from './msgpack-encoder.ts';
import type { HttpExchange } from './types.ts';

type Args = readonly unknown[];

/** Hands requests to the function a resource gave to `SetHttpHandler`, through the boundary that scripts are behind. */
export interface HttpHandlers {
  /** Calls the handler. What it throws has been printed; the request then stays unanswered, as in FXServer. */
  handle(handler: string, exchange: HttpExchange): void;
}

/**
 * FXServer's ResourceHttpHandler. It takes a script's arguments from msgpack without asking whether they are what it
 * expects, and an unexpected one ends the server: here that is `fatal`, with a message that says which.
 */
export function createHttpHandlers(
  references: FunctionReferences,
  { fatal, check }: Pick<Fatality, 'fatal' | 'check'>,
): HttpHandlers {
  /** From outside any script. @returns whether it went well; if not, the script's runtime has said so. */
  const call = (ref: string, args: Args): void => {
    try {
      references.invoke(ref, encode(args));
      // A script may have caught what ended the server.
      check();
    } catch (error) {
      check();
      // A handler of a resource that has stopped is called all the same, and nobody answers.
      if ((error as NodeJS.ErrnoException).code !== 'REF_INVALID' && !isReported(error)) throw error;
    }
  };

  return {
    handle(handler, exchange) {
      const cancelling = createHeldHandler(references, call);
      const response = responseFunctions(references, exchange, cancelling, fatal);
      const request = {
        address: exchange.address,
        headers: exchange.headers,
        method: exchange.method,
        path: exchange.path,
        ...requestFunctions(references, exchange, cancelling, call, fatal),
      };
      call(handler, [request, response]);
    },
  };
}

/** Errors that a script's function threw carry what the runtime printed. */
function isReported(error: unknown): boolean {
  return /SCRIPT ERROR/.test((error as Error).message);
}

function requestFunctions(
  references: FunctionReferences,
  exchange: HttpExchange,
  cancelling: HeldHandler,
  call: (ref: string, args: Args) => void,
  fatal: (message: string) => never,
): Record<string, FunctionReference> {
  return {
    setCancelHandler: references.offer(([handler]) => {
      cancelling.hold(held(references, handler, 'req.setCancelHandler', fatal));
      exchange.setCancelHandler(cancelling.run);
      return undefined;
    }),
    setDataHandler: references.offer(([handler, mode]) => {
      const ref = held(references, handler, 'req.setDataHandler', fatal);
      if (mode !== undefined && typeof mode !== 'string')
        crash(fatal, 'req.setDataHandler', 'its second argument', mode);
      exchange.setDataHandler((body) => {
        call(ref, [mode === 'binary' ? body : body.toString('utf8')]);
        references.delete(ref);
      });
      return undefined;
    }),
  };
}

/** The script's wrapper may be collected before the callback comes, so the host is a holder of its own. */
function held(
  references: FunctionReferences,
  handler: unknown,
  name: string,
  fatal: (message: string) => never,
): string {
  if (!isFunctionReference(handler)) return crash(fatal, name, 'its first argument', handler);
  return references.duplicate(handler.functionReference);
}

/** A function of a script that is called once, or never when its time is over. */
interface HeldHandler {
  /** @param ref a reference of the host's own, see {@link held} */
  hold(ref: string): void;
  run(): void;
  /** Lets go of it, so that the script's function can be collected. */
  release(): void;
}

function createHeldHandler(references: FunctionReferences, call: (ref: string, args: Args) => void): HeldHandler {
  let ref: string | null = null;
  const release = () => {
    if (ref !== null) references.delete(ref);
    ref = null;
  };
  return {
    hold(next) {
      release();
      ref = next;
    },
    run() {
      if (ref !== null) call(ref, []);
      release();
    },
    release,
  };
}

function responseFunctions(
  references: FunctionReferences,
  exchange: HttpExchange,
  cancelling: HeldHandler,
  fatal: (message: string) => never,
): Record<string, FunctionReference> {
  let sent = false;
  const body = (name: string, value: unknown): Buffer => {
    if (typeof value === 'string') return Buffer.from(value);
    return Buffer.isBuffer(value) ? value : crash(fatal, name, 'the body', value);
  };
  return {
    send: references.offer((args) => {
      if (sent) fatal('res.send() was called twice: FXServer would have corrupted the connection');
      const data = args.length > 0 ? body('res.send', args[0]) : undefined;
      sent = true;
      exchange.end(data);
      cancelling.release();
      return undefined;
    }),
    write: references.offer(([value]) => {
      if (sent) fatal('res.write() was called after res.send(): FXServer would have corrupted the connection');
      exchange.write(body('res.write', value));
      return undefined;
    }),
    writeHead: references.offer((args) => {
      const [status, headers = {}] = args;
      if (typeof status !== 'number' || !Number.isInteger(status)) crash(fatal, 'res.writeHead', 'the status', status);
      if (sent) fatal('res.writeHead() was called after res.send(): FXServer would have corrupted the connection');
      exchange.writeHead(status, checkHeaders(headers, fatal));
      return undefined;
    }),
  };
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
