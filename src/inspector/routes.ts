import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Route } from '../http/app.ts';
import type { PeerLabel } from '../http/senders.ts';
import type { HoldMeter } from '../lib/hold-meter.ts';
import type { Log } from '../lib/log.ts';
import { reasonOf } from '../lib/text.ts';
import type { Access, Admission } from './access.ts';
import { ApiFailure, type ApiRequest, RawAnswer } from './answers.ts';
import type { Redaction } from './redaction.ts';

/** What a request of the page is answered with; an `ApiFailure` may be thrown. */
export type Answering = (request: ApiRequest) => unknown;

type Context = Parameters<Route['handle']>[0];

export interface RoutesOptions {
  /** By method and path, as `GET /api/events/:param`. */
  readonly api: Readonly<Record<string, Answering>>;
  readonly access: Access;
  /** @returns the page, which the build has put into one file; null when it is not there */
  readPage(): string | null;
  /** Without the page, all of this is as if it were not there. */
  isEnabled(): boolean;
  readonly holds: HoldMeter;
  redaction(): Redaction;
  /** Names the sender of a request in log lines. */
  peerLabel(): PeerLabel;
  /** The resource's folder, which is the console's command. */
  readonly resourceName: string;
  readonly log: Log;
}

const INLINE = /<(script|style)(?:\s[^>]*)?>([\s\S]*?)<\/\1>/g;
const WRONG_TOKEN = 'A request to the page was refused: the token in it is not, or no longer, the one in force.';

/** @returns the routes of the page and of its API */
export function createPageRoutes(options: RoutesOptions): Route[] {
  const { api, access, readPage, isEnabled, holds, redaction, peerLabel, resourceName, log } = options;
  let page: { readonly html: string; readonly policy: string } | null = null;
  const getOne = `Type "${resourceName} inspect" in the server's console for a link.`;
  const refusals: Readonly<Record<Exclude<Admission, 'admitted'>, ApiFailure>> = {
    'no-token': new ApiFailure('no-token', `The page is opened by a link. ${getOne}`),
    'wrong-token': new ApiFailure('wrong-token', `This link does not work (any more). ${getOne}`),
    'too-many': new ApiFailure('too-many', 'Too many wrong links were tried from here: wait a minute.'),
  };

  function admit(request: IncomingMessage): void {
    const { authorization = '' } = request.headers;
    const admission = access.admit({ authorization, address: request.socket.remoteAddress ?? '' });
    if (admission === 'admitted') return;
    if (admission !== 'no-token') log.coalesce({ from: peerLabel()(request) }).warn(WRONG_TOKEN);
    throw refusals[admission];
  }

  async function answer(context: Context, answering: Answering): Promise<void> {
    context.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
    try {
      admit(context.req);
      // A stream would be opened for nobody.
      const answer = context.method === 'HEAD' ? {} : await holds.measure(() => answering(requestOf(context)));
      holds.measure(() => send(context, answer, redaction()));
    } catch (thrown) {
      fail(context, thrown);
    }
  }

  /** A fault of ours is told in the console, and in no answer. */
  function fail(context: Context, thrown: unknown): void {
    if (!(thrown instanceof ApiFailure)) {
      const origin = { reason: reasonOf(thrown) };
      log.coalesce(origin).error('A request of the page could not be answered; please report it.');
      throw thrown;
    }
    context.status = thrown.status;
    if (thrown.code === 'too-many') context.set('Retry-After', '60');
    context.type = 'application/json';
    context.body = redaction().json(thrown.answer);
  }

  /** The page is read at the first request, and then kept. */
  function show(context: Context): void {
    const html = page === null ? readPage() : null;
    if (html !== null) page = { html, policy: policyOf(html) };
    // The same 404 as for a path that there is nothing at.
    if (page === null) return;
    context.set({
      'Cache-Control': 'no-store',
      'Content-Security-Policy': page.policy,
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    });
    context.type = 'text/html; charset=utf-8';
    context.body = page.html;
  }

  const routes = Object.entries(api).map(([route, answering]): Route => {
    const [method = '', path = ''] = route.split(' ');
    return {
      method: method === 'POST' ? 'post' : 'get',
      path,
      handle: (context) => (isEnabled() ? answer(context, answering) : undefined),
    };
  });
  return [{ method: 'get', path: '/', handle: (context) => (isEnabled() ? show(context) : undefined) }, ...routes];
}

function send(context: Context, answer: unknown, redaction: Redaction): void {
  if (answer instanceof RawAnswer) {
    context.type = answer.type;
    // A proxy would hold a stream back.
    if (typeof answer.body !== 'string') context.set('X-Accel-Buffering', 'no');
    context.body = answer.body;
    return;
  }
  context.type = 'application/json';
  context.body = redaction.json(answer);
}

function requestOf(context: Context): ApiRequest {
  const { param = '' } = context.params as { readonly param?: string };
  return {
    param,
    query(name) {
      const given = context.query[name];
      return (Array.isArray(given) ? given[0] : given) ?? '';
    },
    host: context.get('host'),
  };
}

/**
 * @param html the page: all its scripts and styles stand in it
 * @returns a Content-Security-Policy that lets those through by their hashes, and requests to where the page came from; nothing else
 */
function policyOf(html: string): string {
  const hashes = { script: new Set<string>(), style: new Set<string>() };
  for (const [, element, content = ''] of html.matchAll(INLINE)) {
    const hash = createHash('sha256').update(content).digest('base64');
    hashes[element === 'style' ? 'style' : 'script'].add(`'sha256-${hash}'`);
  }
  const listed = (set: ReadonlySet<string>) => (set.size === 0 ? "'none'" : [...set].join(' '));
  return [
    "default-src 'none'",
    `script-src ${listed(hashes.script)}`,
    `style-src ${listed(hashes.style)}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
