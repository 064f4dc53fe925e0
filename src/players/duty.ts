import * as v from 'valibot';
import { text } from '../schemas/settings.ts';

/** How it is decided who is on duty. */
export type DutyMethod =
  | { readonly by: 'incad' }
  | { readonly by: 'ace'; readonly permission: string }
  | { readonly by: 'job'; readonly names: readonly string[] }
  | { readonly by: 'export'; readonly resource: string; readonly name: string };

/** A player's job in the framework of the server. */
export interface Job {
  readonly name: string;
  /** false when the framework knows that they are off duty. */
  readonly isOnDuty: boolean;
}

/** What the game server is asked to find out who is on duty. */
export interface DutyChecks {
  hasAce(source: number, permission: string): boolean;
  /** @returns null for who has none, or where there is no framework */
  jobOf(source: number): Job | null;
  /** @throws when there is no such export, or it fails */
  callExport(resource: string, name: string, ...args: unknown[]): unknown;
}

const IN_CAD: DutyMethod = { by: 'incad' };

/** As an operator writes it: `incad`, `ace:<permission>`, `job:<name>,…` or `export:<resource>.<name>`. */
export const dutySchema = v.pipe(
  text,
  v.check((given) => parseDuty(given) !== null),
);

export const dutyExpected = '"incad", "ace:<permission>", "job:<name>,<name>" or "export:<resource>.<name>"';

/** @returns null for a text that `dutySchema` refuses */
export function parseDuty(text: string): DutyMethod | null {
  if (text.toLowerCase() === 'incad') return IN_CAD;
  const [, by = '', rest = ''] = /^(ace|job|export):(.+)$/i.exec(text) ?? [];
  switch (by.toLowerCase()) {
    case 'ace':
      return /^[\w.-]{1,100}$/.test(rest) ? { by: 'ace', permission: rest } : null;
    case 'job': {
      const names = rest.split(',').map((name) => name.trim().toLowerCase());
      return names.every((name) => name !== '') ? { by: 'job', names } : null;
    }
    case 'export': {
      const [, resource, name] = /^([^.\s]+)\.(\w+)$/.exec(rest) ?? [];
      return resource === undefined || name === undefined ? null : { by: 'export', resource, name };
    }
    default:
      return null;
  }
}
