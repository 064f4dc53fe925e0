import type { Push, Pushes, PushOptions } from './pushes.ts';
import { applyEvent } from './world/apply-event.ts';
import type { World } from './world/world.ts';

/** An event without the key: `type`, `data`, and what some types have beside them. */
export type EventBody = Readonly<Record<string, unknown>> & { readonly type: string };

/** Makes true what an event tells of, and sends it. @returns what came of it */
export function fireEvent(
  world: World,
  pushes: Pushes,
  { type, data, key: _, ...beside }: EventBody,
  options: Omit<PushOptions, 'beside'> = {},
): Promise<Push> {
  applyEvent(world, options.serverId ?? world.servers[0]?.id ?? 1, type, data);
  return pushes.send(type, data, { ...options, beside });
}
