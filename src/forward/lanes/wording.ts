/** What lines about targets say where it depends on what forwards: how somebody there mends something. */
export interface Wording {
  /** How the wait for a target that says that it is gone is ended: follows "or". */
  endWait(target: string): string;
  /** What becomes of an event that was given up on: follows a semicolon. */
  readonly afterGivingUp: string;
  /** What can be done about the dead letters of a removed target: a relative clause. */
  readonly afterRemoval: string;
  /** How a target is made to begin that there was no room for: an order. */
  readonly beginAnew: string;
  /** What to look at where a target wants other credentials or forbids the access: follows a colon. */
  readonly checkCredentials: string;
  /** How only answers are made to count: a whole sentence; null where that cannot be asked for. */
  readonly insistOnAnswers: string | null;
}

/** @param name the resource's folder, which is the name of its command */
export function resourceWording(name: string): Wording {
  return {
    endWait: (target) => `end the wait with "${name} forward retry ${target}"`,
    afterGivingUp: `"${name} forward replay <id>" sends it again`,
    afterRemoval: `which "${name} forward replay all <another target>" sends to another`,
    beginAnew: `type "${name} reload"`,
    checkCredentials: 'check the address, the headers and the secret of the target',
    insistOnAnswers: 'Set "requireResponse" to insist on answers.',
  };
}

/** As long as nobody says how the resource is named. */
export const DEFAULT_WORDING: Wording = resourceWording('sonorancad');
