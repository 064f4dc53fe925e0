const HOST = /^((ptb|canary)\.)?discord(app)?\.com$/;
const PATH = /^\/api\/(v\d+\/)?webhooks\/\d+\//i;

/** @returns whether an address is a webhook of Discord, which takes messages of its own form only */
export function isDiscordWebhook({ hostname, pathname }: URL): boolean {
  return HOST.test(hostname) && PATH.test(pathname);
}
