import { toClientData } from '../../events/catalogue/catalogue.ts';
import type { ClientEvents } from '../../platform/events.ts';
import type { DispatchStep } from './dispatcher.ts';

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
    const announcement = announcementOf(step, clients);
    if (announcement !== null) yield announcement;
  }
}

/** @returns the step by which a player's game is told what the given one tells scripts; null for all steps but those two */
export function announcementOf(step: DispatchStep, clients: Pick<ClientEvents, 'send'>): DispatchStep | null {
  if (!('emit' in step)) return null;
  const [name, source, unit] = step.emit;
  if (name === ADDED) return { commit: () => announceUnit(Number(source), unit, clients) };
  if (name === REMOVED) return { commit: () => clients.send(REMOVED, Number(source)) };
  return null;
}

/** Tells a player's game once more which unit its player is. */
export function announceUnit(source: number, unit: unknown, clients: Pick<ClientEvents, 'send'>): void {
  clients.send(ADDED, source, shownUnit(unit));
}

function shownUnit(unit: unknown): unknown {
  const shown = toClientData('EVENT_UNIT_LOGIN', { unit }) as { readonly unit?: unknown } | null;
  return shown?.unit ?? null;
}
