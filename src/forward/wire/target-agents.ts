import * as http from 'node:http';
import * as https from 'node:https';
import type { Target } from '../delivery.ts';

/** A lane has one request under way; with a target that never answers four, a probe, and one that is being called off. */
const MAX_SOCKETS = 6;
/** Longer than any attempt: what is left open after it is not in use. */
const IDLE_MS = 65_000;
/** The engine gives up on all but the last of a name's addresses after 250 ms, too soon for a slow connection. */
const NEXT_ADDRESS_MS = 1_000;

/** Keeps a connection to each target. */
export interface TargetAgents {
  /** The target's agent; a new one when its address has changed. */
  of(target: Target): http.Agent;
  /** Closes all connections, also those in use. */
  close(): void;
}

/** Agents of our own: the global ones can be told by the environment to use a proxy, or not to check certificates. */
export function createTargetAgents(): TargetAgents {
  const agents = new Map<string, { readonly url: string; readonly agent: http.Agent }>();
  return {
    of({ name, url }) {
      const kept = agents.get(name);
      if (kept?.url === url) return kept.agent;
      // Requests under way over the old one end on their own; no new one takes its place.
      if (kept !== undefined) closeWhenIdle(kept.agent);
      const options = {
        keepAlive: true,
        maxSockets: MAX_SOCKETS,
        maxFreeSockets: 1,
        timeout: IDLE_MS,
        autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
      };
      const agent = url.startsWith('https:')
        ? new https.Agent({ ...options, rejectUnauthorized: true })
        : new http.Agent(options);
      agents.set(name, { url, agent });
      return agent;
    },
    close() {
      for (const { agent } of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}

function closeWhenIdle(agent: http.Agent): void {
  agent.maxFreeSockets = 0;
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
}
