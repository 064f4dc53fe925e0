import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { ServerEntry } from './world/server-entry.ts';

const TIMEOUT_MS = 5000;

/** What came of an event sent by HTTP: the answer, or why there is none. */
export type HttpOutcome = { readonly status: number; readonly text: string } | { readonly problem: string };

/**
 * Sends an event to a game server as the CAD does that has no session with it: to the address in the list of servers. Unlike
 * the CAD it stays on this machine, whatever address the list has.
 */
export async function pushOverHttp(
  server: ServerEntry | undefined,
  body: Readonly<Record<string, unknown>>,
  key: string,
): Promise<HttpOutcome> {
  const host = server?.mapIp ?? '';
  const port = Number(server?.listenerPort ?? '');
  if (host === '' || !Number.isInteger(port) || port < 1 || port > 65_535)
    return { problem: 'The server has no address yet: nothing has registered it.' };
  if (!/^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host))
    return { problem: `${host} is not on this machine, and the pretend CAD never leaves it.` };
  const url = new URL(
    `http://${host.includes(':') ? `[${host.replace(/[[\]]/g, '')}]` : host}:${port}/sonorancad/event`,
  );
  try {
    const headers = { 'Content-Type': 'application/json' };
    const asking = request(url, { method: 'POST', headers, agent: false, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const [answer]: IncomingMessage[] = await once(asking.end(JSON.stringify({ ...body, key })), 'response');
    return { status: answer?.statusCode ?? 0, text: answer === undefined ? '' : await text(answer) };
  } catch (error) {
    return { problem: `No answer from ${url.host}: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}` };
  }
}
