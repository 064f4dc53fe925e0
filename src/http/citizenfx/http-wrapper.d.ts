/** The request half of `@citizenfx/http-wrapper` 0.2.2, which ships no types. Only what is built on here. */
declare module '@citizenfx/http-wrapper' {
  import type { IncomingHttpHeaders } from 'node:http';
  import { Readable } from 'node:stream';

  export class IncomingMessage extends Readable {
    constructor(request: WrappedRequest);
    aborted: boolean;
    connection: unknown;
    headers: IncomingHttpHeaders;
    httpVersion: string;
    httpVersionMajor: number;
    httpVersionMinor: number;
    method: string;
    rawHeaders: string[];
    socket: unknown;
    url: string;
  }

  export interface WrappedRequest {
    readonly address: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly method: string;
    readonly path: string;
    readonly setDataHandler: (handler: (data: ArrayBuffer) => void, mode: 'binary') => void;
  }
}
