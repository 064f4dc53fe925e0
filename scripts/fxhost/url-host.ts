/** The host part of a URL by which this machine reaches what listens on an address. */
export function urlHost(bindHost = '127.0.0.1'): string {
  if (bindHost === '0.0.0.0' || bindHost === '::') return '127.0.0.1';
  return bindHost.includes(':') ? `[${bindHost}]` : bindHost;
}
