import { foldIdentity } from '../push-events/identity.ts';

/** An account of the CAD, and the identity that the CAD has said to be its owner's; both as the CAD wrote them. */
export interface AccountLink {
  readonly identity: string;
  readonly account: string;
}

/** Which CAD account belongs to which identity, as far as the CAD has said so. */
export interface AccountLinks {
  /** The newest word counts: an account has one identity, an identity one account. */
  link(identity: string, account: string): void;
  /** @returns the identity that an account is linked with, as the CAD wrote it */
  identityOf(account: string): string | undefined;
  /** @param key a folded identity. @returns the account linked with it, and the identity as the CAD wrote it */
  linkOf(key: string): AccountLink | undefined;
}

/** Far more than a community has members online between two restarts; the oldest are forgotten first. */
const MAX_LINKS = 20_000;

export function createAccountLinks(): AccountLinks {
  const byAccount = new Map<string, AccountLink>();
  const byIdentity = new Map<string, AccountLink>();

  function unlink(link: AccountLink | undefined): void {
    if (link === undefined) return;
    byAccount.delete(foldIdentity(link.account));
    byIdentity.delete(foldIdentity(link.identity));
  }

  return {
    link(identity, account) {
      unlink(byAccount.get(foldIdentity(account)));
      unlink(byIdentity.get(foldIdentity(identity)));
      const link = { identity, account };
      byAccount.set(foldIdentity(account), link);
      byIdentity.set(foldIdentity(identity), link);
      if (byAccount.size > MAX_LINKS) unlink(byAccount.values().next().value);
    },
    identityOf: (account) => byAccount.get(foldIdentity(account))?.identity,
    linkOf: (key) => byIdentity.get(key),
  };
}
