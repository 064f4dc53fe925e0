import type { CadRequest } from '../../cad/api/cad-request.ts';
import type { Log } from '../../platform/log.ts';
import { identitiesOfUnit } from '../../push-events/catalogue/units.ts';
import type { StateView } from '../../state/state-view.ts';
import type { UnitDesk } from './create-unit-commands.ts';

export interface UnitDeskOptions {
  readonly request: CadRequest;
  readonly state: Pick<StateView, 'getUnit' | 'getEmergencyCall'>;
  /** What dispatch calls are called that are made of an emergency and of a non-emergency call. */
  titles(): { readonly '911': string; readonly '311': string };
  readonly log: Log;
}

const FROM_CALLER = 0;
const ACTIVE = 1;
const MIDDLE_PRIORITY = 2;

/** What units ask for by commands, as requests to the CAD. */
export function createUnitDesk({ request, state, titles, log }: UnitDeskOptions): UnitDesk {
  /** By which the CAD knows a unit when a call is made: it takes no idents there. */
  function selectorOf(ident: number): { accounts: string[] } | { communityUserIds: string[] } {
    const unit = state.getUnit(ident);
    if (unit === undefined) return { communityUserIds: [] };
    return unit.accId === '' ? { communityUserIds: identitiesOfUnit(unit).slice(0, 1) } : { accounts: [unit.accId] };
  }

  return {
    attach: (callId, ident) => request('attachUnits', { callId, identIds: [ident] }),
    note: (callId, note, label) => request('addNote', { callId, note, label }),
    async answer(callId, ident) {
      const call = state.getEmergencyCall(callId);
      const made = await request('createDispatch', {
        origin: FROM_CALLER,
        status: ACTIVE,
        priority: MIDDLE_PRIORITY,
        title: titles()[call?.isEmergency === false ? '311' : '911'],
        address: call?.location ?? '',
        postal: call?.metaData.postal ?? '',
        description: call?.description ?? '',
        metaData: { ...textsOf(call?.metaData ?? {}), createdFromId: String(callId) },
        ...selectorOf(ident),
      });
      if (!made.ok) return made;
      const { idents } = made.data;
      if (!Array.isArray(idents) || !idents.includes(ident)) {
        const attached = await request('attachUnits', { callId: made.data.callId, identIds: [ident] });
        if (!attached.ok) return attached;
      }
      const removed = await request('remove911', { callId });
      if (!removed.ok) log.warn('A 911 call was answered but not removed.', { callId, reason: removed.error.message });
      return made;
    },
  };
}

function textsOf(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
