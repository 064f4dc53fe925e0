import type { ApiError } from '../api-types.ts';

/** Why a request came to nothing. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  /** The API's word for it; `unreachable` without an answer, `limited` where the game server turned the request away. */
  readonly code: ApiError['error']['code'] | 'unreachable' | 'limited' | 'broken';

  constructor(code: ApiFailure['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Of a question; undefined leaves a parameter out. */
export type Parameters = Readonly<Record<string, string | undefined>>;

const DEADLINE_MS = 10_000;
/** The game server's own limiter admits 25 requests and then 10 a second: the page stays below it. */
const BURST = 12;
const BETWEEN_MS = 125;
const RETRY_AFTER_MS = [1_000, 2_000, 4_000];

/** Asks the server that the page came from, and nobody else. */
export class Api {
  readonly #token: string;
  readonly #refused: () => void;
  readonly #base: string;
  #nextAt = 0;

  /**
   * @param path of the page: the API is below it
   * @param refused is called when the token is not, or no longer, good
   */
  constructor(token: string, path: string, refused: () => void) {
    this.#token = token;
    this.#refused = refused;
    this.#base = `${path.replace(/\/$/, '')}/api/`;
  }

  /** @throws {ApiFailure} */
  async ask<Answer>(path: string, parameters: Parameters = {}): Promise<Answer> {
    return (await this.#request('GET', path, parameters)).json();
  }

  /** @returns the answer as it is written. @throws {ApiFailure} */
  async askText(path: string): Promise<string> {
    return (await this.#request('GET', path)).text();
  }

  /** Does something. @throws {ApiFailure} */
  async act<Answer>(path: string, parameters: Parameters = {}): Promise<Answer> {
    return (await this.#request('POST', path, parameters)).json();
  }

  /** Opens a stream, which goes on until `signal` says so. @throws {ApiFailure} */
  async open(path: string, parameters: Parameters, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const { body } = await this.#request('GET', path, parameters, signal);
    if (body === null) throw new ApiFailure('broken', 'The server gave no stream.');
    return body;
  }

  async #request(method: string, path: string, parameters: Parameters = {}, signal?: AbortSignal): Promise<Response> {
    for (let attempt = 0; ; attempt += 1) {
      await this.#turn();
      const response = await this.#send(method, path, parameters, signal ?? AbortSignal.timeout(DEADLINE_MS));
      if (response.ok) return response;
      const failure = await readFailure(response);
      if (response.status === 401) this.#refused();
      const wait = failure.code === 'limited' ? RETRY_AFTER_MS[attempt] : undefined;
      if (wait === undefined) throw failure;
      await pause(wait);
    }
  }

  async #send(method: string, path: string, parameters: Parameters, signal: AbortSignal): Promise<Response> {
    const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const query = given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
    const headers = { Authorization: `Bearer ${this.#token}` };
    try {
      return await fetch(`${this.#base}${path}${query}`, { method, headers, signal, cache: 'no-store' });
    } catch (error) {
      if (signal.aborted && signal.reason?.name !== 'TimeoutError') throw error;
      throw new ApiFailure('unreachable', 'The server does not answer. Is it running, and can it be reached?');
    }
  }

  /** Waits until the next request may leave. */
  async #turn(): Promise<void> {
    const now = performance.now();
    this.#nextAt = Math.max(this.#nextAt, now - BURST * BETWEEN_MS) + BETWEEN_MS;
    if (this.#nextAt > now) await pause(this.#nextAt - now);
  }
}

async function readFailure(response: Response): Promise<ApiFailure> {
  const text = await response.text().catch(() => '');
  try {
    const { error } = JSON.parse(text) as ApiError;
    return new ApiFailure(error.code, error.message);
  } catch {
    // The game server's own answers, and those of proxies, are no JSON.
    if (response.status === 429) return new ApiFailure('limited', 'The game server turned the request away: too many.');
    return new ApiFailure('broken', `The server answered ${response.status}.`);
  }
}

/** @returns after so many milliseconds, or at once when `signal` says so */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end);
  });
}
