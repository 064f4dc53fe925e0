import type { Clock } from '../../platform/clock.ts';

/** What a hub is opened with. */
export interface HubOptions {
  /** The hub's address, http or https. */
  readonly url: string;
  /** Whether the server is first asked over HTTP how it wants to be connected to; else the WebSocket is opened at once. */
  readonly negotiates: boolean;
  /** Gets what each `pushEvent` carries. */
  received(payload: unknown): void;
  /** Called once when a hub that had started is lost, with what is known about it; not after `close`. */
  lost(reason: string): void;
  /** Gets lines for whoever looks for a fault; none holds what was sent or received. */
  trace(line: string): void;
  readonly clock: Pick<Clock, 'soon'>;
}

/** One connection to the CAD's hub, used once: to connect again, another one is opened. */
export interface Hub {
  /** @throws when there is no connection; nobody waits for it longer than they want, see `close` */
  start(): Promise<void>;
  /** Calls a method of the hub. @returns its result @throws with the hub's own words, or when the connection is lost */
  invoke(method: string, ...args: unknown[]): Promise<unknown>;
  /** Closes the socket at once, also one that is still being opened. Nothing is received afterwards. */
  close(): void;
}

export type OpenHub = (options: HubOptions) => Hub;
