import { NATIVE_EVENT } from './client/event-names.ts';
import { escapeChat, escapeHtml, escapeMarkdown } from './escapes.ts';
import type { NotificationKind } from './rules.ts';

export type SystemName = Exclude<(typeof notificationSystems)[number], 'auto' | 'none'>;

/** One way to show notifications. */
export interface NotificationSystem {
  /** The resource that shows them; null for none but ours. */
  readonly resource: string | null;
  deliver(notification: Notification): Delivery;
}

type Names = Readonly<Record<NotificationKind, string>>;
const usual: Names = { info: 'info', success: 'success', warning: 'warning', error: 'error', urgent: 'error' };
const withoutWarning: Names = { ...usual, warning: 'info' };

const chatColours: Readonly<Record<NotificationKind, readonly [number, number, number]>> = {
  info: [80, 160, 255],
  success: [80, 200, 120],
  warning: [255, 190, 60],
  error: [240, 80, 80],
  urgent: [255, 40, 40],
};

const isEmpty = (text: string): boolean => text === '';
const joinLines = (...lines: readonly string[]): string => lines.filter((line) => !isEmpty(line)).join('<br>');
const inBold = (title: string): string => (isEmpty(title) ? '' : `<b>${escapeHtml(title)}</b>`);

/** Every system, in the order in which `auto` looks for them. What each renders: models.md 3.6 and its own user interface. */
export const systems: Readonly<Record<SystemName, NotificationSystem>> = {
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
        text: joinLines(inBold(title), escapeHtml(message)),
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
        text: joinLines(inBold(title), escapeHtml(message)),
        length: durationMs,
      }),
  },
  // Shown as HTML after its `~r~` codes were replaced: an entity is none of them.
  esx: {
    resource: 'es_extended',
    deliver: ({ title, message, kind, durationMs }) =>
      clientEvent(
        'esx:showNotification',
        joinLines(inBold(title), escapeHtml(message)).replaceAll('~', '&#126;'),
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
        isEmpty(title) ? message : { text: oneLine(title), caption: message },
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
        isEmpty(title) || isEmpty(message)
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
        args: [title, message].map(escapeChat).filter((part) => !isEmpty(part)),
      }),
  },
  // Our own client script escapes it, since it is what splits the text for the game.
  native: {
    resource: null,
    deliver: (notification) => clientEvent(NATIVE_EVENT, notification),
  },
};

function oneLine(text: string): string {
  return text.replace(/ *\n+ */g, ' ');
}

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

/** The notification systems that players can see messages through. */
export const notificationSystems = [
  'auto',
  'ox_lib',
  'lation_ui',
  'pNotify',
  'okokNotify',
  'mythic_notify',
  'esx',
  'qb',
  'qbx',
  'chat',
  'native',
  'none',
] as const;

const bare = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');

/**
 * The system's own spelling for any that operators use: `oxlib`, `pnotify`, `OX-LIB`.
 * @returns the text unchanged when it names no system
 */
export function notificationSystemName(text: string): string {
  return notificationSystems.find((system) => bare(system) === bare(text)) ?? text;
}
