import { randomBytes } from 'node:crypto';
import { STATUS_CODES } from 'node:http';

/** An answer other than 200. */
interface Reply {
  readonly status: number;
  readonly body: object;
  readonly type: 'application/json' | 'application/problem+json';
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown where a request is refused. */
export class Refusal extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`The answer is ${reply.status}.`);
    this.reply = reply;
  }
}

/** An error in the form of the CAD. `instance` and `traceId` are added when the answer is sent. */
export function problem(status: number, detail: string, type = `https://httpstatuses.com/${status}`): Refusal {
  const body = { type, title: STATUS_CODES[status], status, detail };
  return new Refusal({ status, body, type: 'application/problem+json' });
}

/** @param what name of the thing, for the error. @throws the CAD's 404 when there is none */
export function findOne<Item>(
  what: string,
  items: readonly Item[],
  isMeant: (item: Item) => unknown = () => true,
): Item {
  const found = items.find(isMeant);
  if (found === undefined) throw problem(404, `${what} not found.`);
  return found;
}

/** The answer of the gateway in front of the CAD to too many requests. */
export function tooMany(retryAfter: number | undefined): Refusal {
  const id = randomBytes(16).toString('hex');
  const headers = { 'x-kong-request-id': id, ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }) };
  const body = { message: 'API rate limit exceeded', request_id: id };
  return new Refusal({ status: 429, body, type: 'application/json', headers });
}
