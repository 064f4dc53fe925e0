/**
 * An allow-list for the data of one event. A leaf says what the value must be: anything else is left out.
 * - `https`: an address, and only an https one: a game client fetches what it is given.
 * - `nameOrHttps`: a name, or such an address.
 * - an object lists the fields of an object, an array with one element what the entries of a list may show.
 */
export type ClientFields =
  | 'text'
  | 'number'
  | 'flag'
  | 'textOrNumber'
  | 'https'
  | 'nameOrHttps'
  | readonly [ClientFields]
  | { readonly [name: string]: ClientFields };

/**
 * Copies from `data` what `allowed` lists, and nothing else.
 *
 * @returns a fresh plain value, or undefined when there is nothing at this place that may be shown
 */
export function pickClientFields(allowed: ClientFields, data: unknown): unknown {
  if (typeof allowed === 'string') return isAllowed(allowed, data) ? data : undefined;
  if (isList(allowed)) return pickList(allowed[0], data);
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

function pickList(allowed: ClientFields, data: unknown): unknown[] | undefined {
  if (!Array.isArray(data)) return undefined;
  const shown: unknown[] = [];
  for (const entry of data) {
    const value = pickClientFields(allowed, entry);
    if (value !== undefined) shown.push(value);
  }
  return shown;
}

function isAllowed(leaf: Extract<ClientFields, string>, value: unknown): boolean {
  switch (leaf) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'flag':
      return typeof value === 'boolean';
    case 'textOrNumber':
      return typeof value === 'string' || typeof value === 'number';
    case 'https':
      return typeof value === 'string' && isHttps(value);
    case 'nameOrHttps':
      return typeof value === 'string' && (isHttps(value) || !looksLikeAddress(value));
  }
}

function isHttps(value: string): boolean {
  return URL.canParse(value) && new URL(value).protocol === 'https:';
}

/** Browsers drop control characters from an address, resolve `//host` and read `\` as `/`: a name has none of those. */
function looksLikeAddress(value: string): boolean {
  return /[:\\\x00-\x1f]|\/\//.test(value);
}
