import { isIP, isIPv4 } from 'node:net';
import { hostInUrl, isPublicIpv4, withoutBrackets } from '../../lib/addresses.ts';
import type { Finding } from '../../lib/finding.ts';
import { type FailedSnapshot, isSameCommunity, type ListSnapshot } from './list-reader.ts';
import type { Comparison, OwnEntry } from './own-entry.ts';
import { describeServers, escapeUnsafe, quoteName, withoutDot } from './report-text.ts';

/** The result of checking this server's entry: one sentence for the console, and the findings for `doctor`. */
export interface RegistrationReport {
  readonly ok: boolean;
  readonly level: 'info' | 'warn' | 'error';
  /** One sentence without control characters: where the CAD sends events, or what is wrong and how to correct it. */
  readonly line: string;
  /** The URL that the CAD calls; null when it has none or it is unknown. */
  readonly url: string | null;
  readonly checks: readonly Finding[];
}

const KEY_ACCEPTED: Finding = { name: 'key', ok: true, text: 'The CAD accepts the API key.' };

/**
 * Creates the report of a snapshot.
 *
 * @param problem the finding about a failed write of the list
 */
export function createReport(snapshot: ListSnapshot | FailedSnapshot, problem?: Finding): RegistrationReport {
  return snapshot.ok ? reportList(snapshot, problem) : reportFailure(snapshot);
}

function reportList(snapshot: ListSnapshot, problem?: Finding): RegistrationReport {
  const { entry } = snapshot.comparison;
  const list = problem ?? checkDoubt(snapshot);
  const checks = [
    KEY_ACCEPTED,
    checkPlan(snapshot.plan),
    ...(list === null ? [] : [list]),
    checkCommunity(snapshot),
    ...(entry === null
      ? checkMissing(snapshot)
      : [checkServer(snapshot, entry), checkAddress(snapshot, entry), checkPort(snapshot, entry)]),
    checkFolder(snapshot),
  ];
  const isRight = checks.every(({ name, ok }) => ok || name === 'resource');
  // With `registration: off`, the operator manages the entry, so differences are not warnings.
  const level = isRight || snapshot.settings.mode === 'off' ? 'info' : 'warn';
  return {
    ok: checks.every((check) => check.ok),
    level,
    line: summarise(snapshot, checks),
    url: pushUrl(snapshot),
    checks,
  };
}

function reportFailure(snapshot: FailedSnapshot): RegistrationReport {
  const { config, resourceName, port, plan, error } = snapshot;
  const known = plan === null ? [] : [KEY_ACCEPTED, checkPlan(plan)];
  if (error === null || error.kind === 'disabled') {
    const why = config.apiSendEnabled ? 'there is no usable API key' : 'apiSendEnabled is false';
    const text = `Nothing was asked of the CAD, since ${why}`;
    const url = `http://${config.publicHost || "<this server's address>"}:${port ?? '<its port>'}/sonorancad/event`;
    const line = `${text}: make sure that its server settings lead to ${url}.`;
    const api = config.apiSendEnabled ? { ok: false, fix: 'set apiKey' } : { ok: null };
    const checks = [{ name: 'api', text: `${text}.`, ...api }, checkFolder(snapshot)];
    return { ok: false, level: 'info', line, url: null, checks };
  }
  const text = escapeUnsafe(error.message);
  const report = { ok: false, level: 'warn', line: text, url: null } as const;
  if (error.kind === 'key') {
    const key = { name: 'key', ok: false, text, fix: 'set apiKey to the key that the CAD shows' };
    return { ...report, level: 'error', checks: [...known, key, checkFolder(snapshot)] };
  }
  const api = { name: 'api', ok: false, text };
  if (error.kind === 'unreachable') return { ...report, checks: [...known, api, checkFolder(snapshot)] };
  const fix = `type "${resourceName} reload" to try again`;
  return {
    ...report,
    line: `${withoutDot(text)}: ${fix}.`,
    checks: [...known, { ...api, fix }, checkFolder(snapshot)],
  };
}

