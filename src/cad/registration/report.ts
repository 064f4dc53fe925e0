import { isIP, isIPv4 } from 'node:net';
import { hostInUrl, isPublicIpv4, withoutBrackets } from '../../lib/addresses.ts';
import type { Finding } from '../../lib/finding.ts';
import { type FailedLook, isSameCommunity, type Look } from './list-reader.ts';
import type { Comparison, OwnEntry } from './own-entry.ts';
import { describeServers, shownAsIs, shownName, withoutDot } from './report-text.ts';

/** How push events come from the CAD to this server. */
export interface RegistrationReport {
  readonly ok: boolean;
  readonly level: 'info' | 'warn' | 'error';
  /** One sentence, safe for the console: where the CAD sends events, or what is wrong and what to do about it. */
  readonly line: string;
  /** The URL that the CAD calls; null when it has none, or it is not known. */
  readonly url: string | null;
  readonly checks: readonly Finding[];
}

const KEY_ACCEPTED: Finding = { name: 'key', ok: true, text: 'The CAD accepts the API key.' };

/** @param problem what went wrong with writing the list just now */
export function reportLook(look: Look, problem?: Finding): RegistrationReport {
  const { entry } = look.comparison;
  const list = problem ?? checkList(look);
  const checks = [
    KEY_ACCEPTED,
    checkPlan(look.plan),
    ...(list === null ? [] : [list]),
    checkCommunity(look),
    ...(entry === null
      ? checkMissing(look)
      : [checkServer(look, entry), checkAddress(look, entry), checkPort(look, entry)]),
    checkFolder(look),
  ];
  const isRight = checks.every(({ name, ok }) => ok || name === 'resource');
  // With registration off, the entry is the operator's own business.
  const level = isRight || look.settings.mode === 'off' ? 'info' : 'warn';
  return { ok: checks.every((check) => check.ok), level, line: lineOf(look, checks), url: pushUrl(look), checks };
}

export function reportFailure(look: FailedLook): RegistrationReport {
  const { config, resourceName, port, plan, error } = look;
  const known = plan === null ? [] : [KEY_ACCEPTED, checkPlan(plan)];
  if (error === null || error.kind === 'disabled') {
    const why = config.apiSendEnabled ? 'there is no usable API key' : 'apiSendEnabled is false';
    const text = `Nothing was asked of the CAD, since ${why}`;
    const url = `http://${config.publicHost || "<this server's address>"}:${port ?? '<its port>'}/sonorancad/event`;
    const line = `${text}: make sure that its server settings lead to ${url}.`;
    const api = config.apiSendEnabled ? { ok: false, fix: 'set apiKey' } : { ok: null };
    const checks = [{ name: 'api', text: `${text}.`, ...api }, checkFolder(look)];
    return { ok: false, level: 'info', line, url: null, checks };
  }
  const text = shownAsIs(error.message);
  const report = { ok: false, level: 'warn', line: text, url: null } as const;
  if (error.kind === 'key') {
    const key = { name: 'key', ok: false, text, fix: 'set apiKey to the key that the CAD shows' };
    return { ...report, level: 'error', checks: [...known, key, checkFolder(look)] };
  }
  const api = { name: 'api', ok: false, text };
  if (error.kind === 'unreachable') return { ...report, checks: [...known, api, checkFolder(look)] };
  const fix = `type "${resourceName} reload" to try again`;
  return { ...report, line: `${withoutDot(text)}: ${fix}.`, checks: [...known, { ...api, fix }, checkFolder(look)] };
}

/** @returns the sentence for the console after this server's entry was written */
export function describeWritten(look: Look, change: Comparison['change']): string {
  return `${whereSent(look)}; its entry in the CAD was ${change} just now.`;
}

export function notWritten(look: Look, why: string): Finding {
  const text = `This server's entry could not be written (${shownAsIs(withoutDot(why))}).`;
  return { name: 'list', ok: false, text, fix: byHand(look) };
}

export function notReadBack({ resourceName }: Look): Finding {
  const text = "This server's entry was written, but the CAD's list could not be read back.";
  return { name: 'list', ok: false, text, fix: `type "${resourceName} doctor" to check it` };
}

