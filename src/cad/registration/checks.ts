import { isIP, isIPv4 } from 'node:net';
import { isPublicIpv4, withoutBrackets } from '../../lib/addresses.ts';
import { quoteText } from '../../lib/text.ts';
import type { ApiResult } from '../api/results.ts';
import { type Comparison, isSameCommunity, type RegistrationConfig, type Settings, writes } from './own-entry.ts';
import { idOf, type ServerEntry, type ServerList, textOf } from './server-list.ts';

/** What a check has found, here and in doctor. */
export interface Finding {
  /** null for what cannot be told from here, or is left out because the operator wants it so. */
  readonly ok: boolean | null;
  /** One sentence, safe for the console. */
  readonly text: string;
  /** What to do about it, in words that follow a colon; absent when there is nothing to do. */
  readonly fix?: string;
}

/** A finding about the way of push events from the CAD to this server. */
export interface NamedFinding extends Finding {
  readonly name: 'api' | 'key' | 'plan' | 'community' | 'list' | 'server' | 'address' | 'port' | 'resource';
}

/** With what the report's one sentence says of it. */
export interface EntryFinding extends NamedFinding {
  /** The trouble in a few words, where there is some. */
  readonly problem?: string;
  /** A field of the CAD's entry that `fix` sets, and to what. */
  readonly set?: string;
}

/** What has become of writing the entry. */
type Writing =
  /** Nothing was to be written, or this run may not. */
  | { readonly kind: 'none' }
  /** It is under way. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'done'; readonly change: Comparison['change'] }
  | { readonly kind: 'failed'; readonly why: string };

/** Why the list must not be written although something in it should be changed. */
export type Obstacle =
  /** Nobody knows whose list it is. */
  | { readonly kind: 'community' }
  /** It is not all of the list. */
  | { readonly kind: 'partial'; readonly why: string }
  /** It is too large to be kept, so that a loss would not be noticed. */
  | { readonly kind: 'large' }
  /** What was kept of it cannot be read. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'empty' }
  /** Entries of other servers are not in it any more. */
  | { readonly kind: 'lost'; readonly servers: ServerList }
  /** It is shorter than it was. */
  | { readonly kind: 'shorter' };

/** What the CAD said, and what it was compared with. */
export interface Facts {
  readonly config: RegistrationConfig;
  /** The configuration by which the CAD was asked, maybe before a reload. */
  readonly askedBy: RegistrationConfig;
  readonly resourceName: string;
  readonly version: { readonly version: number; readonly name: string };
  readonly community: ApiResult<{ comId: string; name: string }>;
  /** What the echo services said; null when they were not asked, or do not agree. */
  readonly askedAddress: string | null;
  /** Whether the operator has said that the list may be written as it is. */
  readonly isConfirmed: boolean;
  readonly settings: Settings;
  readonly servers: ServerList;
  readonly comparison: Comparison;
  readonly obstacle: Obstacle | null;
  readonly writing: Writing;
}

type Check = (facts: Facts) => EntryFinding | null;

export const KEY_ACCEPTED: EntryFinding = { name: 'key', ok: true, text: 'The CAD accepts the API key.' };
const MAX_NAMED = 5;
const POWERS = ['off', 'check', 'add', 'auto'] as const;

/** What is checked, in the order in which doctor prints it. */
export const CHECKS: readonly Check[] = [
  () => KEY_ACCEPTED,
  checkPlan,
  checkCommunity,
  checkList,
  checkServer,
  checkAddress,
  checkPort,
  checkResource,
];

/** What the CAD says of the plan: the push events themselves need none. */
export function checkPlan({ version: { version, name } }: Pick<Facts, 'version'>): EntryFinding {
  const plan = name.trim() === '' ? `number ${version}` : shownName(name);
  return { name: 'plan', ok: true, text: `The community's plan is ${plan}.` };
}

/** Whether `communityID` is the community that the key belongs to. */
function checkCommunity({ community, config: { communityID, transport } }: Facts): EntryFinding {
  const name = 'community';
  const theirs = community.ok ? community.data.comId.trim() : '';
  if (theirs === '') {
    const why = community.ok ? 'the CAD did not name it' : community.error.message.replace(/\.$/, '');
    const problem = `the key's community could not be read (${shownAsIs(why)})`;
    return { name, ok: false, text: `${problem.replace(/^t/, 'T')}.`, problem };
  }
  const shown = shownName(theirs);
  if (isSameCommunity(communityID, theirs))
    return { name, ok: true, text: `communityID is the key's community, ${shown}.` };
  // Only the session with the CAD needs it.
  if (communityID === '' && transport === 'http')
    return { name, ok: true, text: `communityID is not set; the key's community is ${shown}.` };
  const orKey = communityID === '' ? '' : `, or apiKey to the key of ${shownName(communityID)}`;
  const fix = `set communityID to ${shown}${orKey}`;
  const problem =
    communityID === ''
      ? 'communityID is not set'
      : `communityID is ${shownName(communityID)}, while the key belongs to another community`;
  return { name, ok: false, text: `The key's community is ${shown}, but ${problem}.`, fix, problem };
}