/** Describes a successful write of this server's entry. */
export function describeWritten(snapshot: ListSnapshot, change: Comparison['change']): string {
  return `${describeDestination(snapshot)}; its entry in the CAD was ${change} just now.`;
}

/** Creates the finding about a list that the CAD did not accept, or that other programs keep overwriting. */
export function reportFailedWrite(snapshot: ListSnapshot, why: string): Finding {
  const text = `This server's entry could not be written (${escapeUnsafe(withoutDot(why))}).`;
  return { name: 'list', ok: false, text, fix: adviseManualEntry(snapshot) };
}

/** Creates the finding about a written list that could not be verified. */
export function reportFailedReadBack({ resourceName }: ListSnapshot): Finding {
  const text = "This server's entry was written, but the CAD's list could not be read back.";
  return { name: 'list', ok: false, text, fix: `type "${resourceName} doctor" to check it` };
}

/** Puts the first failed check, or the destination of the events, into one sentence. */
function summarise(snapshot: ListSnapshot, checks: readonly Finding[]): string {
  const { comparison, communityId, settings } = snapshot;
  const failed = checks.find(({ name, ok }) => !ok && name !== 'resource');
  if (failed === undefined) {
    const isCompared = comparison.address === 'same';
    return `${describeDestination(snapshot)}, ${isCompared ? 'which is this server' : 'with the port of this server'}.`;
  }
  const advice = failed.fix === undefined ? '' : `: ${failed.fix}`;
  const text = withoutDot(failed.text);
  const field = failed.name === 'address' || failed.name === 'port' ? failed.name : null;
  if (pushUrl(snapshot) === null) {
    const own = field === 'address' ? comparison.host : settings.port;
    const isBlank = field !== null && own !== null;
    return `${isBlank ? `The CAD has no complete address of ${nameServer(snapshot)}` : text}${advice}.`;
  }
  if (field !== null && comparison[field] === 'different') {
    return `${describeDestination(snapshot)}, but ${describeOwn(snapshot, field)}${advice}.`;
  }
  const isAside = field !== null || (failed.name === 'community' && communityId !== '');
  return `${isAside ? `${describeDestination(snapshot)}, but ${text}` : text}${advice}.`;
}

function describeDestination(snapshot: ListSnapshot): string {
  return `The CAD sends push events to ${escapeUnsafe(pushUrl(snapshot) ?? '')} (${nameServer(snapshot)})`;
}

function nameServer({ comparison, settings }: ListSnapshot): string {
  return `server ${settings.serverId}, ${quoteName(comparison.entry?.name ?? '')}`;
}

function pushUrl({ comparison: { entry } }: ListSnapshot): string | null {
  if (entry === null || entry.host === '' || entry.port === '') return null;
  return `http://${hostInUrl(entry.host)}:${entry.port}/sonorancad/event`;
}

/** The plan is informative: push events work with every plan. */
function checkPlan({ version, name }: ListSnapshot['plan']): Finding {
  const shown = name.trim() === '' ? `number ${version}` : quoteName(name);
  return { name: 'plan', ok: true, text: `The community's plan is ${shown}.` };
}

function checkCommunity({ communityId, config: { communityID, transport }, doubt }: ListSnapshot): Finding {
  const name = 'community';
  if (communityId === '') return { name, ok: false, text: `${doubt?.why}.` };
  const shown = quoteName(communityId);
  if (isSameCommunity(communityID, communityId)) {
    return { name, ok: true, text: `communityID is the key's community, ${shown}.` };
  }
  if (communityID !== '') {
    const configured = quoteName(communityID);
    const text = `communityID is ${configured}, but the key belongs to the community ${shown}.`;
    return { name, ok: false, text, fix: `set communityID to ${shown}, or apiKey to the key of ${configured}` };
  }
  const text = `communityID is not set; the key's community is ${shown}.`;
  // Only the session needs communityID, so a server without a session may omit it.
  return transport === 'http'
    ? { name, ok: true, text }
    : { name, ok: false, text, fix: `set communityID to ${shown}` };
}

