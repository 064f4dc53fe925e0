import { isIP, isIPv4 } from 'node:net';
import { hostInUrl, isPublicIpv4, withoutBrackets } from '../../lib/addresses.ts';
import type { Finding } from '../../lib/finding.ts';
import { quoteText } from '../../lib/text.ts';
import type { ApiError } from '../api/results.ts';
import type { Facts, FactsReaderOptions, Unanswered } from './facts.ts';
import { type Comparison, idOf, isSameCommunity, type ServerList, textOf, writes } from './server-list.ts';

/** A finding about the way of push events from the CAD to this server, with what the report's one sentence says of it. */
interface EntryFinding extends Finding {
  /** The trouble in a few words, where there is some. */
  readonly problem?: string;
  /** A field of the CAD's entry that `fix` sets, and to what. */
  readonly set?: string;
}

/** How push events come from the CAD to this server. */
export interface RegistrationReport {
  readonly ok: boolean;
  readonly level: 'info' | 'warn' | 'error';
  /** One sentence, safe for the console: what the CAD does, whether that is right, and what to change if not. */
  readonly line: string;
  /** The exact URL that the CAD calls; null when it has none, or it is not known. */
  readonly url: string | null;
  readonly checks: readonly Finding[];
}

const OBSTACLES = {
  large: "the CAD's list is too large to be changed from here",
  damaged: "the stored copy of the CAD's list cannot be read",
  empty: "the CAD's list is empty",
  shorter: "the CAD's list is shorter than it was before",
};

const KEY_ACCEPTED = fine('key', 'The CAD accepts the API key.');
const MAX_NAMED = 5;
const MODES = ['off', 'check', 'add', 'auto'] as const;

/** What is checked, in the order in which doctor prints it. */
const CHECKS: readonly ((facts: Facts) => EntryFinding | null)[] = [
  () => KEY_ACCEPTED,
  checkPlan,
  checkCommunity,
  checkList,
  checkServer,
  checkAddress,
  checkPort,
  ({ resourceName, settings }) => checkResource(resourceName, settings.isBeside),
];

/** @returns what the checks find in a server list that was read */
export function reportOf(facts: Facts): RegistrationReport {
  const { settings, comparison, writing } = facts;
  const findings = CHECKS.flatMap((check) => check(facts) ?? []);
  const url = pushUrl(comparison);
  const { entry } = comparison;
  const server = entry === null ? '' : `server ${settings.serverId}, ${shownName(entry.name)}`;
  const head =
    url === null
      ? `The CAD does not know where to send push events${server === '' ? '' : ` for ${server}`}`
      : `The CAD sends push events to ${shownAsIs(url)} (${server})`;
  const problems = findings.flatMap(({ problem }) => problem ?? []);
  if (writing.kind === 'failed')
    problems.push(`its entry could not be written (${shownAsIs(withoutDot(writing.why))})`);
  const ok = findings.every((finding) => finding.ok) && writing.kind !== 'failed';
  const isNamedRight = findings.every((finding) => finding.name !== 'resource' || finding.ok);
  return {
    ok,
    // With registration off the entry is the operator's own business; the folder's name is not.
    level: ok || (settings.mode === 'off' && isNamedRight) ? 'info' : 'warn',
    line: `${head}${ending(problems, url !== null, fixesOf(findings, facts), facts)}.`,
    url,
    checks: findings.map(({ problem: _, set: __, ...finding }) => finding),
  };
}

/** @returns the report when nothing may be asked of the CAD, or a request to it came to nothing */
export function unansweredReport({ error, version }: Unanswered, own: FactsReaderOptions): RegistrationReport {
  const report = error === null ? disabledReport(own) : failedReport(error, version);
  const { problem: _, ...finding } = checkResource(own.resourceName, !own.mayRegister());
  return { ...report, checks: [...report.checks, finding] };
}

function disabledReport({ config, gamePort }: FactsReaderOptions): RegistrationReport {
  const { apiSendEnabled, publicHost, publicPort } = config();
  const text = `Nothing was asked of the CAD, since ${apiSendEnabled ? 'there is no usable API key' : 'apiSendEnabled is false'}`;
  const url = `http://${publicHost || "<this server's address>"}:${publicPort || gamePort || '<its port>'}/sonorancad/event`;
  return {
    ok: false,
    level: 'info',
    line: `${text}: make sure that its server settings lead to ${url}.`,
    url: null,
    checks: [
      apiSendEnabled
        ? { name: 'api', ok: false, text: `${text}.`, fix: 'set apiKey' }
        : // Switched off on purpose, by an operator or the stand-in: there is nothing to mend.
          { name: 'api', ok: null, text: `${text}.` },
    ],
  };
}

