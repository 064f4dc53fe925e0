/**
 * The form in which the CAD knows people of the game. `bare`: as communities have them that link by the official
 * resource. `asWritten`: as `world` and events have them, in the samples with their prefixes (`license:…`). `none`: its
 * units have no identifiers at all.
 */
export type IdentifierForm = 'asWritten' | 'bare' | 'none';

/** The fields of a unit that hold identifiers. */
const FIELDS = ['communityUserId', 'communityUserIds', 'apiIds'] as const;

const bare = (identifier: string): string => identifier.slice(identifier.indexOf(':') + 1);

/** Who is linked with which account. */
interface Linked {
  readonly links: ReadonlyMap<string, string>;
  readonly identifiers: IdentifierForm;
}

/** @returns the account that an identifier is linked with; it is compared by the letter, as the CAD does */
export function accountOf({ links, identifiers }: Linked, asked: string): string | undefined {
  if (identifiers !== 'bare') return links.get(asked);
  for (const [identifier, uuid] of links) if (bare(identifier) === asked) return uuid;
  return undefined;
}

/**
 * @returns a copy of what the CAD says, in which the units in it have their identifiers in the form in which the CAD
 * knows them
 */
export function inKnownForm<Value>(value: Value, form: IdentifierForm): Value {
  return form === 'asWritten' ? value : (converted(value, form) as Value);
}

function converted(value: unknown, form: IdentifierForm): unknown {
  if (Array.isArray(value)) return value.map((entry) => converted(entry, form));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [
    name,
    name === 'data' && typeof member === 'object' && member !== null && !Array.isArray(member)
      ? converted(unitData({ ...member }, form), form)
      : converted(member, form),
  ]);
  return Object.fromEntries(members);
}

/**
 * What units have in `data`; an event, that has its units deeper in a field of that name, has none of these fields
 * there.
 */
function unitData(data: Record<string, unknown>, form: IdentifierForm): object {
  for (const name of FIELDS) {
    const given = data[name];
    if (form === 'none') delete data[name];
    else if (Array.isArray(given)) data[name] = given.map((each) => bare(String(each)));
    else if (typeof given === 'string') data[name] = bare(given);
  }
  return data;
}
