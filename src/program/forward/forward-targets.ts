import * as v from 'valibot';
import type { ConfigProblem } from '../../config/config-problem.ts';
import type { Target } from '../../forward/delivery.ts';
import { resolveTargets } from '../../forward/targets/resolve-targets.ts';
import {
  DOCUMENTED_PATH,
  hashAddress,
  isDiscordWebhook,
  isForwardUrl,
  isOwnEventPath,
  type OwnAddress,
  settledForwardUrl,
  targetUrl,
} from '../../forward/targets/target-addresses.ts';
import { type TargetSettings, targetSchema } from '../../forward/targets/target-schema.ts';
import { programFault } from '../program-fault.ts';

export interface ForwardTargets {
  readonly targets: readonly Target[];
  /** What should be mended. */
  readonly warnings: readonly string[];
}

export interface ForwardTargetsOptions {
  readonly urls: readonly string[];
  readonly apiKeys: readonly string[];
  /** Where the program receives events itself. */
  readonly own: OwnAddress;
  readonly ownPath: string;
}

const CALLED = /^the target \S+ of pushEventForwardTargets/;

/**
 * Makes targets of the addresses of `--forward`.
 *
 * @throws a fault for an address that cannot be sent to, without what is secret in it
 */
export function forwardTargets({ urls, apiKeys, own, ownPath }: ForwardTargetsOptions): ForwardTargets {
  const settings = [...new Set(urls.map((url) => url.trim()))].map(settingsOf);
  for (const { url } of settings) refuseOwnPath(targetUrl(url), own, ownPath);
  const { targets, problems } = resolveTargets(
    { enablePushEventForwarding: true, pushEventForwardUrl: '', pushEventForwardTargets: settings, apiKeys },
    own,
  );
  const fault = problems.find(({ level }) => level === 'error');
  if (fault !== undefined) throw programFault(`${sentenceOf(fault).replace(/: this target is off$/, '')}.`, 2);
  return { targets, warnings: problems.map(sentenceOf) };
}

function settingsOf(url: string): TargetSettings {
  if (settledForwardUrl(url) === '' || !isForwardUrl(url)) {
    throw programFault('--forward: expected a URL like http://203.0.113.5:30150 or https://bot.example/events.', 2);
  }
  const address = targetUrl(url);
  const format = isDiscordWebhook(address) ? 'discord' : 'payload';
  return v.parse(targetSchema, { name: nameOf(address), url, format });
}

/** What waits for a target is kept under its name: the same for the same address, wherever that stands on the command line. */
function nameOf({ hostname, href }: URL): string {
  const host = hostname.replace(/[^A-Za-z0-9.-]/g, '').slice(0, 20);
  return `to-${host}-${hashAddress(href).slice(0, 8)}`;
}

function refuseOwnPath(url: URL, own: OwnAddress, ownPath: string): void {
  if (url.pathname !== ownPath) return;
  url.pathname = DOCUMENTED_PATH;
  if (isOwnEventPath(url, own)) {
    throw programFault(
      '--forward leads to the address at which this program receives events itself, which would never end.',
      2,
    );
  }
}

/** The words of the resource's configuration, in which there are targets with names, in those of the command line. */
function sentenceOf({ line }: ConfigProblem): string {
  return line.replace(CALLED, '--forward').replaceAll('this resource', 'this program');
}