function failedReport(error: ApiError, version: Unanswered['version']): RegistrationReport {
  const message = withoutDot(shownAsIs(error.message));
  if (error.kind === 'key') {
    const text = `${message}.`;
    const fix = 'set apiKey to the key that the CAD shows';
    return { ok: false, level: 'error', line: text, url: null, checks: [{ name: 'key', ok: false, text, fix }] };
  }
  const known = version === null ? [] : [KEY_ACCEPTED, checkPlan({ version })];
  const name = error.kind === 'plan' ? 'plan' : 'api';
  // What follows from it stands between what has failed and what can be done about it.
  const [, what = message, mark = '', advice = ''] = /^(.*?)(: |\. )(.*)$/s.exec(message) ?? [];
  const text = `${what}, so it is not known where push events are sent${mark}${advice}.`;
  const checks = [...known.filter((finding) => finding.name !== name), { name, ok: false, text }];
  return { ok: false, level: 'warn', line: text, url: null, checks };
}

function ending(
  problems: readonly string[],
  hasUrl: boolean,
  fixes: readonly string[],
  { writing, comparison, settings }: Facts,
): string {
  const written = writing.kind === 'done' ? `; its entry in the CAD was ${writing.change} just now` : '';
  const isCompared = comparison.address !== 'declared' && settings.host !== null;
  if (problems.length === 0)
    return `${isCompared ? ', which is this server' : ', with the port of this server'}${written}`;
  const advice = fixes.length === 0 ? '' : `: ${fixes.join('; ')}`;
  return `${hasUrl ? ', but ' : ', since '}${problems.join(', and ')}${advice}${written}`;
}

/** Fields that are set in the same place make one piece of advice. */
function fixesOf(findings: readonly EntryFinding[], facts: Facts): string[] {
  // The entry of another community is not to be made this server's.
  const sets = facts.settings.isForeign ? [] : findings.flatMap(({ set }) => set ?? []);
  const others = findings.flatMap(({ set, fix }) => (set === undefined ? (fix ?? []) : []));
  return sets.length === 0 ? others : [settingFix(sets, facts), ...others];
}

/** @returns where the CAD sends this server's push events; null when the entry does not say it */
function pushUrl({ entry }: Comparison): string | null {
  if (entry === null || entry.host === '' || entry.port === '') return null;
  return `http://${hostInUrl(entry.host)}:${entry.port}/sonorancad/event`;
}

/** What the CAD says of the plan: the push events themselves need none. */
function checkPlan({ version: { version, name } }: Pick<Facts, 'version'>): EntryFinding {
  return fine('plan', `The community's plan is ${name.trim() === '' ? `number ${version}` : shownName(name)}.`);
}

/** Whether `communityID` is the community that the key belongs to. */
function checkCommunity({ community, config: { communityID, transport } }: Facts): EntryFinding {
  const name = 'community';
  const theirs = community.ok ? community.data.comId.trim() : '';
  if (theirs === '') {
    const why = community.ok ? 'the CAD did not name it' : withoutDot(community.error.message);
    return wrong(name, `the key's community could not be read (${shownAsIs(why)})`);
  }
  const shown = shownName(theirs);
  if (isSameCommunity(communityID, theirs)) return fine(name, `communityID is the key's community, ${shown}.`);
  // Only the session with the CAD needs it.
  if (communityID === '' && transport === 'http')
    return fine(name, `communityID is not set; the key's community is ${shown}.`);
  const isSet = communityID !== '';
  const configured = shownName(communityID);
  const problem = isSet
    ? `communityID is ${configured}, while the key belongs to another community`
    : 'communityID is not set';
  const fix = `set communityID to ${shown}${isSet ? `, or apiKey to the key of ${configured}` : ''}`;
  return wrong(name, problem, { text: `The key's community is ${shown}, but ${problem}.`, fix });
}

