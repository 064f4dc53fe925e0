import { URL } from 'node:url';

// `https://host` is what config.json is shipped with in official installations.
const SHIPPED_PLACEHOLDER = /^https:\/\/host\/?$/i;

/**
 * The forward URL as configured, '' when nobody has set one.
 * @param text what config.json or the convar holds
 */
export function settledForwardUrl(text: string): string {
  const url = text.trim();
  return SHIPPED_PLACEHOLDER.test(url) ? '' : url;
}

/**
 * Whether a text is an http or https URL with a host. `new URL` alone would take `https:host` and drop tabs and line
 * breaks out of the middle, so that another address is called than the one the operator reads.
 */
export function isForwardUrl(text: string): boolean {
  return /^https?:\/\/[^/\\?#\s]/i.test(text) && !/[\s\p{Cc}]/u.test(text) && URL.canParse(text);
}