/** Whether the list can be written where something in it should be changed. */
function checkList({ comparison, obstacle, resourceName }: Facts): EntryFinding | null {
  if (obstacle === null || obstacle.kind === 'community' || comparison.wanted === null) return null;
  const problem = problemOf(obstacle);
  const finding = {
    name: 'list',
    ok: false,
    text: `Nothing is written to the CAD's list: ${problem}.`,
    problem,
  } as const;
  if (obstacle.kind === 'partial' || obstacle.kind === 'large') return finding;
  return { ...finding, fix: `type "${resourceName} register" into this server's console if that is right` };
}

function problemOf(obstacle: Exclude<Obstacle, { kind: 'community' }>): string {
  switch (obstacle.kind) {
    case 'partial':
      return obstacle.why;
    case 'large':
      return "the CAD's list is too large to be changed from here";
    case 'damaged':
      return "what was kept of the CAD's list cannot be read";
    case 'empty':
      return "the CAD's list is empty";
    case 'lost':
      return `the CAD's list came without ${shownServers(obstacle.servers)}, which it had before`;
    case 'shorter':
      return "the CAD's list is shorter than it was before";
  }
}

/** Whether the server is in the list. */
function checkServer(facts: Facts): EntryFinding {
  const { settings, servers, writing, comparison } = facts;
  const name = 'server';
  const id = settings.serverId;
  if (comparison.entry !== null)
    return { name, ok: true, text: `Server ${id} is ${shownName(comparison.entry.name)} in the CAD's list.` };
  const pick =
    servers.length === 0 ? 'add it in the CAD' : `set serverId to one of its servers (${shownServers(servers)})`;
  const isTooMany = settings.hasOneServer && servers.length > 0;
  const limit = isTooMany ? ', and the free plan has room for one server only' : '';
  const problem = `server ${id} is not in the CAD's list${limit}`;
  const finding = { name, ok: false, text: `${problem.replace(/^s/, 'S')}.`, problem } as const;
  if (isForOperator(facts)) return finding;
  const isKnown = settings.host !== null && settings.port !== null;
  const otherwise =
    writes(settings) && !isKnown ? 'set publicHost and publicPort so that it can be added' : otherwiseFix(facts);
  const fixes = [pick, isTooMany ? null : otherwise].filter((fix) => fix !== null);
  return { ...finding, fix: writing.kind === 'pending' && otherwise !== null ? otherwise : fixes.join(', or ') };
}

/** Whether the entry's address is this server's. */
function checkAddress(facts: Facts): EntryFinding | null {
  const { settings, comparison } = facts;
  const { address, entry } = comparison;
  if (entry === null) return null;
  const name = 'address';
  const shown = shownAsIs(entry.host);
  const isOnlyOutgoing = entry.hasOtherOutgoing && !settings.isHostConfigured;
  const isUnknown = settings.host === null || (address === 'blank' && isOnlyOutgoing);
  if (isUnknown && address !== 'declared') return unknownAddress(facts, shown);
  const ours = settings.host ?? '';
  const subject = settings.isHostConfigured ? 'publicHost' : "this server's public address";
  if (address === 'declared') {
    const text = `mapIp is ${shown}, and the CAD's entry says that this server's own requests come from another address; it was not compared.`;
    return { name, ok: true, text };
  }
  const unreachable = settings.isHostConfigured ? unreachableHost(ours) : null;
  if (unreachable !== null) return unreachable;
  if (address === 'same') return { name, ok: true, text: `mapIp is ${shown}, which is ${subject}.` };
  const set = `mapIp to ${ours}`;
  if (address === 'blank')
    return setting(facts, { name, text: 'mapIp is empty.', problem: 'its address is empty', set });
  const isName = address === 'unresolved' ? ', and the name between them could not be looked up' : '';
  const problem = `${subject} is ${ours}${isName}`;
  return setting(facts, { name, text: `mapIp is ${shown}, but ${problem}.`, problem, set });
}

function unknownAddress({ settings, comparison }: Facts, shown: string): EntryFinding {
  const name = 'address';
  const is = shown === '' ? 'empty' : shown;
  if (settings.mode === 'off' && comparison.address === 'unknown')
    return { name, ok: true, text: `mapIp is ${is}; it was not compared, since registration is off.` };
  const problem = `${shown === '' ? 'its address is empty, and ' : ''}this server's public address could not be found out`;
  const text = `mapIp is ${is}; this server's public address could not be found out.`;
  return { name, ok: false, text, fix: 'set publicHost', problem };
}

