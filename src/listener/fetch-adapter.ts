import { LATE, TOO_LARGE } from '../http/answers.ts';
import type { Clock } from '../platform/clock.ts';
import { BODY_DEADLINE_MS, type CollectedBody } from './collect-body.ts';
import type { AdapterParts } from './node-adapter.ts';
import type { FetchBodyReader, FetchRequest, FetchResponse, PushEventListener } from './push-event-listener.ts';
import type { Received } from './receiver.ts';
import { answerHeaders, answerWithoutBody, isAt, NOT_FOUND } from './route.ts';

/**
 * For servers like Workers, where what one request has begun ends with it: timers are not shared between requests.
 */
export function createFetchHandler(parts: AdapterParts): PushEventListener['fetch'] {
  const { settings, receiver, handlers, clock } = parts;

  async function receive(request: FetchRequest): Promise<Received> {
    const { pathname } = new URL(request.url);
    const answer = isAt(settings.path, pathname) ? answerWithoutBody(request.method) : NOT_FOUND;
    if (answer !== null) return { answer, event: null };
    if (request.bodyUsed) throw new Error('The body of a push event was read before it came to the listener.');
    const body = await readBody(request, settings.maxBodyBytes, clock);
    // Nobody is there to read the answer when the client has gone, but there has to be one.
    if (!(body instanceof Uint8Array)) return { answer: body ?? LATE, event: null };
    return receiver.receive(body, (name) => request.headers.get(name) ?? undefined);
  }

  return async (request, context) => {
    const { answer, event } = await receive(request);
    if (event !== null) {
      const settled = new Promise((resolve) => clock.soon(() => resolve(handlers.run(event))));
      context?.waitUntil(settled);
    }
    const body = request.method === 'HEAD' ? null : answer.text;
    return new Response(body, { status: answer.status, headers: answerHeaders(answer) }) as FetchResponse;
  };
}

async function readBody(request: FetchRequest, maxBytes: number, clock: Pick<Clock, 'after'>): Promise<CollectedBody> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return TOO_LARGE;
  if (request.body === null) return Buffer.alloc(0);
  const reader = request.body.getReader();
  return new Promise((resolve) => {
    const settle = (body: CollectedBody) => {
      cancelDeadline();
      resolve(body);
    };
    const cancelDeadline = clock.after(BODY_DEADLINE_MS, () => {
      resolve(LATE);
      reader.cancel().catch(() => undefined);
    });
    readAll(reader, maxBytes).then(settle, () => settle(null));
  });
}

async function readAll(reader: FetchBodyReader, maxBytes: number): Promise<CollectedBody> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (part.value === undefined) continue;
    length += part.value.byteLength;
    if (length > maxBytes) {
      reader.cancel().catch(() => undefined);
      return TOO_LARGE;
    }
    chunks.push(part.value);
  }
  return Buffer.concat(chunks);
}
