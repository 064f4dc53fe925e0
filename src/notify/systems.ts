import { NATIVE_EVENT, type Notification } from './client.ts';
import type { NotificationKind } from './rules.ts';
import { escapeChat, escapeHtml, escapeMarkdown } from './texts.ts';

/** How a notification reaches one player's game. */
export type Delivery =
  | { readonly by: 'event'; readonly name: string; readonly args: readonly unknown[] }
  /** A call of a server export with the player's server id as first argument. */
  | { readonly by: 'export'; readonly resource: string; readonly name: string; readonly args: readonly unknown[] };

export interface NotificationSystem {
  /** The resource that shows the notifications; null for the game's own, which need no other resource. */
  readonly resource: string | null;
  deliver(notification: Notification): Delivery;
}

const clientEvent = (name: string, ...args: unknown[]): Delivery => ({ by: 'event', name, args });

type ByKind<Value> = Readonly<Record<NotificationKind, Value>>;
const commonTypes: ByKind<string> = {
  info: 'info',
  success: 'success',
  warning: 'warning',
  error: 'error',
  urgent: 'error',
};
const typesWithoutWarning: ByKind<string> = { ...commonTypes, warning: 'info' };
const mythicTypes: ByKind<string> = {
  info: 'inform',
  success: 'success',
  warning: 'inform',
  error: 'error',
  urgent: 'error',
};
const qbTypes: ByKind<string> = { ...commonTypes, info: 'primary', warning: 'primary' };
const chatColours: ByKind<readonly [number, number, number]> = {
  info: [80, 160, 255],
  success: [80, 200, 120],
  warning: [255, 190, 60],
  error: [240, 80, 80],
  urgent: [255, 40, 40],
};

const joinLines = (text: string): string => text.replace(/ *\n+ */g, ' ');

function toHtml(title: string, message: string): string {
  const lines = [title === '' ? '' : `<b>${escapeHtml(title)}</b>`, escapeHtml(message)];
  return lines.filter((line) => line !== '').join('<br>');
}

/**
 * The notification systems by their names in the configuration. `auto` takes the first one that is started, in this
 * order. The markup that each system renders was read in the source of its user interface, unless noted otherwise.
 */
export const systems = {
  // ox_lib renders the title as plain text and the description as Markdown.
  ox_lib: {
    resource: 'ox_lib',
    deliver: ({ title, message, kind, durationMs }) =>
      clientEvent('ox_lib:notify', {
        title: joinLines(title),
        description: escapeMarkdown(message),
        type: commonTypes[kind],
        duration: durationMs,
      }),
  },
  // The source of lation_ui is not public. The title is escaped as well: a stray backslash does less harm than markup.
  lation_ui: {
    resource: 'lation_ui',
    deliver: ({ title, message, kind, durationMs }) =>
      clientEvent('lation_ui:notify', {
        title: escapeMarkdown(joinLines(title)),
        message: escapeMarkdown(message),
        type: commonTypes[kind],
        duration: durationMs,
      }),
  },
  pNotify: {
    resource: 'pNotify',
    deliver: ({ title, message, kind, durationMs }) =>
      clientEvent('pNotify:SendNotification', {
        text: toHtml(title, message),
        type: commonTypes[kind],
        timeout: durationMs,
        layout: 'centerRight',
        queue: 'sonorancad',
      }),
  },
  okokNotify: {
    resource: 'okokNotify',
    deliver: ({ title, message, kind, durationMs }) =>
      clientEvent('okokNotify:Alert', escapeHtml(title), escapeHtml(message), durationMs, commonTypes[kind]),
  },
  mythic_notify: {
    resource: 'mythic_notify',
    deliver: ({ title, message, kind, durationMs }) =>
      clientEvent('mythic_notify:client:SendAlert', {
        type: mythicTypes[kind],
        text: toHtml(title, message),
        length: durationMs,
      }),
  },
  // ESX replaces `~r~` codes before it renders the text as HTML. The entity for `~` is not taken for a code.
  esx: {
    resource: 'es_extended',
    deliver: ({ title, message, kind, durationMs }) =>
      clientEvent(
        'esx:showNotification',
        toHtml(title, message).replaceAll('~', '&#126;'),
        typesWithoutWarning[kind],
        durationMs,
      ),
  },
  // QBCore renders plain text. An unknown type is an error in its script, and some versions have no `warning`.
  qb: {
    resource: 'qb-core',
    deliver: ({ title, message, kind, durationMs }) =>
      clientEvent(
        'QBCore:Notify',
        title === '' ? message : { text: joinLines(title), caption: message },
        qbTypes[kind],
        durationMs,
      ),
  },
  // qbx_core passes the text to ox_lib as title and the subtitle as description. Without a subtitle, the text is the
  // description.
  qbx: {
    resource: 'qbx_core',
    deliver: ({ title, message, kind, durationMs }) => ({
      by: 'export',
      resource: 'qbx_core',
      name: 'Notify',
      args:
        title === '' || message === ''
          ? [escapeMarkdown(message || title), commonTypes[kind], durationMs]
          : [joinLines(title), commonTypes[kind], durationMs, escapeMarkdown(message)],
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
  // Our client script escapes the text, because it also splits the text for the game.
  native: {
    resource: null,
    deliver: (notification) => clientEvent(NATIVE_EVENT, notification),
  },
} satisfies Readonly<Record<string, NotificationSystem>>;

export type SystemName = keyof typeof systems;

/** The names that the configuration accepts. */
export const notificationSystems = ['auto', ...(Object.keys(systems) as SystemName[]), 'none'] as const;
export type ChosenSystem = (typeof notificationSystems)[number];

const lettersOf = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');

/**
 * Corrects the spelling of a system's name, such as `oxlib`, `pnotify` or `OX-LIB`.
 *
 * @returns the text unchanged when it names no system
 */
export function correctSystemName(text: string): string {
  return notificationSystems.find((system) => lettersOf(system) === lettersOf(text)) ?? text;
}
