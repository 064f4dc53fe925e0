import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { mountOnCitizenFx } from '../../../src/http/citizenfx/mount.ts';

/** What a request that reaches the script looks like, and what its connection does meanwhile. */
export interface FakeRequest {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  address?: string;
}

export type Call =
  | { name: 'writeHead'; status: number; headers: Record<string, string | string[]> }
  | { name: 'write' | 'send'; data: Buffer };

/** One request in FXServer's hands. `fatal` holds what would have ended the server process or spoilt the connection. */
export interface FakeExchange {
  readonly calls: Call[];
  readonly fatal: string[];
  readonly watchesData: boolean;
  readonly watchesCancel: boolean;
  /** Once the bridge watches for the connection to close. */
  watched(): Promise<void>;
  /** What the native handler gave back. */
  readonly returned: unknown;
  readonly answered: Promise<void>;
  /** FXServer hands over the body. */
  deliver(body: string | Uint8Array): void;
  /** The connection closes. */
  cancel(): void;
  /** It closes too, but the main thread is busy: it learns of it when the function given back is called. */
  queueCancel(): () => void;
  status(): number | undefined;
  header(name: string): string | string[] | undefined;
  body(): Buffer;
}

export interface FakeServer {
  readonly reported: unknown[];
  stop(): void;
  request(request?: FakeRequest): FakeExchange;
}

/** FXServer's HTTP natives with the bridge mounted on them (docs/architecture.md, "What the game server does"). */
export function serveWithFake(handler: (request: IncomingMessage, response: ServerResponse) => void): FakeServer {
  let native: ((request: unknown, response: unknown) => unknown) | undefined;
  Object.assign(globalThis, {
    SetHttpHandler: (given: typeof native) => {
      native = given;
    },
  });
  const reported: unknown[] = [];
  const { stop } = mountOnCitizenFx(handler, { report: (error) => reported.push(error) });
  return {
    reported,
    stop,
    request(request = {}) {
      if (!native) throw new Error('SetHttpHandler was not called synchronously');
      return exchange(request, native);
    },
  };
}

function exchange(given: FakeRequest, native: (request: unknown, response: unknown) => unknown): FakeExchange {
  const calls: Call[] = [];
  const fatal: string[] = [];
  let markAnswered = (): void => {};
  const answered = new Promise<void>((resolve) => {
    markAnswered = resolve;
  });
  const method = given.method ?? 'GET';
  let onData: ((data: ArrayBuffer) => void) | null = null;
  let onCancel: (() => void) | null = null;
  let ended = false;

  function die(reason: string): never {
    fatal.push(reason);
    throw new Error(`FXServer would have died: ${reason}`);
  }
  function bytes(args: unknown[], name: string): Buffer {
    if (ended) die(`${name} after send`);
    if (!calls.some((call) => call.name === 'writeHead')) die(`${name} before writeHead`);
    const [data] = args;
    if (args.length === 1 && typeof data === 'string') return Buffer.from(data);
    if (args.length === 1 && Object.prototype.toString.call(data) === '[object ArrayBuffer]') {
      return Buffer.from(data as ArrayBuffer);
    }
    return die(`${name} of ${args.length === 0 ? 'nothing' : typeof data}`);
  }
  function checkHeaders(headers: unknown): void {
    if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) die('headers that are no object');
    for (const [name, value] of Object.entries(headers)) {
      const lines: unknown[] = Array.isArray(value) ? value : [value];
      for (const line of lines) if (typeof line !== 'string') die(`header ${name} is ${typeof line}`);
      if (/[\r\n]/.test(`${name}${lines.join('')}`)) die(`CR or LF in header ${name}`);
    }
  }
  const head = () => calls.find((call) => call.name === 'writeHead');
  const body = () => Buffer.concat(calls.map((call) => (call.name === 'writeHead' ? Buffer.alloc(0) : call.data)));
  function checkFraming(): void {
    const { status = 0, headers = {} } = head() ?? {};
    const noBody = method === 'HEAD' || status === 204 || status === 304;
    const identity = headers['transfer-encoding'] === 'identity';
    if (noBody && (!identity || headers['content-length'] === undefined)) die('a terminator without a body');
    if (noBody && body().length > 0) die('a body where none may be');
    if (!noBody && identity && Number(headers['content-length']) !== body().length) die('a wrong Content-Length');
  }

  const response = {
    writeHead(status: unknown, headers: unknown) {
      if (head()) die('a second writeHead');
      if (!Number.isInteger(status)) die('a status that is no integer');
      checkHeaders(headers);
      calls.push({
        name: 'writeHead',
        status: status as number,
        headers: headers as Record<string, string | string[]>,
      });
    },
    write(...args: unknown[]) {
      calls.push({ name: 'write', data: bytes(args, 'write') });
    },
    send(...args: unknown[]) {
      calls.push({ name: 'send', data: bytes(args, 'send') });
      ended = true;
      onCancel = null;
      checkFraming();
      markAnswered();
    },
  };
  const request = {
    method,
    path: given.path ?? '/',
    headers: given.headers ?? {},
    address: given.address ?? '203.0.113.7:54321',
    setDataHandler(handler: (data: ArrayBuffer) => void, mode: unknown) {
      if (mode !== 'binary') die('a data handler in text mode');
      onData = handler;
    },
    setCancelHandler(handler: () => void) {
      onCancel = handler;
    },
  };
  const returned = native(request, response);

  return {
    calls,
    fatal,
    returned,
    answered,
    get watchesData() {
      return onData !== null;
    },
    get watchesCancel() {
      return onCancel !== null;
    },
    async watched() {
      while (onCancel === null) await sleep(1);
    },
    deliver(data) {
      const handler = onData;
      onData = null;
      handler?.(new Uint8Array(Buffer.from(data)).buffer);
    },
    cancel() {
      const handler = onCancel;
      onCancel = null;
      ended = true;
      handler?.();
    },
    queueCancel() {
      const handler = onCancel;
      return () => handler?.();
    },
    status: () => head()?.status,
    header: (name) => head()?.headers[name],
    body,
  };
}
