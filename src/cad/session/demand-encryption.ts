import { isApiUrl } from '../../config/api-url.ts';

/**
 * A negotiating hub names the address to connect to, and whoever is connected to is told the key.
 *
 * @param url http, https, ws or wss
 * @throws when it is neither encrypted nor on this machine
 */
export function demandEncryption(url: string): void {
  if (!isApiUrl(url.replace(/^ws/, 'http'))) throw new Error('the hub named an address without encryption');
}
