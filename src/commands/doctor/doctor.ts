import { describeFindings, type Finding, findingsOf, type Problem } from '../../lib/finding.ts';
import type { Subcommand } from '../command.ts';
import { checkTargets, type TargetReport } from './forwarding-checks.ts';
import { type AskHttp, checkListener, checkPublicUrl, checkServerInfo, type OwnServer } from './own-server-checks.ts';

/** `doctor`: looks at everything once more. */
export function createDoctorCommand(doctor: Doctor): Subcommand {
  return {
    description: 'checks everything from the key to the way to your web servers, and says what to do',
    run: () => doctor.look(),
  };
}

/** `register`: the operator's word that the CAD's list of servers is right as it is, so that this server may be entered into it. */
export function createRegisterCommand(name: string, register: () => void): Subcommand {
  return {
    description: "enters this server into the CAD's list, also where that is empty or lacks servers that it had",
    run(_words, source) {
      if (source > 0) return [`"${name} register" is for the server's own console.`];
      register();
      return [
        "The CAD's list is read, and read again before it is written; the outcome follows here within two minutes.",
      ];
    },
  };
}

export interface DoctorOptions {
  readonly own: OwnServer;
  readonly ask: AskHttp;
  problems(): readonly Problem[];
  /** All API keys in force. */
  keys(): readonly string[];
  /** Asks the CAD once more, and writes nothing. */
  examine(): Promise<{ readonly url: string | null; readonly checks: readonly Finding[] }>;
  /** How the session with the CAD is doing. */
  session(): Finding;
  forwarding(): readonly TargetReport[];
  /** Why nothing is forwarded although that is configured in part, in a sentence; null otherwise. */
  idleBecause(): string | null;
}

/** Looks at everything once more, and says of each thing whether it is right and what to do if not. */
export interface Doctor {
  /** Takes as long as the CAD takes to answer. One look at a time: whoever asks meanwhile gets the same. @returns lines to print */
  look(): Promise<readonly string[]>;
}

export function createDoctor(options: DoctorOptions): Doctor {
  const { own, ask, keys } = options;
  let looking: Promise<readonly string[]> | null = null;

  function checkConfig(): Finding[] {
    const wrong = options.problems();
    if (wrong.length === 0) return [{ ok: true, text: 'The configuration is valid.' }];
    return findingsOf(wrong, `Correct it in config.json or by its convar, then "${own.resourceName} reload".`);
  }

  function checkForwarding(): Finding[] {
    const targets = options.forwarding();
    if (targets.length > 0) return checkTargets(targets, own.resourceName);
    const why = options.idleBecause();
    return [why === null ? { ok: true, text: 'Nothing is forwarded.' } : { ok: null, text: why }];
  }

  /** By no way does an event come in that has no key to be compared with. */
  function checkWays(): Finding {
    if (keys().length > 0) return options.session();
    return {
      ok: false,
      text: 'No event comes in: there is no API key.',
      fix: `set apiKey to the key that the CAD shows, then "${own.resourceName} reload"`,
    };
  }

  async function lookOnce(): Promise<readonly string[]> {
    const [{ url, checks }, listener, info] = await Promise.all([
      options.examine(),
      checkListener(ask, own),
      checkServerInfo(ask, own, keys()),
    ]);
    return describeFindings([
      ...checkConfig(),
      ...checks,
      listener,
      await checkPublicUrl(ask, url),
      checkWays(),
      info,
      ...checkForwarding(),
    ]);
  }

  return {
    look() {
      looking ??= lookOnce().finally(() => {
        looking = null;
      });
      return looking;
    },
  };
}
