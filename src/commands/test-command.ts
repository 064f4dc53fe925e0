import type { SimulatedEvent } from '../dispatch/simulated-plan.ts';
import type { Clock } from '../platform/clock.ts';
import { catalogue, type PushEventType } from '../push-events/catalogue/catalogue.ts';
import type { Subcommand } from './create-command.ts';
import { findType } from './find-type.ts';
import { simulateEvent } from './simulate-event.ts';

export interface TestCommandOptions {
  /** The command's. */
  readonly name: string;
  /** Hands the event to the game, and to nothing else. */
  dispatch(simulated: SimulatedEvent): void;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
}

const USAGE = '<TYPE> [--all]';

/** So long somebody who was warned may ask again. */
const ASK_AGAIN_MS = 30_000;

/** They fine people, print paper and spawn peds: scripts that do not look whether an event is simulated must not see it. */
const NEVER_FOR_ALL: ReadonlySet<PushEventType> = new Set([
  'EVENT_RECORD_ADD',
  'EVENT_RECORD_EDIT',
  'EVENT_RECORD_REMOVE',
  'EVENT_PRINT_RECORD',
  'EVENT_NEW_CALLOUT',
]);

/** `test`: hands a made-up event to scripts. */
export function createTestCommand({ name, dispatch, clock }: TestCommandOptions): Subcommand {
  let warned: { readonly source: number; readonly type: PushEventType; readonly until: number } | null = null;

  function isWarned(source: number, type: PushEventType): boolean {
    const isSame = warned?.source === source && warned.type === type && clock.monotonic() < warned.until;
    warned = isSame ? null : { source, type, until: clock.monotonic() + ASK_AGAIN_MS };
    return isSame;
  }

  function simulate(type: PushEventType, source: number, forAll: boolean): string[] {
    dispatch(simulateEvent(type, source, forAll, clock.now()));
    const others = forAll ? ', RegisterPushEvent handlers, SonoranCAD events and net events' : '';
    const shown = source > 0 ? ' You are shown what players would be told of it.' : '';
    return [`A simulated ${type} goes to subscribers${others}. Nothing is stored or forwarded.${shown}`];
  }

  return {
    usage: USAGE,
    description: 'hands a made-up event to scripts that subscribe, marked as simulated',
    run(words, source) {
      const names = words.filter((word) => !word.startsWith('--'));
      const options = words.filter((word) => word.startsWith('--'));
      const [typed] = names;
      const forAll = options[0]?.toLowerCase() === '--all';
      if (typed === undefined || names.length > 1 || options.length > (forAll ? 1 : 0))
        return [`${name} test ${USAGE}`, `types: ${Object.keys(catalogue).join(', ')}`];
      const found = findType(typed);
      if ('nearest' in found) {
        const nearest = found.nearest.length === 0 ? `see "${name} test"` : `did you mean ${found.nearest.join(', ')}?`;
        return [`There is no type of that name; ${nearest}`];
      }
      const { type } = found;
      if (forAll && NEVER_FOR_ALL.has(type))
        return [`${type} is never simulated for all: scripts would fine people, print paper or spawn peds.`];
      if (forAll && !isWarned(source, type))
        return [
          `Warning: with --all, scripts and players' games that cannot tell a simulated ${type} from a real one act on it.`,
          `To do it all the same, type it again within ${ASK_AGAIN_MS / 1000} s.`,
        ];
      return simulate(type, source, forAll);
    },
  };
}
