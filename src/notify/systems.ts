import { NATIVE_EVENT, type Notification } from './client.ts';
import type { NotificationKind } from './rules.ts';
import { escapeChat, escapeHtml, escapeMarkdown } from './texts.ts';

/** How a notification reaches one player's game. */
export type Delivery =
  | { readonly by: 'event'; readonly name: string; readonly args: readonly unknown[] }
  /** A server export; the player's server id is its first argument. */
  | { readonly by: 'export'; readonly resource: string; readonly name: string; readonly args: readonly unknown[] };

/** One way to show notifications. */
export interface NotificationSystem {
  /** The resource that shows them; null for none but ours. */
  readonly resource: string | null;
  deliver(notification: Notification): Delivery;
}

const clientEvent = (name: string, ...args: unknown[]): Delivery => ({ by: 'event', name, args });

type ByKind<Value> = Readonly<Record<NotificationKind, Value>>;
const usual: ByKind<string> = {
  info: 'info',
  success: 'success',
  warning: 'warning',
  error: 'error',
  urgent: 'error',
};
const withoutWarning: ByKind<string> = { ...usual, warning: 'info' };
const chatColours: ByKind<readonly [number, number, number]> = {
  info: [80, 160, 255],
  success: [80, 200, 120],
  warning: [255, 190, 60],
  error: [240, 80, 80],
  urgent: [255, 40, 40],
};

const oneLine = (text: string): string => text.replace(/ *\n+ */g, ' ');

function inHtml(title: string, message: string): string {
  const lines = [title === '' ? '' : `<b>${escapeHtml(title)}</b>`, escapeHtml(message)];
  return lines.filter((line) => line !== '').join('<br>');
}

/**
 * Every system, by the name that the configuration gives it, in the order in which `auto` looks for them. What each renders was read in
 * its own user interface. A new one is one entry here, and an escape where none of those there are fits.
 */
export const systems = {
  // The title is plain text, the description Markdown.
  ox_lib: {
    resource: 'ox_lib',
    deliver: ({ title, message, kind, durationMs }) =>
      clientEvent('ox_lib:notify', {
        title: oneLine(title),
        description: escapeMarkdown(message),
        type: usual[kind],
        duration: durationMs,
      }),
  },
  // Not public: the title is escaped too, since a stray backslash is the lesser harm.
  lation_ui: {
    resource: 'lation_ui',
    deliver: ({ title, message, kind, durationMs }) =>
      clientEvent('lation_ui:notify', {
        title: escapeMarkdown(oneLine(title)),
        message: escapeMarkdown(message),
        type: usual[kind],
        duration: durationMs,
      }),
  },
  pNotify: {
    resource: 'pNotify',
    deliver: ({ title, message, kind, durationMs }) =>
      clientEvent('pNotify:SendNotification', {
        text: inHtml(title, message),
        type: usual[kind],
        timeout: durationMs,
        layout: 'centerRight',
        queue: 'sonorancad',
      }),
  },
  okokNotify: {
    resource: 'okokNotify',
    deliver: ({ title, message, kind, durationMs }) =>
      clientEvent('okokNotify:Alert', escapeHtml(title), escapeHtml(message), durationMs, usual[kind]),
  },
  mythic_notify: {
    resource: 'mythic_notify',
    deliver: ({ title, message, kind, durationMs }) =>
      clientEvent('mythic_notify:client:SendAlert', {
        type: kind === 'success' ? 'success' : kind === 'error' || kind === 'urgent' ? 'error' : 'inform',
        text: inHtml(title, message),
        length: durationMs,
      }),
  },
  // Shown as HTML after its `~r~` codes were replaced: an entity is none of them.
  esx: {
    resource: 'es_extended',
    deliver: ({ title, message, kind, durationMs }) =>
      clientEvent(
        'esx:showNotification',
        inHtml(title, message).replaceAll('~', '&#126;'),
        withoutWarning[kind],
        durationMs,
      ),
  },
  // Plain text; a type that its config does not have is an error there, and warning is not in every version.
  qb: {
    resource: 'qb-core',
    deliver: ({ title, message, kind, durationMs }) =>
      clientEvent(
        'QBCore:Notify',
        title === '' ? message : { text: oneLine(title), caption: message },
        { ...withoutWarning, info: 'primary', warning: 'primary' }[kind],
        durationMs,
      ),
  },
  // Ends in ox_lib: the text is its title, the subtitle its description. Without a subtitle the text is the description.
  qbx: {
    resource: 'qbx_core',
    deliver: ({ title, message, kind, durationMs }) => ({
      by: 'export',
      resource: 'qbx_core',
      name: 'Notify',
      args:
        title === '' || message === ''
          ? [escapeMarkdown(message || title), usual[kind], durationMs]
          : [oneLine(title), usual[kind], durationMs, escapeMarkdown(message)],
    }),
  },
  chat: {
    resource: 'chat',
    deliver: ({ title, message, kind }) =>
      clientEvent('chat:addMessage', {
        color: chatColours[kind],
        multiline: true,
        args: [title, message].map(escapeChat).filter((part) => part !== ''),
      }),
  },
  // Our own client script escapes it, since it is what splits the text for the game.
  native: {
    resource: null,
    deliver: (notification) => clientEvent(NATIVE_EVENT, notification),
  },
} satisfies Readonly<Record<string, NotificationSystem>>;

export type SystemName = keyof typeof systems;

/** What the configuration can choose. */
export const notificationSystems = ['auto', ...(Object.keys(systems) as SystemName[]), 'none'] as const;
export type ChosenSystem = (typeof notificationSystems)[number];

const bare = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');

/**
 * The system's own spelling for any that operators use: `oxlib`, `pnotify`, `OX-LIB`.
 * @returns the text unchanged when it names no system
 */
export function notificationSystemName(text: string): string {
  return notificationSystems.find((system) => bare(system) === bare(text)) ?? text;
}
