/** One thing that was looked at. */
export interface VerdictCheck {
  readonly name: 'api' | 'key' | 'plan' | 'community' | 'server' | 'address' | 'port' | 'resource';
  /** null for what is left out because the operator wants it so. */
  readonly ok: boolean | null;
  /** One sentence, safe for the console. */
  readonly text: string;
  /** What to change, in words that follow a colon; absent when there is nothing to change. */
  readonly fix?: string;
}

/** What is known about the way of push events from the CAD to this server. */
export interface Verdict {
  readonly ok: boolean;
  readonly level: 'info' | 'warn' | 'error';
  /** One sentence, safe for the console: what the CAD does, whether that is right, and what to change if not. */
  readonly line: string;
  /** The exact URL that the CAD calls; null when it has none, or it is not known. */
  readonly url: string | null;
  readonly checks: readonly VerdictCheck[];
}
