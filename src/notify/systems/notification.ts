import type { NotificationKind } from '../rules/rule-schema.ts';

/** What a player is to be shown, as plain text: each system escapes it for itself. */
export interface Notification {
  readonly title: string;
  readonly message: string;
  readonly kind: NotificationKind;
  readonly durationMs: number;
}

/** How a notification reaches one player's game. */
export type Delivery =
  | { readonly by: 'event'; readonly name: string; readonly args: readonly unknown[] }
  /** A server export; the player's server id is its first argument. */
  | { readonly by: 'export'; readonly resource: string; readonly name: string; readonly args: readonly unknown[] };

export const clientEvent = (name: string, ...args: unknown[]): Delivery => ({ by: 'event', name, args });
