import type { ApiResult } from '../api/api-result.ts';
import { type EntryFacts, entryFindings, settingFix } from './entry-findings.ts';
import { communityFinding, type Finding, planFinding, resourceFinding, toCheck } from './findings.ts';
import type { RegistrationConfig } from './settings.ts';
import { type Quote, shownAsIs, shownName } from './shown-text.ts';
import type { Verdict } from './verdict.ts';

/** What the CAD said, and what it was compared with. */
export interface Facts extends EntryFacts {
  readonly config: RegistrationConfig;
  /** The configuration by which the CAD was asked, maybe before a reload. */
  readonly askedBy: RegistrationConfig;
  readonly resourceName: string;
  readonly version: { readonly version: number; readonly name: string };
  readonly community: ApiResult<{ comId: string; name: string }>;
  /** What the echo services said; null when they were not asked, or do not agree. */
  readonly askedAddress: string | null;
}

/** What it means that the CAD answered. */
export const keyAccepted: Finding = { name: 'key', ok: true, text: 'The CAD accepts the API key.' };

/** @returns the verdict on a server list that was read */
export function judge(facts: Facts, quote: Quote): Verdict {
  const { settings, assessment, writing, config, resourceName } = facts;
  const name = resourceFinding(resourceName, settings);
  const findings = [
    keyAccepted,
    planFinding(facts.version, quote),
    communityFinding(facts.community, config, quote),
    ...entryFindings(facts, quote),
    name,
  ];
  const url = pushUrl(facts);
  const { entry } = assessment;
  const server = entry === null ? '' : `server ${settings.serverId}, ${shownName(entry.name, quote)}`;
  const head =
    url === null
      ? `The CAD does not know where to send push events${server === '' ? '' : ` for ${server}`}`
      : `The CAD sends push events to ${shownAsIs(url, quote)} (${server})`;
  const problems = findings.flatMap(({ problem }) => problem ?? []);
  if (writing.kind === 'failed')
    problems.push(`its entry could not be written (${shownAsIs(writing.why.replace(/\.$/, ''), quote)})`);
  const ok = findings.every((finding) => finding.ok) && writing.kind !== 'failed';
  return {
    ok,
    // Without registration the entry is nobody's business here; the name is.
    level: ok || (settings.mode === 'off' && name.ok) ? 'info' : 'warn',
    line: `${head}${ending(problems, url !== null, fixesOf(findings, facts), facts)}.`,
    url,
    checks: findings.map(toCheck),
  };
}

function ending(problems: readonly string[], hasUrl: boolean, fixes: readonly string[], facts: EntryFacts): string {
  const { writing, assessment, settings } = facts;
  const written = writing.kind === 'done' ? `; its entry in the CAD was ${writing.change} just now` : '';
  const isCompared = assessment.address !== 'declared' && settings.host !== null;
  if (problems.length === 0)
    return `${isCompared ? ', which is this server' : ', with the port of this server'}${written}`;
  const advice = fixes.length === 0 ? '' : `: ${fixes.join('; ')}`;
  return `${hasUrl ? ', but ' : ', since '}${problems.join(', and ')}${advice}${written}`;
}

/** Fields that are set in the same place make one piece of advice. */
function fixesOf(findings: readonly Finding[], facts: EntryFacts): string[] {
  // The entry of another community is not to be made this server's.
  const sets = facts.settings.isForeign ? [] : findings.flatMap(({ set }) => set ?? []);
  const others = findings.flatMap(({ set, fix }) => (set === undefined ? (fix ?? []) : []));
  return sets.length === 0 ? others : [settingFix(sets, facts), ...others];
}

/** @returns where the CAD sends this server's push events; null when the entry does not say it */
function pushUrl({ assessment: { entry } }: Facts): string | null {
  if (entry === null || entry.host === '' || entry.port === '') return null;
  const host = /^[0-9a-f:]*:[0-9a-f:.]*:[0-9a-f.]*$/i.test(entry.host) ? `[${entry.host}]` : entry.host;
  return `http://${host}:${entry.port}/sonorancad/event`;
}
