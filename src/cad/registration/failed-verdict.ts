import type { ApiError } from '../api/api-result.ts';
import { isPassing } from './amend-list.ts';
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
 * @param isRepeated whether what may end better is asked again
 * @returns the verdict when a request to the CAD came to nothing
 */
export function failedVerdict(
  error: ApiError,
  known: readonly VerdictCheck[],
  quote: Quote,
  isRepeated: boolean,
): Verdict {
  const message = shownAsIs(error.message, quote).replace(/\.$/, '');
  if (error.kind === 'key') {
    const text = `${message}.`;
    const fix = 'set apiKey to the key that the CAD shows';
    return { ok: false, level: 'error', line: text, url: null, checks: [{ name: 'key', ok: false, text, fix }] };
  }
  const isPlan = error.kind === 'plan';
  const name = isPlan ? 'plan' : 'api';
  const text = `The CAD did not say where it sends push events: ${message}`;
  const again = isRepeated && isPassing(error) ? '; it is asked again by itself' : '';
  return {
    ok: false,
    level: 'warn',
    line: `${text}${again}.`,
    url: null,
    checks: [...known.filter((check) => check.name !== name), { name, ok: false, text: `${text}.` }],
  };
}
