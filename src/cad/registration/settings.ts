import type { Config } from '../../config/schema.ts';

export type RegistrationConfig = Pick<
  Config,
  | 'communityID'
  | 'serverId'
  | 'transport'
  | 'registration'
  | 'disableOverride'
  | 'publicHost'
  | 'publicPort'
  | 'addressServices'
  | 'apiSendEnabled'
  | 'apiKeys'
  | 'apiUrl'
  | 'mode'
>;

/** What this server's entry should say, and what may be done about it. */
export interface Settings {
  /** After `disableOverride`, beside the official resource, and with another community's key, never more than `check`. */
  readonly mode: Config['registration'];
  readonly isOverrideDisabled: boolean;
  /** Whether the official resource runs beside this one, and is the one that gets the events. */
  readonly isBeside: boolean;
  /** Whether the key is not of the configured community: its list is not this operator's to write. */
  readonly isForeign: boolean;
  /** Whether the community's plan has room for one server only. */
  readonly hasOneServer: boolean;
  readonly serverId: number;
  /** Where the CAD should send events; null when it is not known. */
  readonly host: string | null;
  /** Whether an operator said so, rather than the echo services. */
  readonly isHostConfigured: boolean;
  /** null when it is not known. */
  readonly port: number | null;
  readonly isPortConfigured: boolean;
}

/** What is known beside the configuration. */
export interface Circumstances {
  /** The game's port; 0 when it is not known yet. */
  readonly gamePort: number;
  readonly mayRegister: boolean;
  /** The key's community as the CAD names it; null when it is not known. */
  readonly community: string | null;
  /** The plan's number; 0 is the free one. */
  readonly plan: number;
  /** What the echo services said; null when they were not asked, or do not agree. */
  readonly askedAddress: string | null;
}

const FREE_PLAN = 0;

/** Whether two ids are the same community's. */
export function isSameCommunity(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** @returns what the configuration comes to under these circumstances */
export function settingsOf(
  { communityID, registration, disableOverride, serverId, publicHost, publicPort }: RegistrationConfig,
  { gamePort, mayRegister, community, plan, askedAddress }: Circumstances,
): Settings {
  const isForeign = communityID !== '' && community !== null && !isSameCommunity(communityID, community);
  const isHeldBack = disableOverride || !mayRegister || isForeign;
  return {
    mode: isHeldBack && registration !== 'off' ? 'check' : registration,
    isOverrideDisabled: disableOverride,
    isBeside: !mayRegister,
    isForeign,
    hasOneServer: plan === FREE_PLAN,
    serverId,
    host: publicHost === '' ? askedAddress : publicHost,
    isHostConfigured: publicHost !== '',
    port: publicPort || gamePort || null,
    isPortConfigured: publicPort !== 0,
  };
}

/** Whether two configurations ask the same CAD as the same community. */
export function isSameAccount(one: RegistrationConfig, other: RegistrationConfig): boolean {
  return one.apiKeys[0] === other.apiKeys[0] && one.apiUrl === other.apiUrl && one.mode === other.mode;
}

/** Whether something may be written to the CAD's list. */
export function writes({ mode }: Settings): boolean {
  return mode === 'add' || mode === 'auto';
}