function lineOf(look: Look, checks: readonly Finding[]): string {
  const { comparison, communityId, settings } = look;
  const failed = checks.find(({ name, ok }) => !ok && name !== 'resource');
  if (failed === undefined) {
    const isCompared = comparison.address === 'same';
    return `${whereSent(look)}, ${isCompared ? 'which is this server' : 'with the port of this server'}.`;
  }
  const advice = failed.fix === undefined ? '' : `: ${failed.fix}`;
  const text = withoutDot(failed.text);
  const field = failed.name === 'address' || failed.name === 'port' ? failed.name : null;
  if (pushUrl(look) === null) {
    const own = field === 'address' ? comparison.host : settings.port;
    const isBlank = field !== null && own !== null;
    return `${isBlank ? `The CAD has no complete address of ${shownServer(look)}` : text}${advice}.`;
  }
  if (field !== null && comparison[field] === 'different') {
    return `${whereSent(look)}, but ${describeOwn(look, field)}${advice}.`;
  }
  const isAside = field !== null || (failed.name === 'community' && communityId !== '');
  return `${isAside ? `${whereSent(look)}, but ${text}` : text}${advice}.`;
}

function whereSent(look: Look): string {
  return `The CAD sends push events to ${shownAsIs(pushUrl(look) ?? '')} (${shownServer(look)})`;
}

function shownServer({ comparison, settings }: Look): string {
  return `server ${settings.serverId}, ${shownName(comparison.entry?.name ?? '')}`;
}

function pushUrl({ comparison: { entry } }: Look): string | null {
  if (entry === null || entry.host === '' || entry.port === '') return null;
  return `http://${hostInUrl(entry.host)}:${entry.port}/sonorancad/event`;
}

/** Push events need no plan, so this only informs. */
function checkPlan({ version, name }: Look['plan']): Finding {
  const shown = name.trim() === '' ? `number ${version}` : shownName(name);
  return { name: 'plan', ok: true, text: `The community's plan is ${shown}.` };
}

function checkCommunity({ communityId, config: { communityID, transport }, doubt }: Look): Finding {
  const name = 'community';
  if (communityId === '') return { name, ok: false, text: `${doubt?.why}.` };
  const shown = shownName(communityId);
  if (isSameCommunity(communityID, communityId)) {
    return { name, ok: true, text: `communityID is the key's community, ${shown}.` };
  }
  if (communityID !== '') {
    const configured = shownName(communityID);
    const text = `communityID is ${configured}, but the key belongs to the community ${shown}.`;
    return { name, ok: false, text, fix: `set communityID to ${shown}, or apiKey to the key of ${configured}` };
  }
  const text = `communityID is not set; the key's community is ${shown}.`;
  // Only the session with the CAD needs communityID.
  return transport === 'http'
    ? { name, ok: true, text }
    : { name, ok: false, text, fix: `set communityID to ${shown}` };
}

/** @returns why the list is not written although something in it should be changed; null when nothing speaks against it */
function checkList(look: Look): Finding | null {
  const { doubt, comparison, resourceName } = look;
  if (doubt === null || (comparison.wanted === null && !isOutOfSight(look))) return null;
  const command = `type "${resourceName} register" into this server's console if that is right`;
  const fix = doubt.endsBy === 'command' ? command : byHand(look);
  return { name: 'list', ok: false, text: `${doubt.why}, so this server's entry is not written.`, fix };
}

/** Whether this server's entry may be in a part of the list that did not come. */
function isOutOfSight({ doubt, comparison }: Look): boolean {
  return comparison.entry === null && doubt !== null && doubt.isAboutReading;
}

function checkMissing(look: Look): Finding[] {
  const { settings, servers, comparison, doubt, resourceName } = look;
  // The finding about the list says what to do.
  if (isOutOfSight(look)) return [];
  const isFull = settings.hasOneServer && servers.length > 0;
  const limit = isFull ? ', and the free plan has room for one server only' : '';
  const missing = { name: 'server', ok: false, text: `Server ${settings.serverId} is not in the CAD's list${limit}.` };
  if (comparison.wanted !== null) {
    return [doubt === null ? { ...missing, fix: `type "${resourceName} reload" to have it added` } : missing];
  }
  const choice =
    servers.length === 0 ? byHand(look) : `set serverId to one of its servers (${describeServers(servers)})`;
  const isUnknown = settings.host === null || settings.port === null;
  const otherwise = isUnknown ? ', or set publicHost and publicPort so that it can be added' : orByConfig(look, 'add');
  return [{ ...missing, fix: isFull ? choice : `${choice}${otherwise}` }];
}

function checkServer({ settings }: Look, { name }: OwnEntry): Finding {
  return { name: 'server', ok: true, text: `Server ${settings.serverId} is ${shownName(name)} in the CAD's list.` };
}

