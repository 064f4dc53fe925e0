/** Told apart from every value that an operator could set. */
const UNSET = '\u0001';

/** @returns the value of a convar, or null when nobody set it or this resource may not read it */
export function readConvar(name: string): string | null {
  const value = GetConvar(name, UNSET);
  return value === UNSET ? null : value;
}

/** @returns the game port that the server listens on; 0 before it does */
export function readGamePort(): number {
  return GetConvarInt('netPort', 30120);
}

/** Sets a convar for as long as the server runs. */
export function writeConvar(name: string, value: string): void {
  SetConvar(name, value);
}
