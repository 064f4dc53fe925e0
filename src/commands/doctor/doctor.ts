import { type Check, type Finding, findingsOf, type Problem } from '../../lib/finding.ts';
import { checkTargets, type TargetReport } from './forwarding-checks.ts';
import {
  type AskHttp,
  checkListener,
  checkPublicUrl,
  checkServerInfo,
  type OwnProbe,
  type OwnServer,
} from './own-server-checks.ts';

export interface DoctorOptions {
  readonly own: OwnServer;
  readonly ask: AskHttp;
  readonly probe: OwnProbe;
  problems(): readonly Problem[];
  /** All API keys in force. */
  keys(): readonly string[];
  /** Asks the CAD once more, and writes nothing. */
  checkCad(): Promise<{ readonly url: string | null; readonly checks: readonly Finding[] }>;
  /** How the session with the CAD is doing. */
  session(): Finding;
  forwarding(): readonly TargetReport[];
  /** Why nothing is forwarded although that is configured in part, in a sentence; null otherwise. */
  idleBecause(): string | null;
}

/** What the checks of one look share: the CAD is asked once. */
type Look = DoctorOptions & { readonly cad: ReturnType<DoctorOptions['checkCad']> };

/** In the order in which the findings are printed. */
const CHECKS: readonly Check<Look>[] = [
  checkConfig,
  async ({ cad }) => (await cad).checks,
  ({ ask, own, probe }) => checkListener(ask, own, probe),
  async ({ ask, cad }) => checkPublicUrl(ask, (await cad).url),
  checkWays,
  ({ ask, own, keys }) => checkServerInfo(ask, own, keys()),
  checkForwarding,
];

function checkConfig({ problems, own }: Look): Finding | readonly Finding[] {
  const wrong = problems();
  if (wrong.length === 0) return { ok: true, text: 'The configuration is valid.' };
  return findingsOf(wrong, `Correct it in config.json or by its convar, then "${own.resourceName} reload".`);
}

/** Without a key to compare with, no event comes in by any way. */
function checkWays({ keys, session, own }: Look): Finding {
  if (keys().length > 0) return session();
  return {
    ok: false,
    text: 'No event comes in: there is no API key.',
    fix: `set apiKey to the key that the CAD shows, then "${own.resourceName} reload"`,
  };
}

function checkForwarding({ forwarding, idleBecause, own }: Look): Finding | readonly Finding[] {
  const targets = forwarding();
  if (targets.length > 0) return checkTargets(targets, own.resourceName);
  const why = idleBecause();
  return why === null ? { ok: true, text: 'Nothing is forwarded.' } : { ok: null, text: why };
}

/**
 * Makes `doctor`, which checks everything once more and says what to do about what is wrong.
 *
 * @returns gives what was found, as soon as the CAD has answered. Everyone who asks meanwhile gets the same
 */
export function createDoctor(options: DoctorOptions): () => Promise<readonly Finding[]> {
  let looking: Promise<readonly Finding[]> | null = null;

  async function look(): Promise<readonly Finding[]> {
    const shared = { ...options, cad: options.checkCad() };
    const findings = await Promise.all(CHECKS.map((check) => check(shared)));
    return findings.flat();
  }

  return () => {
    looking ??= look().finally(() => {
      looking = null;
    });
    return looking;
  };
}
