import type { ApiError } from '../api/results.ts';
import {
  CHECKS,
  checkPlan,
  type EntryFinding,
  type Facts,
  KEY_ACCEPTED,
  type NamedFinding,
  settingFix,
  shownAsIs,
  shownName,
} from './checks.ts';
import type { Comparison, RegistrationConfig } from './own-entry.ts';

/** How push events come from the CAD to this server. */
export interface RegistrationReport {
  readonly ok: boolean;
  readonly level: 'info' | 'warn' | 'error';
  /** One sentence, safe for the console: what the CAD does, whether that is right, and what to change if not. */
  readonly line: string;
  /** The exact URL that the CAD calls; null when it has none, or it is not known. */
  readonly url: string | null;
  readonly checks: readonly NamedFinding[];
}

/** @returns what the checks say of a server list that was read */
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
    problems.push(`its entry could not be written (${shownAsIs(writing.why.replace(/\.$/, ''))})`);
  const ok = findings.every((finding) => finding.ok) && writing.kind !== 'failed';
  const isNamedRight = findings.every((finding) => finding.name !== 'resource' || finding.ok);
  return {
    ok,
    // With registration off the entry is the operator's own business; the folder's name is not.
    level: ok || (settings.mode === 'off' && isNamedRight) ? 'info' : 'warn',
    line: `${head}${ending(problems, url !== null, fixesOf(findings, facts), facts)}.`,
    url,
    checks: findings.map(named),
  };
}

/**
 * @param gamePort 0 when it is not known
 * @returns the report when nothing may be asked of the CAD
 */
export function disabledReport(
  { apiSendEnabled, publicHost, publicPort }: RegistrationConfig,
  gamePort: number,
): RegistrationReport {
  const why = apiSendEnabled ? 'there is no usable API key' : 'apiSendEnabled is false';
  const url = `http://${publicHost || "<this server's address>"}:${publicPort || gamePort || '<its port>'}/sonorancad/event`;
  const text = `Nothing was asked of the CAD, since ${why}.`;
  const fix = apiSendEnabled ? 'set apiKey' : 'set apiSendEnabled to true';
  return {
    ok: false,
    level: 'info',
    line: `Nothing was asked of the CAD, since ${why}: see to it that its server settings lead to ${url}.`,
    url: null,
    checks: [{ name: 'api', ok: apiSendEnabled ? false : null, text, fix }],
  };
}

/**
 * @param version the community's plan; null when the request for it was the one that failed
 * @returns the report when a request to the CAD came to nothing
 */
export function failedReport(error: ApiError, version: Facts['version'] | null): RegistrationReport {
  const message = shownAsIs(error.message).replace(/\.$/, '');
  if (error.kind === 'key') {
    const text = `${message}.`;
    const fix = 'set apiKey to the key that the CAD shows';
    return { ok: false, level: 'error', line: text, url: null, checks: [{ name: 'key', ok: false, text, fix }] };
  }
  const known = version === null ? [] : [KEY_ACCEPTED, checkPlan({ version })];
  const name = error.kind === 'plan' ? 'plan' : 'api';
  const text = withConsequence(message);
  const checks = [...known.filter((finding) => finding.name !== name), { name, ok: false, text } as const];
  return { ok: false, level: 'warn', line: text, url: null, checks };
}

/** Puts what follows from a failed request between what has failed and what can be done about it. */
function withConsequence(message: string): string {
  const [, what = message, mark = '', advice = ''] = /^(.*?)(: |\. )(.*)$/s.exec(message) ?? [];
  return `${what}, so it is not known where push events are sent${mark}${advice}.`;
}

function ending(problems: readonly string[], hasUrl: boolean, fixes: readonly string[], facts: Facts): string {
  const { writing, comparison, settings } = facts;
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
  const host = /^[0-9a-f:]*:[0-9a-f:.]*:[0-9a-f.]*$/i.test(entry.host) ? `[${entry.host}]` : entry.host;
  return `http://${host}:${entry.port}/sonorancad/event`;
}

/** @returns a finding without what only the report's one sentence needs */
export function named({ name, ok, text, fix }: NamedFinding): NamedFinding {
  return fix === undefined ? { name, ok, text } : { name, ok, text, fix };
}
