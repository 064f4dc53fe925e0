import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Problem } from '../lib/finding.ts';
import { nearestKey } from '../lib/text.ts';
import type { Preview } from './problems.ts';
import { type ConfigKeyName, configKeyNames, configKeys } from './schema.ts';

/**
 * Keys of the official resource's config.json that this resource has no use for. Old files are full of them, so they
 * are accepted in silence; a name that gets an entry in `configKeys` counts as that, whether or not it stands here.
 */
export const officialKeysWithoutUse: readonly string[] = [
  'postTime',
  'linkPollIntervalMs',
  'linkPopupTitleText',
  'linkButtonText',
  'requireLink',
  'autoOpenLinkPopup',
  'freezeUntilLinked',
  'allowPopupCloseWhenUnlinked',
  'updateBranch',
  'allowAutoUpdate',
  'autoUpdateUrl',
  'allowUpdateWithPlayers',
  'noUnitTimer',
  'enableCanary',
  'devHiddenSwitch',
];

/** By which an editor finds config.schema.json. */
const EDITOR_KEY = '$schema';

const known: readonly string[] = [...new Set<string>([...configKeyNames, ...officialKeysWithoutUse])];
const isConfigKey = (name: string): name is ConfigKeyName => Object.hasOwn(configKeys, name);
const sameIgnoringCase = (name: string) => (other: string) => other.toLowerCase() === name.toLowerCase();

/**
 * Sorts a file's members by the key they are for. A name in the wrong case is taken only when nothing else in the file
 * could be meant by it.
 *
 * @returns the values by their keys, and the names that are no key, with the key they are taken for, if any
 */
export function sortFileValues(members: ReadonlyMap<string, unknown>) {
  const values = new Map<ConfigKeyName, unknown>();
  const misnamed: { name: string; takenAs: ConfigKeyName | null }[] = [];
  for (const [name, value] of members) {
    if (name === EDITOR_KEY) continue;
    if (isConfigKey(name)) {
      values.set(name, value);
      continue;
    }
    if (officialKeysWithoutUse.some(sameIgnoringCase(name)) && !configKeyNames.some(sameIgnoringCase(name))) continue;
    const meant = configKeyNames.find(sameIgnoringCase(name)) ?? null;
    const claims = [...members.keys()].filter(sameIgnoringCase(name)).length;
    const takenAs = claims === 1 ? meant : null;
    if (takenAs !== null) values.set(takenAs, value);
    misnamed.push({ name, takenAs });
  }
  return { values, misnamed };
}

/**
 * The lines about names that are no key.
 * @param origin the file they stand in
 */
export function misnamedProblems(
  misnamed: ReturnType<typeof sortFileValues>['misnamed'],
  origin: string,
  preview: Preview,
): Problem[] {
  return misnamed.map(({ name, takenAs }) => {
    if (takenAs !== null) {
      return { level: 'warn', line: `${preview(name)} in ${origin} is taken as ${takenAs}: please write it so` };
    }
    const nearest = nearestKey(name, known);
    const hint = nearest === null ? 'docs/configuration.md lists all keys' : `did you mean ${nearest}?`;
    return { level: 'warn', line: `${preview(name)} in ${origin} is unknown and has no effect: ${hint}` };
  });
}

/** The places of the file: the first that exists counts. The first is the official resource's. */
const CONFIG_FILES = ['configuration/config.json', 'config.json'] as const;

/** The file that a release brings, so that an update overwrites it and not the operator's own. */
const EXAMPLE = 'config.example.json';

export type ConfigFile = ReturnType<typeof readConfigFile>;

/** What the first start needs of the resource's folder. */
interface ConfigFolder {
  /** The text of a file, null when there is none or it cannot be read. */
  readFile(path: string): string | null;
  /** Whether there is such a file, even one that cannot be read now. */
  hasFile(path: string): boolean;
  /** Writes a file that does not exist yet. @returns why that was refused, null when it was written */
  createFile(path: string, text: string): string | null;
}

/** What became of the config.json of a first start: written, or why it could not be. */
export type FirstFile = { readonly written: true } | { readonly written: false; readonly reason: string };

/**
 * Writes config.json from the example of the release. Never touches a file that is there, and writes none beside one in the
 * official resource's place.
 *
 * @returns null where nothing was to be written
 */
export function writeFirstFile(folder: ConfigFolder): FirstFile | null {
  if (CONFIG_FILES.some((path) => folder.hasFile(path))) return null;
  const example = folder.readFile(EXAMPLE);
  if (example === null) return null;
  const reason = folder.createFile('config.json', example);
  return reason === null ? { written: true } : { written: false, reason };
}

