/** `off`: none is wanted. `waiting`: until the next try. */
export type SessionState = 'off' | 'connecting' | 'open' | 'waiting';

/** How the WebSocket session with the CAD stands. */
export interface SessionStatus {
  readonly state: SessionState;
  /** One sentence about why it is not open; null while it is, or is being opened for the first time. Never holds the key. */
  readonly why: string | null;
  /** Since when it stands so, in milliseconds since 1970. */
  readonly since: number;
  /** When the last session was opened, in milliseconds since 1970; null before the first. */
  readonly connectedAt: number | null;
  /** When the last event came in over a session, in milliseconds since 1970; null before the first. */
  readonly lastEventAt: number | null;
  /** Tries in a row that came to nothing. */
  readonly attempts: number;
  /** Milliseconds until the next try; null unless waiting. */
  readonly nextAttemptInMs: number | null;
}