/** @returns the finding about a doubt that prevents a wanted write; null when there is none */
function checkDoubt(snapshot: ListSnapshot): Finding | null {
  const { doubt, comparison, resourceName } = snapshot;
  if (doubt === null || (comparison.wanted === null && !mayBeUnread(snapshot))) return null;
  const command = `type "${resourceName} register" into this server's console if that is right`;
  const fix = doubt.endsBy === 'command' ? command : adviseManualEntry(snapshot);
  return { name: 'list', ok: false, text: `${doubt.why}, so this server's entry is not written.`, fix };
}

/** Whether this server's entry may be in an unread part of the list. */
function mayBeUnread({ doubt, comparison }: ListSnapshot): boolean {
  return comparison.entry === null && doubt !== null && doubt.isAboutReading;
}

function checkMissing(snapshot: ListSnapshot): Finding[] {
  const { settings, servers, comparison, doubt, resourceName } = snapshot;
  // The finding about the doubt says what to do.
  if (mayBeUnread(snapshot)) return [];
  const isFull = settings.hasOneServer && servers.length > 0;
  const limit = isFull ? ', and the free plan has room for one server only' : '';
  const missing = { name: 'server', ok: false, text: `Server ${settings.serverId} is not in the CAD's list${limit}.` };
  if (comparison.wanted !== null) {
    return [doubt === null ? { ...missing, fix: `type "${resourceName} reload" to have it added` } : missing];
  }
  const choice =
    servers.length === 0
      ? adviseManualEntry(snapshot)
      : `set serverId to one of its servers (${describeServers(servers)})`;
  const isUnknown = settings.host === null || settings.port === null;
  const otherwise = isUnknown
    ? ', or set publicHost and publicPort so that it can be added'
    : adviseConfig(snapshot, 'add');
  return [{ ...missing, fix: isFull ? choice : `${choice}${otherwise}` }];
}

function checkServer({ settings }: ListSnapshot, { name }: OwnEntry): Finding {
  return { name: 'server', ok: true, text: `Server ${settings.serverId} is ${quoteName(name)} in the CAD's list.` };
}

function checkAddress(snapshot: ListSnapshot, entry: OwnEntry): Finding {
  const { settings, comparison } = snapshot;
  const name = 'address';
  const is = `mapIp is ${entry.host === '' ? 'empty' : escapeUnsafe(entry.host)}`;
  if (comparison.host === null) {
    const isOther =
      entry.hasOtherOutgoing && "the CAD's entry says that this server's own requests come from another address";
    const why = isOther || (settings.mode === 'off' && 'registration is off');
    if (why && entry.host !== '') return { name, ok: true, text: `${is}; it was not compared, since ${why}.` };
    return {
      name,
      ok: false,
      text: `${is}; this server's public address could not be found out.`,
      fix: 'set publicHost',
    };
  }
  const unusable = settings.isHostConfigured ? whyUnusable(comparison.host) : null;
  if (unusable !== null) {
    const fix = 'set publicHost to a public IPv4 address or a host name';
    return { name, ok: false, text: `publicHost is ${comparison.host}, ${unusable}.`, fix };
  }
  if (comparison.address === 'same') {
    const ours = settings.isHostConfigured ? 'publicHost' : "this server's public address";
    return { name, ok: true, text: `${is}, which is ${ours}.` };
  }
  const ours = describeOwn(snapshot, name);
  const unresolved = `${is}, while ${ours}, and the host name of the two could not be looked up.`;
  const different = entry.host === '' ? `${is}.` : `${is}, but ${ours}.`;
  const text = comparison.address === 'unresolved' ? unresolved : different;
  return { name, ok: false, text, ...adviseEntryFix(snapshot) };
}

function describeOwn({ settings, comparison, config }: ListSnapshot, field: 'address' | 'port'): string {
  const { isHostConfigured, port } = settings;
  if (field === 'port') return `${config.publicPort === 0 ? 'this server listens on port' : 'publicPort is'} ${port}`;
  return `${isHostConfigured ? 'publicHost' : "this server's public address"} is ${comparison.host}`;
}

