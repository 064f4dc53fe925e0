/** Whoever knows the last part of a Discord webhook's path can write into that channel. */
const WEBHOOK_TOKEN = /(\/webhooks\/+[^/?#]+\/+)[^/?#\s"]+/gi;

/**
 * @param text a URL, a path, or what should have been one
 * @returns the same, with `***` where a webhook's token stands
 */
export function maskWebhookToken(text: string): string {
  return text.replace(WEBHOOK_TOKEN, '$1***');
}

/** @returns the URL as it may be shown: without credentials, query, fragment and webhook token */
export function shownUrl(url: URL): string {
  // A caret would be read as a colour code by the console.
  return maskWebhookToken(`${url.protocol}//${url.host}${url.pathname}`).replaceAll('^', '%5E');
}
