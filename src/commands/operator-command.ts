import type { LiveConfig } from '../config/live-config.ts';
import type { Traffic } from '../events/traffic.ts';
import type { Forwarding } from '../forward/create-forwarding.ts';
import type { SimulatedEvent } from '../game/dispatch/event-steps.ts';
import type { Players } from '../game/players/players.ts';
import type { StateView } from '../game/state/state-view.ts';
import type { Clock } from '../lib/clock.ts';
import type { Problem } from '../lib/finding.ts';
import type { ClientEvents } from '../platform/events.ts';
import { createCommand, createPrint } from './command.ts';
import { createDebugCommand, createReloadCommand, type DebugSwitch } from './debug-command.ts';
import { createDoctorCommand, createRegisterCommand, type Doctor } from './doctor/doctor.ts';
import { createForwardCommand } from './forward-command.ts';
import { createCallsCommand, createPlayerCommand, createUnitsCommand } from './state-commands.ts';
import { createStatusCommand, describeNotificationSystem } from './status-command.ts';
import { createTestCommand } from './test-command.ts';

/** Everything that the operator's command shows or steers. */
export interface OperatorCommandOptions {
  /** The command's name, that of the resource's folder. */
  readonly name: string;
  readonly version: string;
  readonly clock: Clock;
  readonly live: LiveConfig;
  /** To be called after the configuration was read again. @param problems what is wrong with it */
  reloaded(problems: readonly Problem[]): void;
  readonly debug: Pick<DebugSwitch, 'isOn' | 'set'>;
  readonly traffic: Traffic;
  readonly forwarding: Pick<
    Forwarding,
    'status' | 'problems' | 'idleBecause' | 'deadLetters' | 'replay' | 'drop' | 'retry'
  >;
  readonly state: StateView;
  readonly players: Players;
  /** Whether players are told anything at all: not where the official resource does it. */
  isNotifying(): boolean;
  isStarted(resource: string): boolean;
  /** Hands a simulated event to the game, and to nothing else. */
  dispatch(simulated: SimulatedEvent): void;
  readonly doctor: Doctor;
  /** Enters this server into the CAD's list as it is; the console says what came of it. */
  register(): void;
  /** Lines about other parts for `status`. */
  more(): readonly string[];
  /** Takes one line for the server's console. */
  write(line: string): void;
  readonly clients: Pick<ClientEvents, 'send'>;
}

/** @returns what is called with who runs the command and the words after its name */
export function createOperatorCommand(
  options: OperatorCommandOptions,
): (source: number, words: readonly string[]) => void {
  const { name, version, clock, live, reloaded, debug, traffic, forwarding, state, players } = options;
  const { isNotifying, isStarted, dispatch, doctor, register, more, write, clients } = options;
  const subcommands = {
    status: createStatusCommand({
      version,
      clock,
      traffic,
      forwarding,
      state,
      players,
      notificationSystem: () =>
        isNotifying() ? describeNotificationSystem(live.current(), isStarted) : 'off, beside the official resource',
      problems: () => [...live.problems(), ...forwarding.problems()],
      more,
    }),
    units: createUnitsCommand({ state, statusLabels: () => live.current().statusLabels }),
    calls: createCallsCommand(state),
    player: createPlayerCommand({ name, players, state, primaryIdentifier: () => live.current().primaryIdentifier }),
    test: createTestCommand({ name, dispatch, clock }),
    doctor: createDoctorCommand(doctor),
    register: createRegisterCommand(name, register),
    debug: createDebugCommand(name, debug),
    reload: createReloadCommand(live, reloaded),
    forward: createForwardCommand({ name, forwarder: forwarding, now: clock.now }),
  };
  return createCommand(name, subcommands, createPrint({ write, clients }));
}