/** @returns why the CAD cannot reach an address, as a clause; null for public IPv4 addresses and host names */
function whyUnusable(host: string): string | null {
  const bare = withoutBrackets(host);
  if (isIP(bare) === 0 || isPublicIpv4(bare)) return null;
  return isIPv4(bare) ? 'which cannot be reached from the internet' : 'but the CAD takes IPv4 addresses only';
}

function checkPort(snapshot: ListSnapshot, entry: OwnEntry): Finding {
  const { settings, comparison } = snapshot;
  const name = 'port';
  const is = `listenerPort is ${entry.port === '' ? 'empty' : escapeUnsafe(entry.port)}`;
  if (settings.port === null) {
    const fix = 'put endpoint_add_tcp before the resources in server.cfg, or set publicPort';
    return { name, ok: false, text: `${is}, but this server's port is not known yet.`, fix };
  }
  const ours = describeOwn(snapshot, name);
  if (comparison.port === 'same') return { name, ok: true, text: `${is}, and ${ours}.` };
  return { name, ok: false, text: entry.port === '' ? `${is}.` : `${is}, but ${ours}.`, ...adviseEntryFix(snapshot) };
}

/** Checks the name of the resource's folder, because the CAD calls the fixed path `/sonorancad/event`. */
function checkFolder({ resourceName, isBesideOfficial }: ListSnapshot | FailedSnapshot): Finding {
  const name = 'resource';
  if (isBesideOfficial)
    return { name, ok: true, text: 'The official resource gets the events, and forwards them to this one.' };
  if (resourceName === 'sonorancad') return { name, ok: true, text: 'The resource has the name that the CAD calls.' };
  const text = `The CAD calls /sonorancad/event, but this resource's folder is named ${resourceName}.`;
  return { name, ok: false, text, fix: 'rename it to sonorancad' };
}

/** @returns advice for a wrong address or port; nothing when another finding must be corrected first */
function adviseEntryFix(snapshot: ListSnapshot): Pick<Finding, 'fix'> {
  const { comparison, doubt, isForeignKey, resourceName } = snapshot;
  if (isForeignKey || (comparison.wanted !== null && doubt?.endsBy === 'command')) return {};
  const isDifferent = [comparison.address, comparison.port].includes('different');
  const canBeWritten = comparison.wanted !== null && doubt === null;
  const otherwise = canBeWritten
    ? `, or type "${resourceName} reload" to have it written`
    : adviseConfig(snapshot, isDifferent ? 'auto' : 'add');
  return { fix: `${adviseManualEntry(snapshot)}${otherwise}` };
}

function adviseConfig({ settings, config, isBesideOfficial }: ListSnapshot, mode: 'add' | 'auto'): string {
  if (isBesideOfficial || settings.mode === mode || settings.mode === 'auto') return '';
  return `, or ${config.disableOverride ? 'disableOverride to false and ' : ''}registration to ${mode}`;
}

/** Lists the values that the operator should enter in the CAD. */
function adviseManualEntry(snapshot: ListSnapshot): string {
  const { settings, comparison } = snapshot;
  if (comparison.entry !== null) return `set ${fieldsToSet(snapshot).join(' and ')} in the CAD's server settings`;
  const host = settings.host ?? '<its public address>';
  const port = settings.port ?? '<its port>';
  const values = `id ${settings.serverId}, mapIp ${host} and listenerPort ${port}`;
  return `enter a server with ${values} in the CAD's server settings`;
}

function fieldsToSet({ settings, comparison: { host, address, port } }: ListSnapshot): string[] {
  const isWrong = (agreement: Comparison['address']) => agreement !== 'same' && agreement !== 'unknown';
  const hosts = isWrong(address) && host !== null ? [`mapIp to ${host}`] : [];
  return isWrong(port) && settings.port !== null ? [...hosts, `listenerPort to ${settings.port}`] : hosts;
}
