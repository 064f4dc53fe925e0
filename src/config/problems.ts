import type * as v from 'valibot';
import { maskWebhookToken } from '../forward/targets/target-addresses.ts';
import type { Problem } from '../lib/finding.ts';
import { type ConfigKey, knownMembers, textsIn } from '../lib/settings.ts';
import { nearestKey, spellOut } from '../lib/text.ts';

/** A key's value and where it was found. */
export interface FoundValue {
  name: string;
  entry: ConfigKey;
  /** Words for where it stands. */
  place: string;
  /** undefined when unset */
  value: unknown;
}

/** One thing that is wrong with a value. */
interface ValueFault {
  readonly path: readonly PropertyKey[];
  /** Whether the path ends in a name that is not known there, rather than in a value that is not taken. */
  readonly isUnknown: boolean;
}

/** More about one key would push the lines about the others out of sight. */
const MAX_LINES = 10;

/** A schema can have several objections to one place, of which a line says the same. */
function faultsOf(schema: v.GenericSchema, issues: readonly v.BaseIssue<unknown>[]): ValueFault[] {
  const faults = issues.flatMap(({ type, path = [] }): ValueFault[] => {
    const at = path.map(({ key }) => key as PropertyKey);
    const last = path.at(-1);
    const isName = last?.origin === 'key' && Object.hasOwn(last.input as object, at.at(-1) ?? '');
    if (type !== 'strict_object' || !isName) return [{ path: at, isUnknown: isName }];
    // Of the names that it does not know, it tells only the first.
    const parent = at.slice(0, -1);
    const known = knownMembers(schema, parent);
    const unknown = Object.keys(last.input as object).filter((name) => !known.includes(name));
    return unknown.map((name) => ({ path: [...parent, name], isUnknown: true }));
  });
  return [...new Map(faults.map((fault) => [JSON.stringify(fault.path.map(String)), fault])).values()];
}

const pathText = (name: string, path: readonly PropertyKey[], preview: Preview): string =>
  path.reduce<string>((at, part) => `${at}[${typeof part === 'number' ? part : preview(String(part))}]`, name);

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (at, part) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, part) ? Reflect.get(at, part) : undefined,
    value,
  );

const expectedAt = ({ entry }: FoundValue, path: readonly PropertyKey[]): string =>
  (path.length > 0 && entry.expectedAt?.(path)) || entry.expected;

/** A longer list of names would hide what the line is about. */
const MAX_NAMES = 16;

function describeUnknown(found: FoundValue, path: readonly PropertyKey[]): string {
  const [{ entry }, parent] = [found, path.slice(0, -1)];
  const known = entry.members?.() ?? knownMembers(entry.schema, parent);
  const nearest = nearestKey(String(path.at(-1)), known);
  const expected =
    known.length > 0 && known.length <= MAX_NAMES ? `only ${known.join(', ')}` : expectedAt(found, parent);
  return `is unknown${nearest === null ? '' : ` (did you mean ${nearest}?)`}, expected ${expected}`;
}

function describeBad(found: FoundValue, path: readonly PropertyKey[], preview: Preview): string {
  const { entry, value } = found;
  const isSecret = entry.secret === true || (entry.secret !== undefined && path.length === 0);
  const hidden = isSecret || path.some((part) => isSecretName(String(part)));
  const bad = valueAt(value, path);
  const is = bad === undefined ? 'is missing' : hidden ? 'is not usable' : `is ${preview(bad)}`;
  return `${is}, expected ${expectedAt(found, path)}`;
}

/**
 * What is wrong with a value that its schema refuses, a line for each fault.
 *
 * @param issues what the schema says
 */
export function valueProblems(found: FoundValue, issues: readonly v.BaseIssue<unknown>[], preview: Preview): Problem[] {
  const { name, entry, place } = found;
  const { otherwise = `using ${JSON.stringify(entry.default)}`, otherwiseItem = otherwise } = entry;
  const faults = faultsOf(entry.schema, issues).map(({ path, isUnknown }) => () => {
    const what = isUnknown ? describeUnknown(found, path) : describeBad(found, path, preview);
    return `${pathText(name, path, preview)} in ${place} ${what}: ${path.length > 0 ? otherwiseItem : otherwise}`;
  });
  return firstProblems(found, faults);
}

/**
 * The lines about the faults of one key, up to the number that fits a console.
 *
 * @param faults make the lines: most of the faults of a list of thousands are never described
 */
export function firstProblems(
  { name, place }: Pick<FoundValue, 'name' | 'place'>,
  faults: readonly (() => string)[],
): Problem[] {
  const lines = faults.slice(0, MAX_LINES).map((describe) => describe());
  const more = faults.length - lines.length;
  if (more > 0) lines.push(`${name} in ${place} has ${more} more ${more === 1 ? 'fault' : 'faults'}`);
  return lines.map((line) => ({ level: 'error', line }));
}

const MAX_SHOWN = 60;
const MAX_DEPTH = 3;
const MIN_SECRET = 4;
const MIN_PART = 8;
const MIN_KEY = 16;

const SECRET_NAME = /key|secret|token|password|authorization|header/i;

/** Whether a member's name says that its value must not be shown. */
const isSecretName = (name: string): boolean => SECRET_NAME.test(name);

function withoutCredentials(text: string): string {
  const shown = maskWebhookToken(text.replace(/^(\w+:\/\/)?.*@/s, '$1***@'));
  return shown.includes('://') ? shown.replace(/\?.*/s, '?***') : shown;
}

// The line becomes the message of a console line, and the logger writes messages as they are: what could break it is spelt out here.
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
