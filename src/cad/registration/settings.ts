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
>;

/** What this server's entry should say, and what may be done about it. */
export interface Settings {
  /** After `disableOverride`, and beside the official resource, never more than `check`. */
  readonly mode: Config['registration'];
  readonly isOverrideDisabled: boolean;
  /** Whether the official resource runs beside this one, and is the one that gets the events. */
  readonly isBeside: boolean;
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
  /** What the echo services said; null when they were not asked, or do not agree. */
  readonly askedAddress: string | null;
}

/** @returns what the configuration comes to under these circumstances */
export function settingsOf(
  { registration, disableOverride, serverId, publicHost, publicPort }: RegistrationConfig,
  { gamePort, mayRegister, askedAddress }: Circumstances,
): Settings {
  const isHeldBack = disableOverride || !mayRegister;
  return {
    mode: isHeldBack && registration !== 'off' ? 'check' : registration,
    isOverrideDisabled: disableOverride,
    isBeside: !mayRegister,
    serverId,
    host: publicHost === '' ? askedAddress : publicHost,
    isHostConfigured: publicHost !== '',
    port: publicPort || gamePort || null,
    isPortConfigured: publicPort !== 0,
  };
}

/** Whether something may be written to the CAD's list. */
export function writes({ mode }: Settings): boolean {
  return mode === 'add' || mode === 'auto';
}
