/** What has become of a lane's events since the start: `accepted + recovered` is what all others and the queue add up to. */
export interface LaneCounts {
  /** Taken in since the start, replays included. */
  accepted: number;
  /** Found in the store at the start. */
  recovered: number;
  delivered: number;
  /** Of the delivered ones, those that a listener took that never answers. */
  unconfirmed: number;
  /** The listener does not want events of that type. */
  unwanted: number;
  /** Became dead letters, whatever has become of those. */
  deadLettered: number;
  /** Given up on to make room, or unreadable. */
  lost: number;
  /** Dead letters that were given up on to make room. */
  lostDeadLetters: number;
  /** Dropped by the operator. */
  dropped: number;
  /** Left to the later version of this resource that stored them. */
  leftAlone: number;
}

export type LaneOutcome = Exclude<keyof LaneCounts, 'accepted' | 'recovered' | 'unconfirmed' | 'lostDeadLetters'>;

export function createCounts(): LaneCounts {
  return {
    accepted: 0,
    recovered: 0,
    delivered: 0,
    unconfirmed: 0,
    unwanted: 0,
    deadLettered: 0,
    lost: 0,
    lostDeadLetters: 0,
    dropped: 0,
    leftAlone: 0,
  };
}
