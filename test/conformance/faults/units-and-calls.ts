import { expect } from '@jest/globals';
import type { Heard, System } from '../system.ts';

/** A fault of the official resource, and what must hold instead. */
export interface Fault {
  /** The number that it has in the list of faults. */
  readonly number: number;
  readonly name: string;
  /** Rejects while the fault is there. */
  check(system: System): Promise<void>;
}

/** A unit as the CAD sends one. */
export const unit = (id: number, more: object = {}) => ({
  id,
  accId: '',
  status: 2,
  data: { apiIds: [], communityUserId: `license:${id}`, unitNum: `U-${id}`, name: `Unit ${id}` },
  ...more,
});

/** A dispatch call as the CAD sends one. */
export const call = (callId: number, more: object = {}) => ({
  callId,
  status: 1,
  title: '',
  notes: [],
  idents: [],
  metaData: {},
  ...more,
});

export async function login(system: System, ...idents: number[]): Promise<void> {
  await system.pushAll(idents.map((ident) => ['EVENT_UNIT_LOGIN', { unit: unit(ident), isDispatch: false }]));
}

export const addCall = (system: System, dispatch: object) => system.push('EVENT_DISPATCH_NEW', { dispatch });

/** The arguments with which an event came, each time. */
export const argsOf = (heard: readonly Heard[], name: string) =>
  heard.filter((event) => event.name.endsWith(`:${name}`)).map(({ args }) => args);

/** What both languages agree on. */
export function caches(system: System) {
  const seen = system.caches('js');
  expect(system.caches('lua')).toEqual(seen);
  return seen;
}
