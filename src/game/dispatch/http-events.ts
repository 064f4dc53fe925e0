import { describeValue } from '../../events/normalise.ts';
import type { HttpEventOutcome } from '../../events/push-event.ts';
import { plainVectors } from '../../events/read-values.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { reasonOf } from '../../lib/text.ts';
import type { GameEvents } from '../../platform/events.ts';

/** Gets the body as received, without its key. What it returns, or its promise gives, is the answer. */
type HttpEventHandler = (body: Readonly<Record<string, unknown>>) => unknown;

interface Registration {
  readonly handler: HttpEventHandler;
  readonly owner: string;
}

/** More than any sane resource needs; one that registers in a loop must not fill the memory. */
const MAX_PER_OWNER = 500;
/** The game server may close the connection 5 s after the last byte of a request. */
const DEADLINE_MS = 4_000;
/** As much as may come in. */
const MAX_ANSWER_BYTES = 1024 * 1024;

const FAILED = 'A handler of HTTP events failed, and the sender was answered with an error.';

const LATE = Symbol('late');

/** Which resource answers which HTTP events. */
export class HttpEventHandlers {
  readonly #log: Log;
  readonly #clock: Pick<Clock, 'after'>;
  readonly #registrations = new Map<string, Registration>();

  constructor(log: Log, clock: Pick<Clock, 'after'>) {
    this.#log = log;
    this.#clock = clock;
  }

  /**
   * Takes the place of an earlier handler of the same resource for the same type.
   *
   * @param type in any case
   * @param owner the resource the handler belongs to
   * @throws when another resource handles the type, or this one handles 500 types already
   */
  register(type: string, handler: HttpEventHandler, owner: string): void {
    const name = type.toUpperCase();
    const other = this.#registrations.get(name);
    if (other !== undefined && other.owner !== owner)
      throw new Error(`the resource ${other.owner} handles ${name} already, and each type has one handler`);
    const owned = [...this.#registrations.values()].filter((registration) => registration.owner === owner).length;
    if (other === undefined && owned >= MAX_PER_OWNER)
      throw new Error(`${owner} handles ${MAX_PER_OWNER} types already`);
    this.#registrations.set(name, { handler, owner });
  }

  /** Forgets all handlers of a resource; they cannot be called any more once it stopped. */
  dropOwner(owner: string): void {
    for (const [type, registration] of this.#registrations)
      if (registration.owner === owner) this.#registrations.delete(type);
  }

  /**
   * Asks the handler of a type and waits for its promise, up to 4 s. Never rejects: a failure is logged.
   *
   * @param type in any case
   */
  async answer(type: string, body: Readonly<Record<string, unknown>>): Promise<HttpEventOutcome> {
    const name = type.toUpperCase();
    const registration = this.#registrations.get(name);
    if (registration === undefined) return { status: 'unhandled' };
    try {
      const returned = await this.#inTime(registration.handler(body));
      if (returned !== LATE) return { status: 'answered', json: toJson(returned) };
      this.#report(registration, name, `it did not answer within ${DEADLINE_MS / 1_000} s`);
      return { status: 'late' };
    } catch (error) {
      this.#report(registration, name, reasonOf(error));
      return { status: 'failed' };
    }
  }

  #report({ owner: resource }: Registration, type: string, reason: string): void {
    this.#log.coalesce({ resource, type }).error(FAILED, { reason });
  }

  /** @returns what was returned or promised, or `LATE` */
  #inTime(returned: unknown): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const cancel = this.#clock.after(DEADLINE_MS, () => resolve(LATE));
    void Promise.resolve(returned).then(resolve, reject).finally(cancel);
    return promise;
  }
}

/** The official resource answers nothing with an empty object, and writes Lua's vectors as objects. */
function toJson(returned: unknown): string {
  const json = JSON.stringify(plainVectors(returned ?? {})) as string | undefined;
  if (json === undefined) throw new Error(`it returned a ${typeof returned}, which JSON does not have`);
  if (Buffer.byteLength(json) > MAX_ANSWER_BYTES) throw new Error('its answer is larger than 1 MiB');
  return json;
}

/** Characters of a type; what is longer is no name. */
const MAX_TYPE_LENGTH = 256;

/**
 * Provides `registerHttpEvent(type, handler)`, by which another resource answers `POST /pluginevent`: `handler(body)` is called
 * for each authenticated request of a type (in any case), with the body as received but without its key, and what it returns, or
 * its promise gives within 4 s, is answered as JSON. Ends when the calling resource stops. Throws when an argument is
 * not of that form, and when another resource handles the type.
 */
export function provideHttpEvents(handlers: HttpEventHandlers, events: GameEvents, ownName: string): void {
  events.provide('registerHttpEvent', (type, handler) => {
    const owner = events.caller() ?? ownName;
    if (typeof type !== 'string' || type === '' || type.length > MAX_TYPE_LENGTH)
      throw new Error(
        `registerHttpEvent: the first argument is a type of at most ${MAX_TYPE_LENGTH} characters, got ${describeValue(type)}. In Lua, is it called with a colon, and with both arguments? exports['${ownName}']:registerHttpEvent(type, handler)`,
      );
    if (typeof handler !== 'function')
      throw new Error(`registerHttpEvent: the second argument is a function, got ${describeValue(handler)}`);
    handlers.register(type, handler as HttpEventHandler, owner);
  });
}
