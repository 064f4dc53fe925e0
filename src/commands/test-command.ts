import { randomUUID } from 'node:crypto';
import { catalogue, type PushEventType } from '../events/catalogue/catalogue.ts';
import { normalise } from '../events/normalise.ts';
import { findType, type PushEvent } from '../events/push-event.ts';
import type { SimulatedEvent } from '../game/dispatch/event-steps.ts';
import type { OperatorParts, Subcommand } from './subcommand.ts';

const MAX_NEAREST = 3;

/**
 * Makes an event of sample data, in the two forms in which consumers want it.
 *
 * @param madeBy server id of the player who asked for it; 0 for the console
 * @param forAll whether it also reaches scripts that cannot tell it from a real one
 * @param receivedAt milliseconds since 1970
 */
export function simulateEvent(
  type: PushEventType,
  madeBy: number,
  forAll: boolean,
  receivedAt: number,
): SimulatedEvent {
  const { sample } = catalogue[type];
  const body = type === 'GET_LOGS' ? { type, ...sample } : { type, data: sample };
  const { data } = normalise(type, body);
  const event = { id: randomUUID(), type, data, receivedAt, source: 'simulated', valid: true } as PushEvent;
  return { event, body, madeBy, forAll };
}

const USAGE = '<TYPE> [--all] | alert';

/** Typed again within this time, a command is carried out in spite of its warning. */
const ASK_AGAIN_MS = 30_000;

/** Scripts fine people, print paper and spawn peds for these: those that do not check whether an event is simulated must not see it. */
const NEVER_FOR_ALL: ReadonlySet<PushEventType> = new Set([
  'EVENT_RECORD_ADD',
  'EVENT_RECORD_EDIT',
  'EVENT_RECORD_REMOVE',
  'EVENT_PRINT_RECORD',
  'EVENT_NEW_CALLOUT',
]);

/** `test`: hands a made-up event to scripts. */
type TestParts = Pick<OperatorParts, 'name' | 'game' | 'inspector' | 'clock'>;

export function createTestCommand({ name, game, inspector, clock }: TestParts): Subcommand {
  let warned: { readonly source: number; readonly type: PushEventType; readonly until: number } | null = null;

  function isWarned(source: number, type: PushEventType): boolean {
    const isSame = warned?.source === source && warned.type === type && clock.monotonic() < warned.until;
    warned = isSame ? null : { source, type, until: clock.monotonic() + ASK_AGAIN_MS };
    return isSame;
  }

  function simulate(type: PushEventType, source: number, forAll: boolean): string[] {
    game.dispatchSimulated(simulateEvent(type, source, forAll, clock.now()));
    const handlers = game.actsAsOfficial() ? ', RegisterPushEvent handlers' : '';
    const legacy = game.emitsLegacy() ? ', SonoranCAD events' : '';
    const others = forAll ? `${handlers}${legacy} and net events` : '';
    const shown = source > 0 ? ' You see the notification that players would get.' : '';
    return [`A simulated ${type} goes to subscribers${others}. Nothing is stored or forwarded.${shown}`];
  }

  return {
    usage: USAGE,
    description: 'gives a made-up event, marked as simulated, to subscribed scripts; or sends a test alert',
    run(words, source) {
      const names = words.filter((word) => !word.startsWith('--'));
      const options = words.filter((word) => word.startsWith('--'));
      const [typed] = names;
      const forAll = options[0]?.toLowerCase() === '--all';
      if (typed === undefined || names.length > 1 || options.length > (forAll ? 1 : 0))
        return [`${name} test ${USAGE}`, `types: ${Object.keys(catalogue).join(', ')}`];
      if (typed.toLowerCase() === 'alert') return inspector.testAlert();
      const found = findType(typed, MAX_NEAREST);
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
          `To do it anyway, type it again within ${ASK_AGAIN_MS / 1000} s.`,
        ];
      return simulate(type, source, forAll);
    },
  };
}
