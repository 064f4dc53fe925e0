import type { Log } from '../platform/log.ts';
import { createForwarder, type Forwarder } from './forwarder.ts';
import { isOwnEventPath, type OwnAddress, shownUrl, targetUrl } from './target-url.ts';

export interface ForwardingConfig {
  readonly enablePushEventForwarding: boolean;
  /** Empty when it is not set. */
  readonly pushEventForwardUrl: string;
}

export interface ForwardingSurroundings {
  readonly own: OwnAddress;
  readonly version: string;
  readonly log: Log;
  readonly monotonic: () => number;
}

/** @returns what forwards events as configured, or null when they are not to be forwarded or cannot be */
export function configureForwarding(
  config: ForwardingConfig,
  { own, version, log, monotonic }: ForwardingSurroundings,
): Forwarder | null {
  if (!config.enablePushEventForwarding || config.pushEventForwardUrl === '') return null;
  const url = targetUrl(config.pushEventForwardUrl);
  if (isOwnEventPath(url, own)) {
    log.error(
      'pushEventForwardUrl is the address at which this resource receives events itself, which would never end: forwarding is off.',
      {
        pushEventForwardUrl: shownUrl(url),
      },
    );
    return null;
  }
  log.info('Push events are forwarded.', { target: shownUrl(url) });
  return createForwarder({ url, version, log, monotonic });
}