function checkAddress(look: Look, entry: OwnEntry): Finding {
  const { settings, comparison } = look;
  const name = 'address';
  const is = `mapIp is ${entry.host === '' ? 'empty' : shownAsIs(entry.host)}`;
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
  const unusable = settings.isHostConfigured ? unusableBecause(comparison.host) : null;
  if (unusable !== null) {
    const fix = 'set publicHost to a public IPv4 address or a host name';
    return { name, ok: false, text: `publicHost is ${comparison.host}, ${unusable}.`, fix };
  }
  if (comparison.address === 'same') {
    const ours = settings.isHostConfigured ? 'publicHost' : "this server's public address";
    return { name, ok: true, text: `${is}, which is ${ours}.` };
  }
  const ours = describeOwn(look, name);
  const unresolved = `${is}, while ${ours}, and the host name of the two could not be looked up.`;
  const different = entry.host === '' ? `${is}.` : `${is}, but ${ours}.`;
  const text = comparison.address === 'unresolved' ? unresolved : different;
  return { name, ok: false, text, ...fixOfEntry(look) };
}

function describeOwn({ settings, comparison, config }: Look, field: 'address' | 'port'): string {
  const { isHostConfigured, port } = settings;
  if (field === 'port') return `${config.publicPort === 0 ? 'this server listens on port' : 'publicPort is'} ${port}`;
  return `${isHostConfigured ? 'publicHost' : "this server's public address"} is ${comparison.host}`;
}

/** An operator may have a reason for an address that the CAD does not seem able to reach. */
function unusableBecause(host: string): string | null {
  const bare = withoutBrackets(host);
  if (isIP(bare) === 0 || isPublicIpv4(bare)) return null;
  return isIPv4(bare) ? 'which cannot be reached from the internet' : 'but the CAD takes IPv4 addresses only';
}

function checkPort(look: Look, entry: OwnEntry): Finding {
  const { settings, comparison } = look;
  const name = 'port';
  const is = `listenerPort is ${entry.port === '' ? 'empty' : shownAsIs(entry.port)}`;
  if (settings.port === null) {
    const fix = 'put endpoint_add_tcp before the resources in server.cfg, or set publicPort';
    return { name, ok: false, text: `${is}, but this server's port is not known yet.`, fix };
  }
  const ours = describeOwn(look, name);
  if (comparison.port === 'same') return { name, ok: true, text: `${is}, and ${ours}.` };
  return { name, ok: false, text: entry.port === '' ? `${is}.` : `${is}, but ${ours}.`, ...fixOfEntry(look) };
}

/** Needs no answer of the CAD's: it calls the path of a resource with this name. */
function checkFolder({ resourceName, isBeside }: Look | FailedLook): Finding {
  const name = 'resource';
  if (isBeside)
    return { name, ok: true, text: 'The official resource gets the events, and forwards them to this one.' };
  if (resourceName === 'sonorancad') return { name, ok: true, text: 'The resource has the name that the CAD calls.' };
  const text = `The CAD calls /sonorancad/event, but this resource's folder is named ${resourceName}.`;
  return { name, ok: false, text, fix: 'rename it to sonorancad' };
}

/** @returns nothing while another finding says what to do first */
function fixOfEntry(look: Look): Pick<Finding, 'fix'> {
  const { comparison, doubt, communityId, config, resourceName } = look;
  const isForeign =
    config.communityID !== '' && communityId !== '' && !isSameCommunity(config.communityID, communityId);
  if (isForeign || (comparison.wanted !== null && doubt?.endsBy === 'command')) return {};
  const isDifferent = [comparison.address, comparison.port].includes('different');
  const canBeWritten = comparison.wanted !== null && doubt === null;
  const otherwise = canBeWritten
    ? `, or type "${resourceName} reload" to have it written`
    : orByConfig(look, isDifferent ? 'auto' : 'add');
  return { fix: `${byHand(look)}${otherwise}` };
}

function orByConfig({ settings, config, isBeside }: Look, mode: 'add' | 'auto'): string {
  if (isBeside || settings.mode === mode || settings.mode === 'auto') return '';
  return `, or ${config.disableOverride ? 'disableOverride to false and ' : ''}registration to ${mode}`;
}

/** @returns what to enter in the CAD, value by value */
function byHand(look: Look): string {
  const { settings, comparison } = look;
  if (comparison.entry !== null) return `set ${fieldsToSet(look).join(' and ')} in the CAD's server settings`;
  const host = settings.host ?? '<its public address>';
  const port = settings.port ?? '<its port>';
  return `enter a server with id ${settings.serverId}, mapIp ${host} and listenerPort ${port} in the CAD's server settings`;
}

function fieldsToSet({ settings, comparison: { host, address, port } }: Look): string[] {
  const isWrong = (agreement: Comparison['address']) => agreement !== 'same' && agreement !== 'unknown';
  const hosts = isWrong(address) && host !== null ? [`mapIp to ${host}`] : [];
  return isWrong(port) && settings.port !== null ? [...hosts, `listenerPort to ${settings.port}`] : hosts;
}
