import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What both packages hold beside their README.md, since it leads there. */
export const SHIPPED_PAGES = [
  'docs/README.md',
  'docs/cluster.md',
  'docs/commands.md',
  'docs/configuration.md',
  'docs/connection.md',
  'docs/events.md',
  'docs/forwarding.md',
  'docs/images/inspector-dark.webp',
  'docs/images/inspector-delivery.webp',
  'docs/images/inspector-health.webp',
  'docs/images/inspector-live.webp',
  'docs/images/inspector-now.webp',
  'docs/images/inspector-phone.webp',
  'docs/inspector.md',
  'docs/listen-program.md',
  'docs/listener.md',
  'docs/metrics.md',
  'docs/migrating.md',
  'docs/notifications.md',
  'docs/official-resource.md',
  'docs/scripting.md',
  'examples/discord-relay/README.md',
  'examples/discord-relay/channel.mjs',
  'examples/discord-relay/messages.mjs',
  'examples/discord-relay/package.json',
  'examples/discord-relay/relay.mjs',
  'examples/discord-relay/settings.mjs',
  'examples/discord-relay/shown-text.mjs',
  'examples/discord-relay/units.mjs',
  'examples/discord-relay/verdict.mjs',
  'examples/discord-relay/webhook.mjs',
  'examples/monitoring/README.md',
  'examples/monitoring/alert-rules.yml',
  'examples/monitoring/grafana-dashboard.json',
];

/**
 * Follows the relative links of README.md and of every page that is shipped with it. Links into `packages/` are left out: README.md
 * says that they are for a copy of the source.
 *
 * @param folder with an unpacked package
 * @returns how many links there are, and those that lead nowhere
 */
export function followLinks(folder: string): { readonly followed: number; readonly dead: readonly string[] } {
  const pages = ['README.md', ...SHIPPED_PAGES.filter((path) => path.endsWith('.md'))];
  const links = pages.flatMap((page) => {
    const found = readFileSync(join(folder, page), 'utf8').matchAll(/\]\((?!\w+:|packages\/)([^)#\s]+)/g);
    return [...found].map(([, path = '']) => ({ page, path }));
  });
  const dead = links.filter(({ page, path }) => !existsSync(join(folder, dirname(page), path)));
  return { followed: links.length, dead: dead.map(({ page, path }) => `${page}: ${path}`) };
}
