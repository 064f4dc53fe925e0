import { maskWebhookToken } from '../forward/targets/target-addresses.ts';
import { spellOut } from '../text/spell-out.ts';

const MAX_SHOWN = 60;
const MAX_DEPTH = 3;
const MIN_SECRET = 4;
const MIN_PART = 8;
const MIN_KEY = 16;

/** Every text and number below a value, names of members included. Walks by a list: files can nest too deep to recurse. */
function textsIn(value: unknown): string[] {
  const found: string[] = [];
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string') found.push(next.trim());
    else if (typeof next === 'number') found.push(String(next));
    else if (Array.isArray(next)) for (const element of next) open.push(element);
    else if (typeof next === 'object' && next !== null) for (const pair of Object.entries(next)) open.push(pair);
  }
  return found;
}

const SECRET_NAME = /key|secret|token|password|authorization|header/i;

/** Whether a member's name says that its value must not be shown. */
export const isSecretName = (name: string): boolean => SECRET_NAME.test(name);

function withoutCredentials(text: string): string {
  const shown = maskWebhookToken(text.replace(/^(\w+:\/\/)?.*@/s, '$1***@'));
  return shown.includes('://') ? shown.replace(/\?.*/s, '?***') : shown;
}

// The line becomes the message of a console line, which is written as it is (see "Text that people typed" in the design).
function renderText(text: string): string {
  const shown = withoutCredentials(text);
  return spellOut(JSON.stringify(shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}…` : shown));
}

function renderMember([name, member]: [string, unknown], depth: number): string {
  return `${renderText(name)}:${isSecretName(name) ? '***' : render(member, depth)}`;
}

function render(value: unknown, depth: number): string {
  if (typeof value === 'string') return renderText(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (depth === MAX_DEPTH) return '…';
  if (Array.isArray(value)) return `[${value.slice(0, MAX_SHOWN).map((element) => render(element, depth + 1))}]`;
  const members = Object.entries(value).slice(0, MAX_SHOWN);
  return `{${members.map((member) => renderMember(member, depth + 1))}}`;
}

/** Shows configured values to the operator, but for what must not be read over a shoulder. */
export type Preview = (value: unknown) => string;

// Of a text that should have been JSON and is not, what stands between quotes may be a key.
const quotedIn = (text: string): string[] => text.split('"').filter((part) => part.length >= MIN_KEY);

/** A webhook's secret, wherever it was put. */
const SIGNING_SECRET = /whsec_[A-Za-z0-9+/]{8}/i;

/**
 * Makes a {@link Preview}: one line of at most 60 characters and an ellipsis, without user info in URLs, and `***` in
 * place of a value that holds a secret or a part of one (a key pasted into the wrong line).
 * @param secrets the values of the secret keys, whatever they hold, decoded or not
 */
export function createPreview(secrets: readonly unknown[]): Preview {
  const hidden = textsIn(secrets)
    .filter((text) => text.length >= MIN_SECRET)
    .flatMap((text) => [text, ...quotedIn(text)])
    .map((text) => text.toUpperCase());
  const holdsSecret = (text: string): boolean => {
    if (SIGNING_SECRET.test(text)) return true;
    const upper = text.toUpperCase();
    return hidden.some((secret) => upper.includes(secret) || (upper.length >= MIN_PART && secret.includes(upper)));
  };

  return (value) => {
    if (textsIn(value).some(holdsSecret)) return '***';
    const shown = render(value, 0);
    return shown.length > MAX_SHOWN + 3 ? `${shown.slice(0, MAX_SHOWN)}…` : shown;
  };
}
