import type { ConfigProblem } from '../config/config-problem.ts';
import type { AskHttp } from './ask-http.ts';
import { type Check, describeChecks } from './check.ts';
import { checkListener, checkPublicUrl, checkServerInfo, type OwnServer } from './own-server-checks.ts';

/** How the session with the CAD is doing, in one sentence. */
export interface SessionReport {
  readonly ok: boolean | null;
  readonly text: string;
  readonly fix?: string;
}

export interface ForwardingReport {
  readonly target: string;
  /** Why it is not being delivered to; null while it is. */
  readonly reason: string | null;
  readonly advice: string | null;
}

export interface DoctorOptions {
  readonly own: OwnServer;
  readonly ask: AskHttp;
  problems(): readonly ConfigProblem[];
  /** All API keys in force. */
  keys(): readonly string[];
  /** Asks the CAD once more, and writes nothing. */
  examine(): Promise<{
    readonly url: string | null;
    readonly checks: readonly { readonly ok: boolean | null; readonly text: string; readonly fix?: string }[];
  }>;
  session(): SessionReport;
  forwarding(): readonly ForwardingReport[];
}

/** Looks at everything once more, and says of each thing whether it is right and what to do if not. */
export interface Doctor {
  /** Takes as long as the CAD takes to answer. One look at a time: whoever asks meanwhile gets the same. @returns lines to print */
  look(): Promise<readonly string[]>;
}

export function createDoctor(options: DoctorOptions): Doctor {
  const { own, ask, keys } = options;
  let looking: Promise<readonly string[]> | null = null;

  function checkConfig(): Check[] {
    const wrong = options.problems();
    if (wrong.length === 0) return [{ ok: true, text: 'The configuration is valid.' }];
    return wrong.map(({ line }) => ({
      ok: false,
      text: line,
      fix: `Correct it in config.json or by its convar, then "${own.resourceName} reload".`,
    }));
  }

  function checkForwarding(): Check[] {
    const targets = options.forwarding();
    if (targets.length === 0) return [{ ok: true, text: 'Nothing is forwarded.' }];
    return targets.map(({ target, reason, advice }) =>
      reason === null
        ? { ok: true, text: `Events are forwarded to ${target}.` }
        : {
            ok: false,
            text: `Events are not delivered to ${target}: ${reason}.`,
            ...(advice !== null && { fix: advice }),
          },
    );
  }

  async function lookOnce(): Promise<readonly string[]> {
    const [{ url, checks }, listener, info] = await Promise.all([
      options.examine(),
      checkListener(ask, own),
      checkServerInfo(ask, own, keys()),
    ]);
    return describeChecks([
      ...checkConfig(),
      ...checks,
      listener,
      await checkPublicUrl(ask, url),
      options.session(),
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
