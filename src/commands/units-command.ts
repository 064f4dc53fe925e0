import { CLOSED_CALL } from '../push-events/catalogue/calls.ts';
import type { StateView } from '../state/state-view.ts';
import type { Subcommand } from './create-command.ts';
import { firstRows } from './first-rows.ts';
import { formatTable } from './format-table.ts';

export interface UnitsCommandOptions {
  readonly state: Pick<StateView, 'units' | 'callEntries' | 'playersOfUnit'>;
  /** The names of the unit statuses, from 0. */
  statusLabels(): readonly string[];
}

/** `units`: who is signed in to the CAD, on which calls, and which players they are. */
export function createUnitsCommand({ state, statusLabels }: UnitsCommandOptions): Subcommand {
  function callsByUnit(): ReadonlyMap<number, number[]> {
    const calls = new Map<number, number[]>();
    for (const { dispatch } of state.callEntries()) {
      if (dispatch.status === CLOSED_CALL) continue;
      for (const ident of dispatch.idents) calls.set(ident, [...(calls.get(ident) ?? []), dispatch.callId]);
    }
    return calls;
  }

  return {
    description: 'the units that are signed in, their calls and players',
    run() {
      const { rows, rest } = firstRows(state.units());
      if (rows.length === 0) return ['No unit is signed in, as far as events have told since the start.'];
      const calls = callsByUnit();
      const cells = rows.map(({ id, status, isPanic, isDispatch, data }) => [
        String(id),
        data.unitNum || '-',
        data.name || '-',
        [statusLabels()[status] ?? String(status), isPanic ? 'PANIC' : '', isDispatch ? 'dispatcher' : '']
          .filter((word) => word !== '')
          .join(', '),
        calls.get(id)?.join(', ') ?? '-',
        state.playersOfUnit(id).join(', ') || '-',
      ]);
      return [...formatTable(['ident', 'unit', 'name', 'status', 'calls', 'players'], cells), ...rest];
    },
  };
}