/** Whether the list can be written where something in it should be changed. */
function checkList(facts: Facts): EntryFinding | null {
  const { comparison, obstacle, resourceName } = facts;
  if (obstacle === null || obstacle.kind === 'community' || comparison.wanted === null) return null;
  const problem =
    obstacle.kind === 'partial'
      ? obstacle.why
      : obstacle.kind === 'lost'
        ? `the CAD's list came without ${shownServers(obstacle.servers)}, which it had before`
        : OBSTACLES[obstacle.kind];
  const text = `Nothing is written to the CAD's list: ${problem}.`;
  if (!isForOperator(facts)) return wrong('list', problem, { text });
  return wrong('list', problem, {
    text,
    fix: `type "${resourceName} register" into this server's console if that is right`,
  });
}

/** Whether the server is in the list. */
function checkServer(facts: Facts): EntryFinding {
  const { settings, servers, writing, comparison } = facts;
  const id = settings.serverId;
  if (comparison.entry !== null)
    return fine('server', `Server ${id} is ${shownName(comparison.entry.name)} in the CAD's list.`);
  const isTooMany = settings.hasOneServer && servers.length > 0;
  const limit = isTooMany ? ', and the free plan has room for one server only' : '';
  const problem = `server ${id} is not in the CAD's list${limit}`;
  if (isForOperator(facts)) return wrong('server', problem);
  const pick =
    servers.length === 0 ? 'add it in the CAD' : `set serverId to one of its servers (${shownServers(servers)})`;
  const isKnown = settings.host !== null && settings.port !== null;
  const otherwise =
    writes(settings) && !isKnown ? 'set publicHost and publicPort so that it can be added' : otherwiseFix(facts);
  if (writing.kind === 'pending' && otherwise !== null) return wrong('server', problem, { fix: otherwise });
  const fixes = [pick, isTooMany ? null : otherwise].filter((fix) => fix !== null);
  return wrong('server', problem, { fix: fixes.join(', or ') });
}

/** Whether the entry's address is this server's. */
function checkAddress(facts: Facts): EntryFinding | null {
  const { settings, comparison } = facts;
  const { address, entry } = comparison;
  if (entry === null) return null;
  const name = 'address';
  const shown = shownAsIs(entry.host);
  const is = shown === '' ? 'empty' : shown;
  if (address === 'declared') {
    const text = `mapIp is ${shown}, and the CAD's entry says that this server's own requests come from another address; it was not compared.`;
    return fine(name, text);
  }
  const isOnlyOutgoing = entry.hasOtherOutgoing && !settings.isHostConfigured;
  if (settings.host === null || (address === 'blank' && isOnlyOutgoing)) {
    if (settings.mode === 'off' && address === 'unknown')
      return fine(name, `mapIp is ${is}; it was not compared, since registration is off.`);
    const unknown = "this server's public address could not be found out";
    const problem = `${shown === '' ? 'its address is empty, and ' : ''}${unknown}`;
    return wrong(name, problem, { text: `mapIp is ${is}; ${unknown}.`, fix: 'set publicHost' });
  }
  const unreachable = settings.isHostConfigured ? unreachableHost(settings.host) : null;
  if (unreachable !== null) return unreachable;
  const subject = settings.isHostConfigured ? 'publicHost' : "this server's public address";
  if (address === 'same') return fine(name, `mapIp is ${shown}, which is ${subject}.`);
  const isName = address === 'unresolved' ? ', and the name between them could not be looked up' : '';
  const problem = `${subject} is ${settings.host}${isName}`;
  return fieldFinding(facts, name, shown, problem);
}

/** An operator may have reasons for an address that the CAD does not seem able to use. */
function unreachableHost(host: string): EntryFinding | null {
  const bare = withoutBrackets(host);
  if (isIP(bare) === 0 || isPublicIpv4(bare)) return null;
  const why = isIPv4(bare) ? 'which cannot be reached from the internet' : 'while the CAD takes IPv4 addresses';
  const problem = `publicHost is ${host}, ${why}`;
  return wrong('address', problem, {
    text: `${problem}.`,
    fix: 'set publicHost to a public IPv4 address or a host name',
  });
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
    const text = `listenerPort is ${shown === '' ? 'empty' : shown}, but ${problem}.`;
    return wrong(name, problem, {
      text,
      fix: 'put endpoint_add_tcp before the resources in server.cfg, or set publicPort',
    });
  }
  const problem = settings.isPortConfigured
    ? `publicPort is ${settings.port}`
    : `this server listens on port ${settings.port}`;
  if (port === 'same') return fine(name, `listenerPort is ${shown}, and ${problem}.`);
  return fieldFinding(facts, name, shown, problem);
}

