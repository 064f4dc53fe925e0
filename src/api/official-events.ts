import { readText } from '../events/read-values.ts';
import type { BodyCallback, Subscriptions } from '../game/dispatch/subscriptions.ts';
import type { Log } from '../lib/log.ts';
import type { GameEvents } from '../platform/events.ts';
import type { OfficialResource } from '../platform/resources.ts';

/** The official resource's events that games may send and that do nothing here. */
const FROM_GAMES = `cadToggleApi
  sonorancad::registerVeh
  SonoranCAD::core:PlayerReady
  SonoranCAD::core:sendClientConfig
  SonoranCAD::core:LogBuffer
  SonoranCAD::core:UploadSupportLogs
  SonoranCAD::dispatchnotify:CommandRespond
  SonoranCAD::dispatchnotify:CommandNotify
  SonoranCAD::dispatchnotify:AddNoteToCall
  SonoranCAD::dispatchnotify:UpdateCallPostal
  SonoranCAD::localcallers:Call911
  SonoranCAD::locations:SendLocation
  SonoranCAD::locations:ErrorDetection
  SonoranCAD::calltemplates:SendDispatch
  SonoranCAD::sonrad:SyncTowers`.split(/\s+/);
/** Those that only resources may trigger. Events of the name `pushevents` are never taken from games. */
const FROM_RESOURCES = ['SonoranCAD::pushevents:shim'];

/** Pairs of event and resource that are remembered: there are few such events, and no server has so many resources. */
const MAX_REMEMBERED = 5_000;

interface UnservedEventsOptions {
  readonly events: Pick<GameEvents, 'on' | 'caller'>;
  /** Listens to an event that games may send too. */
  onNet(name: string, handler: (source: number | null) => void): void;
  readonly official: Pick<OfficialResource, 'isRunning'>;
  readonly log: Pick<Log, 'warn'>;
}

/**
 * Listens to the events of the official resource that do nothing here: without a listener the game server drops them in silence. The
 * operator is told once of each event and each resource that triggers it.
 */
export function listenToUnservedEvents({ events, onNet, official, log }: UnservedEventsOptions): void {
  const told = new Set<string>();

  function tell(event: string, resource: string): void {
    const pair = `${event} ${resource}`;
    if (official.isRunning() || told.has(pair) || told.size >= MAX_REMEMBERED) return;
    told.add(pair);
    log.warn('A resource triggered an event that only the official resource answers; nothing was done.', {
      event,
      resource,
    });
  }

  for (const name of FROM_GAMES) {
    onNet(name, (source) => tell(name, source === null ? (events.caller() ?? 'unknown') : "a player's game"));
  }
  for (const name of FROM_RESOURCES) events.on(name, () => tell(name, events.caller() ?? 'unknown'));
}

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** Writes what resources say by the official resource's event `SonoranCAD::core:writeLog` (level, message) to our log. */
export function listenToLogLines({
  events,
  official,
  log,
}: Omit<UnservedEventsOptions, 'onNet' | 'log'> & { readonly log: Log }): void {
  events.on('SonoranCAD::core:writeLog', (given, message) => {
    const resource = events.caller();
    if (official.isRunning()) return;
    const level = LEVELS.find((each) => each === given) ?? 'debug';
    log[level]('A resource writes to this log.', { resource, text: String(readText(message) ?? '') });
  });
}

/**
 * Listens to the official resource's way of subscribing: the local event `SonoranCAD::RegisterPushEvent` (type, handler), type in
 * any case. `handler(body)` gets each body as received, without its key. Whatever is not of that form, or comes from a player's
 * game, is refused with a line that says so.
 *
 * @param mayCall asked for each event; false while the official resource calls the handlers
 */
export function acceptRegistrations(
  subscriptions: Subscriptions,
  events: GameEvents,
  mayCall: () => boolean,
  log: Log,
): void {
  events.on('SonoranCAD::RegisterPushEvent', (type, handler) => {
    const owner = events.caller();
    if (owner === null || events.isFromClient()) return;
    if (typeof type !== 'string' || type === '' || typeof handler !== 'function') {
      log
        .coalesce({ resource: owner })
        .error('SonoranCAD::RegisterPushEvent takes a type and a function; a registration was ignored.');
      return;
    }
    const call = handler as BodyCallback;
    subscriptions.subscribeToBody(type, (body) => (mayCall() ? call(body) : undefined), owner);
  });
}
