/** What became of a request that another resource is to answer (`POST /pluginevent`). */
export type HttpEventOutcome =
  | {
      readonly status: 'answered';
      /** What the handler returned, as JSON. */
      readonly json: string;
    }
  /** Nobody handles its type. */
  | { readonly status: 'unhandled' }
  /** The handler threw, or returned what cannot be sent. */
  | { readonly status: 'failed' }
  /** The handler took too long. */
  | { readonly status: 'late' };