/** Whether the path that the CAD calls leads to this resource: that can be said without an answer of the CAD's. */
function checkResource(resourceName: string, isBeside: boolean): EntryFinding {
  const name = 'resource';
  if (isBeside) return fine(name, 'The official resource gets the events, and forwards them to this one.');
  if (resourceName === 'sonorancad') return fine(name, 'The resource has the name that the CAD calls.');
  const problem = `this resource's folder is named ${resourceName}`;
  return wrong(name, problem, {
    text: `The CAD calls /sonorancad/event, but ${problem}.`,
    fix: 'rename it to sonorancad',
  });
}

function fine(name: string, text: string): EntryFinding {
  return { name, ok: true, text };
}

/** @param text the problem as a sentence, unless given */
function wrong(
  name: string,
  problem: string,
  { text = `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`, ...fix }: { text?: string; fix?: string } = {},
): EntryFinding {
  return { name, ok: false, text, problem, ...fix };
}

/** @returns what is wrong with a field of the entry that is empty or another than ours */
function fieldFinding(facts: Facts, name: 'address' | 'port', shown: string, problem: string): EntryFinding {
  const { settings, comparison } = facts;
  const [field, ours] = name === 'address' ? ['mapIp', settings.host] : ['listenerPort', settings.port];
  const isBlank = comparison[name] === 'blank';
  const text = isBlank ? `${field} is empty.` : `${field} is ${shown}, but ${problem}.`;
  const finding = wrong(name, isBlank ? `its ${name} is empty` : problem, { text });
  if (isForOperator(facts)) return finding;
  const set = `${field} to ${ours}`;
  return { ...finding, set, fix: settingFix([set], facts) };
}

/** Whether only the operator can say that the list is right, so that the list's finding has the one thing to do. */
function isForOperator({ comparison, obstacle }: Facts): boolean {
  if (obstacle === null || comparison.wanted === null) return false;
  return obstacle.kind !== 'community' && obstacle.kind !== 'partial' && obstacle.kind !== 'large';
}

/** @param sets fields of the CAD's entry, and to what. @returns how they come to be so */
function settingFix(sets: readonly string[], facts: Facts): string {
  const otherwise = otherwiseFix(facts);
  if (facts.writing.kind === 'pending' && otherwise !== null) return otherwise;
  const inCad = `set ${sets.join(' and ')} in the CAD's server settings`;
  return otherwise === null ? inCad : `${inCad}, or ${otherwise}`;
}

/** @returns how the entry comes right other than in the CAD: written from here, or by a change of the configuration; null when by neither */
function otherwiseFix({ settings, comparison, obstacle, writing }: Facts): string | null {
  const { address, port, entry } = comparison;
  const needed = [address, port].includes('different') ? 'auto' : [address, port].includes('blank') ? 'add' : null;
  if (needed === null || writing.kind === 'failed' || settings.isBeside || settings.isForeign) return null;
  if (MODES.indexOf(settings.mode) < MODES.indexOf(needed))
    return `${settings.isOverrideDisabled ? 'disableOverride to false and ' : ''}registration to ${needed}`;
  if (comparison.wanted === null || obstacle !== null) return null;
  if (writing.kind !== 'pending') return 'reload this resource to have it written';
  return entry === null ? 'it is written within two minutes' : 'it is written within a minute';
}

/** @returns servers by id and name, the first few of them */
export function shownServers(list: ServerList): string {
  const shown = list
    .slice(0, MAX_NAMED)
    .map((entry) => `${shownAsIs(idOf(entry))} ${shownName(textOf(entry, 'name'))}`);
  return `${shown.join(', ')}${list.length > MAX_NAMED ? ', …' : ''}`;
}

/** @returns a name in double quotes */
function shownName(text: string): string {
  const quoted = quoteText(text);
  return quoted.startsWith('"') ? quoted : `"${quoted}"`;
}

/** @returns a sentence or address as it is; in double quotes when something in it had to be made safe */
function shownAsIs(text: string): string {
  const quoted = quoteText(text);
  return quoted === `"${text.replaceAll('"', '\\"')}"` ? text : quoted;
}

const withoutDot = (sentence: string): string => sentence.replace(/\.$/, '');
