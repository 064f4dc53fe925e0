/** The form in which identities are compared: the CAD writes them in any case, and people paste them with spaces. */
export function foldIdentity(identity: string): string {
  return identity.trim().toLowerCase();
}

/** The part of an identity that is compared: the CAD gives identities bare or prefixed. */
export function bareIdentity(identity: string): string {
  return foldIdentity(withoutKind(identity));
}

/** An identity without its prefix, else as it is: the form in which the official resource gives identities to the CAD. */
export function withoutKind(identity: string): string {
  return identity.slice(identity.indexOf(':') + 1);
}

/** Whether two identities are the same person's: `license:AB` and `ab` are, `steam:ab` and `license:ab` are not. */
export function isSameIdentity(one: string, other: string): boolean {
  if (bareIdentity(one) !== bareIdentity(other)) return false;
  const [first, second] = [identityKind(one), identityKind(other)];
  return first === '' || second === '' || first === second;
}

/** @returns the prefix of an identity, without its colon; empty for a bare one */
export function identityKind(identity: string): string {
  return foldIdentity(identity.slice(0, Math.max(0, identity.indexOf(':'))));
}
