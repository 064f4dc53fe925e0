/** What a value must be to be shown. */
const leaves = {
  text: (value: unknown) => typeof value === 'string',
  number: (value: unknown) => typeof value === 'number',
  flag: (value: unknown) => typeof value === 'boolean',
  textOrNumber: (value: unknown) => typeof value === 'string' || typeof value === 'number',
  /** An address, and only an https one: a game client fetches what it is given. */
  https: (value: unknown) => typeof value === 'string' && isHttps(value),
  /** A name, or such an address. */
  nameOrHttps: (value: unknown) => typeof value === 'string' && (isHttps(value) || !looksLikeAddress(value)),
};

/**
 * An allow-list for the data of one event. A leaf says what the value must be: anything else is left out. An object lists the fields
 * of an object, an array with one element what the entries of a list may show.
 */
export type ClientFields = keyof typeof leaves | readonly [ClientFields] | { readonly [name: string]: ClientFields };

/**
 * Copies from `data` what `allowed` lists, and nothing else.
 *
 * @returns a fresh plain value, or undefined when there is nothing at this place that may be shown
 */
export function pickClientFields(allowed: ClientFields, data: unknown): unknown {
  if (typeof allowed === 'string') return leaves[allowed](data) ? data : undefined;
  if (isList(allowed)) {
    if (!Array.isArray(data)) return undefined;
    return data.map((entry) => pickClientFields(allowed[0], entry)).filter((value) => value !== undefined);
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  const shown: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(allowed)) {
    if (!Object.hasOwn(data, name)) continue;
    const value = pickClientFields(inner, Reflect.get(data, name));
    if (value !== undefined) shown[name] = value;
  }
  return shown;
}

function isList(allowed: Exclude<ClientFields, string>): allowed is readonly [ClientFields] {
  return Array.isArray(allowed);
}

function isHttps(value: string): boolean {
  return URL.canParse(value) && new URL(value).protocol === 'https:';
}

/** Browsers drop control characters from an address, resolve `//host` and read `\` as `/`: a name has none of those. */
function looksLikeAddress(value: string): boolean {
  return /[:\\\x00-\x1f]|\/\//.test(value);
}
