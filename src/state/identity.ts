/** The part of an identity that is compared: the CAD gives identities bare or prefixed, in any case. */
export function bareIdentity(identity: string): string {
  return identity
    .slice(identity.indexOf(':') + 1)
    .trim()
    .toLowerCase();
}

/** Whether two identities are the same person's: `license:AB` and `ab` are, `steam:ab` and `license:ab` are not. */
export function isSameIdentity(one: string, other: string): boolean {
  if (bareIdentity(one) !== bareIdentity(other)) return false;
  const [first, second] = [prefixOf(one), prefixOf(other)];
  return first === '' || second === '' || first === second;
}

function prefixOf(identity: string): string {
  return identity
    .slice(0, identity.indexOf(':') + 1)
    .trim()
    .toLowerCase();
}
