import type { GameEvents } from '../platform/game-events.ts';
import type { HttpEventHandler, HttpEventHandlers } from './http-event-handlers.ts';

/** Characters of a type; what is longer is no name. */
const MAX_TYPE_LENGTH = 256;

/**
 * Provides `registerHttpEvent(type, handler)`, by which another resource answers `POST /pluginevent`: `handler(body)` is called
 * for each authenticated request of a type (in any case), with the body as received but without its key, and what it returns, or
 * its promise gives within 4 s, is answered as JSON. Ends by itself when the calling resource stops. Throws when an argument is
 * not of that form, and when another resource handles the type.
 */
export function provideHttpEvents(handlers: HttpEventHandlers, events: GameEvents, ownName: string): void {
  events.provide('registerHttpEvent', (type, handler) => {
    const owner = events.caller() ?? ownName;
    if (typeof type !== 'string' || type === '' || type.length > MAX_TYPE_LENGTH)
      throw new Error(
        `registerHttpEvent: the first argument is a type of at most ${MAX_TYPE_LENGTH} characters, got ${typeof type}. In Lua call it with a colon: exports.${ownName}:registerHttpEvent(...)`,
      );
    if (typeof handler !== 'function')
      throw new Error(`registerHttpEvent: the second argument is a function, got ${typeof handler}`);
    handlers.register(type, handler as HttpEventHandler, owner);
  });
}
