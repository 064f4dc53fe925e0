import { URL } from 'node:url';

/** @returns the URL as configured, without the slashes at its end */
export function settledApiUrl(text: string): string {
  return text.trim().replace(/\/+$/, '');
}

/** Whether a key may be sent there: by https, or by http within this machine. */
export function isApiUrl(text: string): boolean {
  if (!/^https?:\/\/[^/\\?#\s]/i.test(text) || /[\s\p{Cc}]/u.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return (
    protocol === 'https:' || hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}
