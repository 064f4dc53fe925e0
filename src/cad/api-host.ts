import type { Config } from '../config/schema.ts';

/** What decides where the CAD is. */
export type ApiHostConfig = Pick<Config, 'apiUrl' | 'mode'>;

/** The CAD's systems by `mode`. */
const HOSTS: Readonly<Record<Config['mode'], string>> = {
  production: 'https://api.sonorancad.com',
  development: 'https://staging-api.dev.sonorancad.com',
};

/** @returns where the CAD's API and its hub are, without a slash at the end: `apiUrl` where it is set, else by `mode` */
export function apiHost({ apiUrl, mode }: ApiHostConfig): string {
  return apiUrl === '' ? HOSTS[mode] : apiUrl;
}
