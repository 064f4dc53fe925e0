import type { Readable } from 'node:stream';
import type { ApiError } from './api-types.ts';

type Code = ApiError['error']['code'];

const STATUSES: Readonly<Record<Code, number>> = {
  'bad-request': 400,
  'no-token': 401,
  'wrong-token': 401,
  unknown: 404,
  conflict: 409,
  'too-many': 429,
  busy: 503,
};

/** Thrown by what answers a request of the page that cannot be answered. */
export class ApiFailure extends Error {
  readonly code: Code;
  readonly status: number;

  /** @param message a sentence for the operator, free of secrets */
  constructor(code: Code, message: string) {
    super(message);
    this.code = code;
    this.status = STATUSES[code];
  }

  get answer(): ApiError {
    return { error: { code: this.code, message: this.message } };
  }
}

/** What is answered that is not an object of the API's own types. */
export class RawAnswer {
  readonly type: string;
  readonly body: string | Readable;

  constructor(type: string, body: string | Readable) {
    this.type = type;
    this.body = body;
  }
}

/** A request of the page, as far as its answers depend on it. */
export interface ApiRequest {
  /** The parameter in the path; '' where the path has none. */
  readonly param: string;
  /** @returns a parameter of the query; '' when it is not there */
  query(name: string): string;
  /** The header `Host`, as the browser sent it. */
  readonly host: string;
}

/** @returns a parameter of the query as a whole number within bounds */
export function readNumber(request: ApiRequest, name: string, least: number, most: number, otherwise: number): number {
  const text = request.query(name);
  if (text === '') return otherwise;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new ApiFailure('bad-request', `${name} is expected to be a whole number from ${least} to ${most}.`);
}

/** @returns a parameter of the query as one of some words; null when it is not there */
export function readWord<Word extends string>(request: ApiRequest, name: string, words: readonly Word[]): Word | null {
  const text = request.query(name);
  if (text === '') return null;
  const word = words.find((each) => each === text);
  if (word !== undefined) return word;
  throw new ApiFailure('bad-request', `${name} is expected to be ${words.join(', ')}.`);
}

/** @returns a parameter of the query as text of a bounded length */
export function readText(request: ApiRequest, name: string, most: number): string {
  const text = request.query(name);
  if (text.length <= most) return text;
  throw new ApiFailure('bad-request', `${name} is expected to have at most ${most} characters.`);
}
