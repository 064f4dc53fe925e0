/** Whoever knows the last part of a Discord webhook's path can write into that channel. */
const WEBHOOK_TOKEN = /(\/webhooks\/+[^/?#]+\/+)[^/?#\s"]+/gi;

/**
 * @param text a URL, a path, or what should have been one
 * @returns the same, with `***` where a webhook's token stands
 */
export function maskWebhookToken(text: string): string {
  return text.replace(WEBHOOK_TOKEN, '$1***');
}

/**
 * @param secrets what is masked wherever it stands in the path, in any case and also when it is URL-encoded
 * @returns the URL as it may be shown: without credentials, query, fragment, webhook token and those secrets
 */
export function shownUrl(url: URL, secrets: readonly string[] = []): string {
  const path = secrets.reduce((text, secret) => maskText(text, secret), url.pathname);
  // A caret would be read as a colour code by the console.
  return maskWebhookToken(`${url.protocol}//${url.host}${path}`).replaceAll('^', '%5E');
}

function maskText(text: string, secret: string): string {
  const forms = [secret, encodeURIComponent(secret), encodeURI(secret)].map((form) =>
    form.replace(/[^A-Za-z0-9]/g, '\\$&'),
  );
  return text.replace(new RegExp(forms.join('|'), 'gi'), '***');
}
