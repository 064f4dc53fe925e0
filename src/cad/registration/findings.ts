import type { ApiResult } from '../api/api-result.ts';
import { isSameCommunity, type RegistrationConfig, type Settings } from './settings.ts';
import { type Quote, shownAsIs, shownName } from './shown-text.ts';
import type { VerdictCheck } from './verdict.ts';

/** A check, with what the verdict's one sentence says of it. */
export interface Finding extends VerdictCheck {
  /** The trouble in a few words, where there is some. */
  readonly problem?: string;
  /** A field of the CAD's entry that `fix` sets, and to what. */
  readonly set?: string;
}

const NO_PLAN_NAME = /^\s*$/;

/** @returns what the CAD says of the plan: the push events themselves need none */
export function planFinding({ version, name }: { version: number; name: string }, quote: Quote): Finding {
  const plan = NO_PLAN_NAME.test(name) ? `number ${version}` : shownName(name, quote);
  return { name: 'plan', ok: true, text: `The community's plan is ${plan}.` };
}

/** @returns whether `communityID` is the community that the key belongs to */
export function communityFinding(
  community: ApiResult<{ comId: string; name: string }>,
  { communityID, transport }: RegistrationConfig,
  quote: Quote,
): Finding {
  const name = 'community';
  if (!community.ok) {
    const problem = `the key's community could not be read (${shownAsIs(community.error.message.replace(/\.$/, ''), quote)})`;
    return { name, ok: false, text: `${problem.replace(/^t/, 'T')}.`, problem };
  }
  const theirs = community.data.comId.trim();
  const shown = shownName(theirs, quote);
  if (isSameCommunity(communityID, theirs))
    return { name, ok: true, text: `communityID is the key's community, ${shown}.` };
  // Only the session with the CAD needs it.
  if (communityID === '' && transport === 'http')
    return { name, ok: true, text: `communityID is not set; the key's community is ${shown}.` };
  const orKey = communityID === '' ? '' : `, or apiKey to the key of ${shownName(communityID, quote)}`;
  const fix = `set communityID to ${shown}${orKey}`;
  const problem =
    communityID === ''
      ? 'communityID is not set'
      : `communityID is ${shownName(communityID, quote)}, while the key belongs to another community`;
  return { name, ok: false, text: `The key's community is ${shown}, but ${problem}.`, fix, problem };
}

/** @returns whether the path that the CAD calls leads to this resource */
export function resourceFinding(resourceName: string, { isBeside }: Pick<Settings, 'isBeside'>): Finding {
  const name = 'resource';
  if (isBeside)
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

/** @returns a finding without what only the verdict's one sentence needs */
export function toCheck({ name, ok, text, fix }: Finding): VerdictCheck {
  return fix === undefined ? { name, ok, text } : { name, ok, text, fix };
}
