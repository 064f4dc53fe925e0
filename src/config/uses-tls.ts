import type { Config } from './schema.ts';

/** Whether the resource may open a TLS connection: to the CAD, to a forwarding target or to an address for alerts. */
export function usesTls(
  { apiSendEnabled, apiKeys, alerts }: Pick<Config, 'apiSendEnabled' | 'apiKeys' | 'alerts'>,
  targets: readonly { readonly url: string }[],
): boolean {
  if (apiSendEnabled && apiKeys.length > 0) return true;
  const addresses = [...targets.map(({ url }) => url), alerts.discord, alerts.url];
  return addresses.some((url) => /^(https|nats|tls):/.test(url));
}
