import type { ClientEvents } from '../platform/client-events.ts';
import { toClientData } from '../push-events/catalogue/catalogue.ts';
import type { DispatchStep } from './dispatch-plan.ts';

const ADDED = 'SonoranCAD::core:AddPlayer';
const REMOVED = 'SonoranCAD::core:RemovePlayer';

/**
 * Lets players' games know what scripts on the server are told: whoever became a unit gets the net event
 * `SonoranCAD::core:AddPlayer` (unit, as much of it as a game may see), whoever no longer is one
 * `SonoranCAD::core:RemovePlayer` (). Where the official resource's events are not triggered, there are none of these.
 *
 * @returns the steps as given, each of those that tell scripts followed by one that tells the player's game
 */
export function* withPlayerAnnouncements(
  steps: Iterable<DispatchStep>,
  clients: Pick<ClientEvents, 'send'>,
): Iterable<DispatchStep> {
  for (const step of steps) {
    yield step;
    if (!('emit' in step)) continue;
    const [name, source, unit] = step.emit;
    if (name === ADDED) yield { commit: () => clients.send(ADDED, Number(source), shownUnit(unit)) };
    else if (name === REMOVED) yield { commit: () => clients.send(REMOVED, Number(source)) };
  }
}

function shownUnit(unit: unknown): unknown {
  const shown = toClientData('EVENT_UNIT_LOGIN', { unit }) as { readonly unit?: unknown } | null;
  return shown?.unit ?? null;
}
