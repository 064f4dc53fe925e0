import { bareIdentity, identityKind } from '../../events/catalogue/people.ts';
import { identitiesOfUnit, type Unit } from '../../events/catalogue/units.ts';
import { shownIdentity } from './identities.ts';

interface UnmatchedPlayer {
  /** With their prefixes. */
  readonly identifiers: readonly string[];
  /** Whether the CAD has said which account is theirs. */
  readonly isLinked: boolean;
  /** The kind of identifier by which the CAD knows players, as configured. */
  readonly primaryIdentifier: string;
}

/** Near misses that are told of. */
const MAX_NEAR = 5;
/** Shorter values are like one another by chance. */
const SHORTEST_LIKE = 10;

const REMEDIES: Readonly<Record<string, string>> = {
  steam: 'Steam has to run before FiveM is started, and the server needs steam_webApiKey.',
  discord: "Discord's desktop program has to run before FiveM is started.",
  fivem: 'They have to be signed in to Cfx.re in FiveM.',
};

/** @returns for people, why no unit is a player's and what to do about it: a sentence or two each, the likeliest first */
export function explainNoMatch(player: UnmatchedPlayer, units: readonly Unit[]): string[] {
  if (units.length === 0)
    return [
      'No unit is signed in. Sign in to the CAD again; if no unit appears then, look whether events come in at all (status).',
    ];
  const near = units.flatMap((unit) => nearMisses(player, unit));
  const others = [missingKind(player), onlyAccounts(player, units), general(player, units)];
  return [...near.slice(0, MAX_NEAR), ...others.filter((reason) => reason !== null)];
}

function nearMisses({ identifiers }: UnmatchedPlayer, unit: Unit): string[] {
  return identitiesOfUnit(unit).flatMap((theirs) => {
    for (const own of identifiers) {
      const difference = identityKind(own) === 'ip' ? null : differenceOf(theirs, own);
      if (difference === null) continue;
      return [
        `Unit ${unitLabel(unit)} has ${shownIdentity(theirs)}, ${difference} of ${shownIdentity(own)}. If they are the same person, give their CAD account ${shownIdentity(own)}.`,
      ];
    }
    return [];
  });
}

function differenceOf(theirs: string, own: string): string | null {
  const [their, mine] = [bareIdentity(theirs), bareIdentity(own)];
  if (mine === '' || their === '') return null;
  if (their === mine) return 'which is the value, but not the kind,';
  if (identityKind(own) === 'steam' && their === toDecimal(mine)) return 'which is the decimal form';
  return isLike(their, mine) ? 'which is nearly the value' : null;
}

/** The game gives Steam ids in hexadecimal, people copy them in decimal. */
function toDecimal(hexadecimal: string): string | null {
  return /^[0-9a-f]{15,16}$/.test(hexadecimal) ? BigInt(`0x${hexadecimal}`).toString() : null;
}

/** Whether one is cut off, or one character is another. */
function isLike(one: string, other: string): boolean {
  if (Math.min(one.length, other.length) < SHORTEST_LIKE) return false;
  if (one.length !== other.length) return one.startsWith(other) || other.startsWith(one);
  let different = 0;
  for (let index = 0; index < one.length && different < 2; index += 1) {
    if (one[index] !== other[index]) different += 1;
  }
  return different < 2;
}

function missingKind({ identifiers, primaryIdentifier }: UnmatchedPlayer): string | null {
  if (identifiers.some((identifier) => identityKind(identifier) === primaryIdentifier)) return null;
  return `The player has no ${primaryIdentifier} identifier, by which the CAD knows players (primaryIdentifier). ${REMEDIES[primaryIdentifier] ?? ''}`.trimEnd();
}

function onlyAccounts({ isLinked }: UnmatchedPlayer, units: readonly Unit[]): string | null {
  const count = units.filter((unit) => unit.accId !== '' && identitiesOfUnit(unit).length === 0).length;
  if (count === 0 || isLinked) return null;
  return `Units with an account and no identity: ${count}. This server has not heard which account is the player's; they link it in the game (linkCommand).`;
}

function general({ identifiers, primaryIdentifier }: UnmatchedPlayer, units: readonly Unit[]): string {
  const kinds = new Set(units.flatMap(identitiesOfUnit).map(identityKind));
  kinds.delete('');
  const known = kinds.size === 0 ? '' : `, with identities of the kinds ${[...kinds].sort().join(', ')}`;
  const primary = identifiers.find((identifier) => identityKind(identifier) === primaryIdentifier);
  const remedy =
    primary === undefined
      ? 'Look which identifier their CAD account has.'
      : `Their CAD account has to have ${shownIdentity(primary)}, and they have to be signed in with it.`;
  return `No signed-in unit has an identity of the player: ${units.length} looked at${known}. ${remedy}`;
}

/** @returns a unit's call sign, or else its name, with its number: `1-ADAM-12 (12)` */
export function unitLabel({ id, data }: Unit): string {
  const name = data.unitNum || data.name;
  return name === '' ? String(id) : `${name} (${id})`;
}
