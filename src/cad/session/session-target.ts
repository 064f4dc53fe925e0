import type { Config } from '../../config/schema.ts';
import { apiHost } from '../api-host.ts';

/** What of the configuration a session depends on. */
export type SessionConfig = Pick<
  Config,
  'transport' | 'apiSendEnabled' | 'communityID' | 'apiKeys' | 'serverId' | 'mode' | 'apiUrl'
>;

/** Where a session is held, and as whom. */
export interface SessionTarget {
  readonly url: string;
  readonly communityId: string;
  readonly key: string;
  readonly serverId: number;
}

/** A session to be held, or one sentence about why there is none. */
export type WantedSession =
  | { readonly target: SessionTarget }
  | {
      readonly target: null;
      readonly why: string;
      /** Whether nothing else tells the operator. */
      readonly isNews: boolean;
    };

/** @param mayConnect false while the official resource holds the CAD's one session for this server */
export function wantedSession(config: SessionConfig, mayConnect: boolean): WantedSession {
  const { transport, apiSendEnabled, communityID: communityId, apiKeys, serverId } = config;
  const [key] = apiKeys;
  if (transport === 'http') return none('No session with the CAD is held, since transport is "http".');
  if (!apiSendEnabled) return none('Nothing is sent to the CAD, since apiSendEnabled is false.', false);
  if (communityId === '') return none("Set communityID to your community's id in the CAD to open a session with it.");
  if (key === undefined) return none('Set apiKey to open a session with the CAD.', false);
  if (!mayConnect) return none('The official resource runs beside this one, and holds the session with the CAD.');
  return { target: { url: `${apiHost(config)}/apiWsHub`, communityId, key, serverId } };
}

function none(why: string, isNews = true): WantedSession {
  return { target: null, why, isNews };
}
