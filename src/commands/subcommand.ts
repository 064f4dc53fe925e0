import type { CadLink } from '../cad/cad-link.ts';
import type { LiveConfig } from '../config/live-config.ts';
import type { Traffic } from '../events/traffic.ts';
import type { Forwarding } from '../forward/forwarding.ts';
import type { SimulatedEvent } from '../game/dispatch/event-steps.ts';
import type { Players } from '../game/players/players.ts';
import type { StateView } from '../game/state/state-view.ts';
import type { Inspector } from '../inspector/create-inspector.ts';
import type { Clock } from '../lib/clock.ts';
import type { DebugSwitch } from '../lib/log.ts';
import type { OfficialResource, OtherResources } from '../platform/resources.ts';
import type { Doctor } from './doctor.ts';

/** One word after the command's name, and what it does. */
export interface Subcommand {
  /** The words that may follow, for `help`. */
  readonly usage?: string;
  /** One line for `help`. */
  readonly description: string;
  /**
   * Carries the subcommand out.
   *
   * @param words the words after the subcommand
   * @param source server id of the player who runs it, 0 for the console
   * @returns lines to print
   */
  run(words: readonly string[], source: number): readonly string[] | Promise<readonly string[]>;
}

/** The parts of `Game` (src/game.ts) that the operator's command shows and steers. */
export interface OperatedGame {
  readonly state: StateView;
  readonly players: Pick<Players, 'sources' | 'sessionOf' | 'identifiersOf' | 'linkOf'>;
  /** Whether handlers of `RegisterPushEvent` are called here. False while the official resource calls them. */
  actsAsOfficial(): boolean;
  /** Whether this resource triggers the official resource's events. */
  emitsLegacy(): boolean;
  /** Dispatches a simulated event, which is not stored or forwarded. */
  dispatchSimulated(simulated: SimulatedEvent): void;
}

/** The parts of the resource that the operator's command shows and steers. */
export interface OperatorParts {
  /** The command's name, which is the name of the resource's folder. */
  readonly name: string;
  readonly version: string;
  readonly clock: Clock;
  readonly live: LiveConfig;
  /** Puts the configuration that was just read into force in every part. */
  applyConfig(): void;
  readonly debug: Pick<DebugSwitch, 'isOn' | 'set'>;
  readonly traffic: Pick<Traffic, 'report'>;
  readonly forwarding: Pick<
    Forwarding,
    'status' | 'problems' | 'idleBecause' | 'deadLetters' | 'replay' | 'drop' | 'retry'
  >;
  readonly game: OperatedGame;
  readonly link: Pick<CadLink, 'status' | 'register'>;
  readonly official: Pick<OfficialResource, 'isRunning'>;
  readonly resources: Pick<OtherResources, 'isStarted'>;
  readonly doctor: Pick<Doctor, 'examine'>;
  readonly inspector: Pick<Inspector, 'address' | 'open' | 'close' | 'events' | 'testAlert'>;
  readonly status: Subcommand;
}