// The parser's codes are an operator's sentence each. None quotes the text, where the API key stands.
const REASONS: Readonly<Record<ReturnType<typeof printParseErrorCode>, string>> = {
  InvalidSymbol: 'names and texts must stand in straight double quotes, and nothing else may stand here but a value',
  InvalidNumberFormat: 'a number is malformed',
  PropertyNameExpected: 'a name in straight double quotes is expected here',
  ValueExpected:
    'a value is expected here: a text in straight double quotes, a number, true, false, null, a list or an object',
  ColonExpected: 'a : is missing after the name',
  CommaExpected: 'a comma is missing before this place',
  CloseBraceExpected: 'it ends too early: } is missing',
  CloseBracketExpected: 'it ends too early: ] is missing',
  EndOfFileExpected: 'this stands outside the one { } that holds all settings',
  InvalidCommentToken: 'a comment is malformed',
  UnexpectedEndOfComment: 'a comment is not closed by */',
  UnexpectedEndOfString: 'a text is not closed by " on its line',
  UnexpectedEndOfNumber: 'a number is incomplete',
  InvalidUnicode: '\\u must be followed by four digits from 0 to f',
  InvalidEscapeCharacter: 'a \\ inside a text must be written \\\\',
  InvalidCharacter: 'a tab or another control character stands inside a text',
  '<unknown ParseErrorCode>': 'it is malformed',
};

/** The mark at the beginning of a file in UTF-16, as it comes out when the file is read as UTF-8. */
const UTF_16 = '\uFFFD\uFFFD';

function describeError(text: string, errors: readonly ParseError[]): string | null {
  const [first] = errors;
  if (first === undefined) return null;
  if (text.startsWith(UTF_16)) return 'it is saved as UTF-16: save it as UTF-8';
  const codes = errors.filter(({ offset }) => offset === first.offset).map(({ error }) => printParseErrorCode(error));
  // At the end of the text everything is missing; what helps is the name of the bracket.
  const code = codes.find((each) => each === 'CloseBraceExpected' || each === 'CloseBracketExpected') ?? codes[0];
  const lines = text.slice(0, first.offset).split('\n');
  const reason = text.trim() === '' ? 'it is empty' : REASONS[code ?? '<unknown ParseErrorCode>'];
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}: ${reason}`;
}

/** The parser's own values lack a member named `__proto__`, which is reported like any other unknown name. */
function toValue({ type, children = [], value }: Node): unknown {
  if (type === 'array') return children.map(toValue);
  if (type !== 'object') return value;
  return Object.fromEntries(
    children.map(({ children: [name, member] = [] }) => [name?.value, member && toValue(member)]),
  );
}

/**
 * Takes JSON with comments and trailing commas.
 *
 * @returns the top-level members, and the names that stand there more than once; or what is wrong
 */
function parseFile(text: string): { members: Map<string, unknown>; repeated: string[] } | { reason: string } {
  const errors: ParseError[] = [];
  try {
    const root = parseTree(text, errors, { allowTrailingComma: true });
    const reason = describeError(text, errors);
    if (reason !== null) return { reason };
    const value = root && toValue(root);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return { reason: 'it must hold one object, from { to }, with a member for each setting' };
    const [names, repeated] = [new Set<string>(), new Set<string>()];
    for (const { children: [name] = [] } of root?.children ?? [])
      (names.has(name?.value) ? repeated : names).add(name?.value);
    return { members: new Map(Object.entries(value)), repeated: [...repeated] };
  } catch {
    return { reason: 'it nests too deep' };
  }
}

/**
 * Reads the config file into its members.
 * @param first what became of writing one at this start
 * @returns its top-level members, none when there is no file or it cannot be understood; then `unreadable` is its text, in which
 *   secrets stand somewhere, and `fault` the beginning of a sentence that says why
 */
export function readConfigFile(
  { readFile, hasFile }: Pick<ConfigFolder, 'readFile' | 'hasFile'>,
  first: FirstFile | null | undefined = null,
) {
  const none = { members: new Map<string, unknown>(), repeated: [], unreadable: null, fault: null, problems: [] };
  for (const origin of CONFIG_FILES) {
    const text = readFile(origin);
    if (text === null && !hasFile(origin)) continue;
    // Windows editors put a byte order mark in front.
    const parsed = text === null ? null : parseFile(text.replace(/^\uFEFF/, ''));
    if (parsed !== null && 'members' in parsed) return { ...none, origin, ...parsed };
    const fault =
      parsed === null
        ? `${origin} is there and cannot be read (see that it is a file, who may read it, and whether another program holds it)`
        : `${origin} cannot be read as JSON (${parsed.reason})`;
    const line = `${fault}: only convars and defaults count, and what the file may have switched off is off`;
    return { ...none, origin, unreadable: text, fault, problems: [{ level: 'error', line } as const] };
  }
  const refused = first?.written === false ? `, and it could not be written (${first.reason})` : '';
  const line =
    `there is neither a config.json nor a configuration/config.json${refused}: copy ${EXAMPLE} to config.json; ` +
    'until then only convars and defaults count';
  return { ...none, origin: 'none' as const, problems: [{ level: 'warn', line } as const] };
}
