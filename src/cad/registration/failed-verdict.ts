import type { ApiError } from '../api/api-result.ts';
import type { RegistrationConfig } from './settings.ts';
import { type Quote, shownAsIs } from './shown-text.ts';
import type { Verdict, VerdictCheck } from './verdict.ts';

/**
 * @param gamePort 0 when it is not known
 * @returns the verdict when nothing may be asked of the CAD
 */
export function disabledVerdict(
  { apiSendEnabled, publicHost, publicPort }: RegistrationConfig,
  gamePort: number,
): Verdict {
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
 * @param known what was found before the request failed
 * @returns the verdict when a request to the CAD came to nothing
 */
export function failedVerdict(error: ApiError, known: readonly VerdictCheck[], quote: Quote): Verdict {
  const message = shownAsIs(error.message, quote).replace(/\.$/, '');
  if (error.kind === 'key') {
    const text = `${message}.`;
    const fix = 'set apiKey to the key that the CAD shows';
    return { ok: false, level: 'error', line: text, url: null, checks: [{ name: 'key', ok: false, text, fix }] };
  }
  const isPlan = error.kind === 'plan';
  const name = isPlan ? 'plan' : 'api';
  const text = withConsequence(message);
  return {
    ok: false,
    level: 'warn',
    line: text,
    url: null,
    checks: [...known.filter((check) => check.name !== name), { name, ok: false, text }],
  };
}

/** Puts what follows from a failed request between what has failed and what can be done about it. */
function withConsequence(message: string): string {
  const [, what = message, mark = '', advice = ''] = /^(.*?)(: |\. )(.*)$/s.exec(message) ?? [];
  return `${what}, so it is not known where push events are sent${mark}${advice}.`;
}
