import { isIP, isIPv4 } from 'node:net';
import type { Assessment } from './assess.ts';
import type { Finding } from './findings.ts';
import { isPublicIpv4 } from './public-ipv4.ts';
import type { ServerList } from './registration-api.ts';
import { listServers } from './server-entry.ts';
import { type Settings, writes } from './settings.ts';
import { type Quote, shownAsIs, shownName } from './shown-text.ts';

/** What has become of writing the entry. */
export type Writing =
  /** Nothing was to be written, or this run may not. */
  | { readonly kind: 'none' }
  /** It is under way. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'done'; readonly change: Assessment['change'] }
  | { readonly kind: 'failed'; readonly why: string };

export interface EntryFacts {
  readonly settings: Settings;
  readonly servers: ServerList;
  readonly assessment: Assessment;
  readonly writing: Writing;
}

const MAX_NAMED = 5;

const POWERS = ['off', 'check', 'add', 'auto'] as const;

/** @returns how the entry is made right other than in the CAD: by itself, or by a change of the configuration; null when by neither */
export function otherwiseFix({ settings, assessment, writing }: EntryFacts): string | null {
  const { address, port } = assessment;
  const needed = [address, port].includes('different') ? 'auto' : [address, port].includes('blank') ? 'add' : null;
  if (needed === null || writing.kind === 'failed' || settings.isBeside || settings.isForeign) return null;
  if (POWERS.indexOf(settings.mode) < POWERS.indexOf(needed))
    return `${settings.isOverrideDisabled ? 'disableOverride to false and ' : ''}registration to ${needed}`;
  if (assessment.next === null) return null;
  return writing.kind === 'pending' ? 'it is written within a minute' : 'reload this resource to have it written';
}

/** @returns whether the server is in the list, and how its address and port stand */
export function entryFindings(facts: EntryFacts, quote: Quote): Finding[] {
  const { entry } = facts.assessment;
  if (entry === null) return [missingFinding(facts, quote)];
  const id = facts.settings.serverId;
  const server = {
    name: 'server',
    ok: true,
    text: `Server ${id} is ${shownName(entry.name, quote)} in the CAD's list.`,
  } as const;
  return [server, addressFinding(facts, entry.host, quote), portFinding(facts, entry.port, quote)];
}

function missingFinding(facts: EntryFacts, quote: Quote): Finding {
  const { settings, servers, writing } = facts;
  const known = listServers(servers);
  const named = known.slice(0, MAX_NAMED).map(({ id, name }) => `${shownAsIs(id, quote)} ${shownName(name, quote)}`);
  const names = `${named.join(', ')}${known.length > MAX_NAMED ? ', …' : ''}`;
  const problem = `server ${settings.serverId} is not in the CAD's list`;
  const pick = known.length === 0 ? 'add it in the CAD' : `set serverId to one of its servers (${names})`;
  const isTooMany = settings.hasOneServer && known.length > 0;
  const limit = isTooMany ? ', and the free plan has room for one server only' : '';
  const isKnown = settings.host !== null && settings.port !== null;
  const otherwise =
    writes(settings) && !isKnown ? 'set publicHost and publicPort so that it can be added' : otherwiseFix(facts);
  const fixes = [pick, isTooMany ? null : otherwise].filter((fix) => fix !== null);
  return {
    name: 'server',
    ok: false,
    text: `${problem.replace(/^s/, 'S')}${limit}.`,
    fix: writing.kind === 'pending' && otherwise !== null ? otherwise : fixes.join(', or '),
    problem: `${problem}${limit}`,
  };
}

function addressFinding(facts: EntryFacts, theirs: string, quote: Quote): Finding {
  const { settings, assessment } = facts;
  const name = 'address';
  const { address, entry } = assessment;
  const shown = shownAsIs(theirs, quote);
  const isOnlyOutgoing = entry?.hasOtherOutgoing === true && !settings.isHostConfigured;
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
  if (address === 'blank') {
    return setting(facts, { name, text: 'mapIp is empty.', problem: 'its address is empty', set });
  }
  const isName = address === 'unresolved' ? ', and the name between them could not be looked up' : '';
  const problem = `${subject} is ${ours}${isName}`;
  return setting(facts, { name, text: `mapIp is ${shown}, but ${problem}.`, problem, set });
}

function unknownAddress({ settings, assessment }: EntryFacts, shown: string): Finding {
  const name = 'address';
  const is = shown === '' ? 'empty' : shown;
  if (settings.mode === 'off' && assessment.address === 'unknown')
    return { name, ok: true, text: `mapIp is ${is}; it was not compared, since registration is off.` };
  const problem = `${shown === '' ? 'its address is empty, and ' : ''}this server's public address could not be found out`;
  return {
    name,
    ok: false,
    text: `mapIp is ${is}; this server's public address could not be found out.`,
    fix: 'set publicHost',
    problem,
  };
}

/** An operator may have reasons for an address that the CAD cannot use as far as anybody knows. */
function unreachableHost(host: string): Finding | null {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) === 0 || isPublicIpv4(bare)) return null;
  const problem = isIPv4(bare)
    ? `publicHost is ${host}, which cannot be reached from the internet`
    : `publicHost is ${host}, while the CAD takes IPv4 addresses`;
  const fix = 'set publicHost to a public IPv4 address or a host name';
  return { name: 'address', ok: false, text: `${problem}.`, fix, problem };
}

function portFinding(facts: EntryFacts, theirs: string, quote: Quote): Finding {
  const { settings, assessment } = facts;
  const name = 'port';
  const { port } = assessment;
  const shown = shownAsIs(theirs, quote);
  if (settings.port === null) {
    const problem = "this server's port is not known yet";
    const fix = 'put endpoint_add_tcp before the resources in server.cfg, or set publicPort';
    return {
      name,
      ok: false,
      text: `listenerPort is ${shown === '' ? 'empty' : shown}, but ${problem}.`,
      fix,
      problem,
    };
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

function setting(facts: EntryFacts, finding: Pick<Finding, 'name' | 'text' | 'problem' | 'set'>): Finding {
  return { ...finding, ok: false, fix: settingFix([finding.set ?? ''], facts) };
}

/** @param sets fields of the CAD's entry, and to what. @returns how they come to be so */
export function settingFix(sets: readonly string[], facts: EntryFacts): string {
  const otherwise = otherwiseFix(facts);
  if (facts.writing.kind === 'pending' && otherwise !== null) return otherwise;
  const inCad = `set ${sets.join(' and ')} in the CAD's server settings`;
  return otherwise === null ? inCad : `${inCad}, or ${otherwise}`;
}