/** An operator may have reasons for an address that the CAD does not seem able to use. */
function unreachableHost(host: string): EntryFinding | null {
  const bare = withoutBrackets(host);
  if (isIP(bare) === 0 || isPublicIpv4(bare)) return null;
  const problem = isIPv4(bare)
    ? `publicHost is ${host}, which cannot be reached from the internet`
    : `publicHost is ${host}, while the CAD takes IPv4 addresses`;
  const fix = 'set publicHost to a public IPv4 address or a host name';
  return { name: 'address', ok: false, text: `${problem}.`, fix, problem };
}

/** Whether the entry's port is this server's. */
function checkPort(facts: Facts): EntryFinding | null {
  const { settings, comparison } = facts;
  const { port, entry } = comparison;
  if (entry === null) return null;
  const name = 'port';
  const shown = shownAsIs(entry.port);
  if (settings.port === null) {
    const problem = "this server's port is not known yet";
    const fix = 'put endpoint_add_tcp before the resources in server.cfg, or set publicPort';
    const text = `listenerPort is ${shown === '' ? 'empty' : shown}, but ${problem}.`;
    return { name, ok: false, text, fix, problem };
  }
  const ours = settings.isPortConfigured
    ? `publicPort is ${settings.port}`
    : `this server listens on port ${settings.port}`;
  if (port === 'same') return { name, ok: true, text: `listenerPort is ${shown}, and ${ours}.` };
  const set = `listenerPort to ${settings.port}`;
  if (port === 'blank')
    return setting(facts, { name, text: 'listenerPort is empty.', problem: 'its port is empty', set });
  return setting(facts, { name, text: `listenerPort is ${shown}, but ${ours}.`, problem: ours, set });
}

/** Whether the path that the CAD calls leads to this resource. */
export function checkResource({
  resourceName,
  settings,
}: {
  readonly resourceName: string;
  readonly settings: Pick<Settings, 'isBeside'>;
}): EntryFinding {
  const name = 'resource';
  if (settings.isBeside)
    return { name, ok: true, text: 'The official resource gets the events, and forwards them to this one.' };
  if (resourceName === 'sonorancad') return { name, ok: true, text: 'The resource has the name that the CAD calls.' };
  return {
    name,
    ok: false,
    text: `The CAD calls /sonorancad/event, but this resource's folder is named ${resourceName}.`,
    fix: 'rename it to sonorancad',
    problem: `this resource's folder is named ${resourceName}`,
  };
}

/** Whether the list's finding has the one thing to do. */
function isForOperator({ comparison, obstacle }: Facts): boolean {
  if (obstacle === null || comparison.wanted === null) return false;
  return obstacle.kind !== 'community' && obstacle.kind !== 'partial' && obstacle.kind !== 'large';
}

function setting(facts: Facts, finding: Pick<EntryFinding, 'name' | 'text' | 'problem' | 'set'>): EntryFinding {
  if (!isForOperator(facts)) return { ...finding, ok: false, fix: settingFix([finding.set ?? ''], facts) };
  const { name, text, problem = '' } = finding;
  return { name, ok: false, text, problem };
}

/** @param sets fields of the CAD's entry, and to what. @returns how they come to be so */
export function settingFix(sets: readonly string[], facts: Facts): string {
  const otherwise = otherwiseFix(facts);
  if (facts.writing.kind === 'pending' && otherwise !== null) return otherwise;
  const inCad = `set ${sets.join(' and ')} in the CAD's server settings`;
  return otherwise === null ? inCad : `${inCad}, or ${otherwise}`;
}

/** @returns how the entry is made right other than in the CAD: by itself, or by a change of the configuration; null when by neither */
function otherwiseFix({ settings, comparison, obstacle, writing }: Facts): string | null {
  const { address, port, entry } = comparison;
  const needed = [address, port].includes('different') ? 'auto' : [address, port].includes('blank') ? 'add' : null;
  if (needed === null || writing.kind === 'failed' || settings.isBeside || settings.isForeign) return null;
  if (POWERS.indexOf(settings.mode) < POWERS.indexOf(needed))
    return `${settings.isOverrideDisabled ? 'disableOverride to false and ' : ''}registration to ${needed}`;
  if (comparison.wanted === null || obstacle !== null) return null;
  if (writing.kind !== 'pending') return 'reload this resource to have it written';
  return entry === null ? 'it is written within two minutes' : 'it is written within a minute';
}

/** @returns servers by id and name, the first few of them */
export function shownServers(list: ServerList): string {
  const shown = (entry: ServerEntry) => `${shownAsIs(idOf(entry))} ${shownName(textOf(entry, 'name'))}`;
  return `${list.slice(0, MAX_NAMED).map(shown).join(', ')}${list.length > MAX_NAMED ? ', …' : ''}`;
}

/** @returns a name in double quotes */
export function shownName(text: string): string {
  const quoted = quoteText(text);
  return quoted.startsWith('"') ? quoted : `"${quoted}"`;
}

/** @returns a sentence or address as it is; in double quotes when something in it had to be made safe */
export function shownAsIs(text: string): string {
  const quoted = quoteText(text);
  return quoted === `"${text.replaceAll('"', '\\"')}"` ? text : quoted;
}
