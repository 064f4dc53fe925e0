import { createHash } from 'node:crypto';
import type { Route } from '../http/app.ts';

const INLINE = /<(script|style)(?:\s[^>]*)?>([\s\S]*?)<\/\1>/g;

type Context = Parameters<Route['handle']>[0];

/** The page, which the build has put into one file: read at the first request, and then kept. */
export class Page {
  readonly #read: () => string | null;
  #kept: { readonly html: string; readonly policy: string } | null = null;

  /** @param read gives the file's text; null when it is not there */
  constructor(read: () => string | null) {
    this.#read = read;
  }

  show(context: Context): void {
    const page = this.#load();
    // The same 404 as for a path that there is nothing at.
    if (page === null) return;
    context.set('Cache-Control', 'no-store');
    context.set('Content-Security-Policy', page.policy);
    context.set('Referrer-Policy', 'no-referrer');
    context.set('X-Content-Type-Options', 'nosniff');
    context.type = 'text/html; charset=utf-8';
    context.body = page.html;
  }

  #load() {
    if (this.#kept === null) {
      const html = this.#read();
      if (html !== null) this.#kept = { html, policy: policyOf(html) };
    }
    return this.#kept;
  }
}

/**
 * @param html the page: all its scripts and styles stand in it
 * @returns a Content-Security-Policy that lets those through by their hashes, and requests to where the page came from; nothing else
 */
export function policyOf(html: string): string {
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
