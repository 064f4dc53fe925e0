/** A 911 call as a script or a player's game asks for it. */
export interface CallRequest {
  readonly isEmergency: boolean;
  readonly caller: string;
  readonly location: string;
  readonly description: string;
  /** Minutes after which the CAD removes it by itself. */
  readonly deleteAfterMinutes?: number;
  /** Texts beside the call: `postal`, `plate`, `silentAlert`, `useCallLocation`. */
  readonly metaData: Readonly<Record<string, string>>;
}

/** Whatever is longer has been made up to annoy somebody. */
const MAX_TEXT = 500;
const MAX_MINUTES = 24 * 60;

/**
 * Reads the arguments of `SonoranScripts::Call911`: (caller, location, description, postal, plate, callback, silenceAlert,
 * useCallLocation, deleteAfter), or one table with the same names. Nothing of it need be what it should: it may come from a
 * player's game.
 *
 * @returns null when it describes nothing
 */
export function readCall(args: readonly unknown[]): CallRequest | null {
  const given = named(args);
  const description = readText(given.description);
  if (description === '') return null;
  const minutes = Number(given.deleteAfter ?? given.deleteAfterMinutes);
  const metaData: Record<string, string> = {};
  for (const name of ['postal', 'plate']) {
    const value = readText(given[name]);
    if (value !== '') metaData[name] = value;
  }
  // Whether responding units are announced to the caller depends on this, and on its being there at all.
  metaData.silentAlert = String(readFlag(given.silenceAlert ?? given.silentAlert));
  metaData.useCallLocation = String(readFlag(given.useCallLocation));
  return {
    isEmergency: given.isEmergency === undefined || given.isEmergency === null || readFlag(given.isEmergency),
    caller: readText(given.caller),
    location: readText(given.location),
    description,
    metaData,
    ...(Number.isInteger(minutes) && minutes > 0 && { deleteAfterMinutes: Math.min(minutes, MAX_MINUTES) }),
  };
}

const NAMES = [
  'caller',
  'location',
  'description',
  'postal',
  'plate',
  'callback',
  'silenceAlert',
  'useCallLocation',
  'deleteAfter',
];

function named(args: readonly unknown[]): Readonly<Record<string, unknown>> {
  const [first] = args;
  if (typeof first === 'object' && first !== null && !Array.isArray(first)) return { ...first };
  return Object.fromEntries(NAMES.map((name, index) => [name, args[index]]));
}

function readText(given: unknown): string {
  if (typeof given !== 'string' && typeof given !== 'number') return '';
  return String(given).toWellFormed().trim().slice(0, MAX_TEXT).toWellFormed();
}

function readFlag(given: unknown): boolean {
  return given === true || (typeof given === 'string' && given.toLowerCase() === 'true');
}
