import type { Log } from './log.ts';
import type { OfficialResource } from './official-resource.ts';

export interface AnnounceOfficialOptions {
  readonly official: OfficialResource;
  /** Where this resource receives events: the folder's name and the game port. */
  readonly own: { readonly resourceName: string; readonly port: number };
  /** Whether the official resource's events are triggered at this moment. */
  emitsLegacy(): boolean;
  readonly log: Log;
}

/** Says what is left to the official resource, now if it runs and whenever that changes. */
export function announceOfficial({ official, own, emitsLegacy, log }: AnnounceOfficialOptions): void {
  const path = `${own.port}/${own.resourceName}/event`;

  function announce(isRunning: boolean): void {
    if (!isRunning) {
      log.info(
        `The official resource has stopped: what was left to it is done here again. Events come in at http://<this server>:${path}.`,
      );
      return;
    }
    const legacy = emitsLegacy() ? '' : 'its own events, ';
    log.info(
      `The official resource runs beside this one, so that these are left to it: ${legacy}notifications, the WebSocket session, this server's entry in the CAD, shared commands and convars. Events come in through its forwarder: give its config.json these values.`,
      { enablePushEventForwarding: true, pushEventForwardUrl: `http://127.0.0.1:${path}` },
    );
  }

  if (official.isRunning()) announce(true);
  official.onChange(announce);
}
