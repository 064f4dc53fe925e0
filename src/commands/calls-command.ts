import type { StateView } from '../state/state-view.ts';
import type { Subcommand } from './create-command.ts';
import { firstRows } from './first-rows.ts';
import { formatDuration } from './format-duration.ts';
import { formatTable } from './format-table.ts';

type Calls = Pick<StateView, 'callEntries' | 'emergencyCalls' | 'ageOfCall' | 'ageOfEmergencyCall' | 'getUnit'>;

const STATUSES = ['pending', 'active', 'closed'];
const LONGEST_TEXT = 40;
/** Units named of one call. */
const MAX_UNITS = 6;

/** `calls`: dispatch calls, and 911 calls that wait. */
export function createCallsCommand(state: Calls): Subcommand {
  const age = (milliseconds: number | undefined) => (milliseconds === undefined ? '-' : formatDuration(milliseconds));

  function named(idents: readonly number[]): string {
    const names = idents.slice(0, MAX_UNITS).map((ident) => state.getUnit(ident)?.data.unitNum || String(ident));
    const more = idents.length - names.length;
    return [...names, ...(more > 0 ? [`${more} more`] : [])].join(', ') || '-';
  }

  function dispatchCalls(): string[] {
    const { rows, rest } = firstRows(state.callEntries());
    if (rows.length === 0) return ['There are no dispatch calls.'];
    const cells = rows.map(({ dispatch: { callId, status, priority, title, description, idents } }) => [
      String(callId),
      STATUSES[status] ?? String(status),
      String(priority),
      shortened(title || description),
      named(idents),
      age(state.ageOfCall(callId)),
    ]);
    return [...formatTable(['call', 'status', 'priority', 'title', 'units', 'changed'], cells), ...rest];
  }

  function emergencyCalls(): string[] {
    const { rows, rest } = firstRows(state.emergencyCalls());
    if (rows.length === 0) return ['No 911 call waits.'];
    const cells = rows.map(({ callId, isEmergency, caller, location, description }) => [
      String(callId),
      isEmergency ? '911' : '311',
      shortened(caller),
      shortened(location),
      shortened(description),
      age(state.ageOfEmergencyCall(callId)),
    ]);
    return [...formatTable(['waiting', 'kind', 'caller', 'location', 'description', 'changed'], cells), ...rest];
  }

  return {
    description: 'the dispatch calls and the 911 calls that wait',
    run: () => [...dispatchCalls(), ...emergencyCalls()],
  };
}

function shortened(text: string): string {
  const characters = [...text.slice(0, 4 * LONGEST_TEXT)];
  if (characters.length <= LONGEST_TEXT) return text === '' ? '-' : text;
  return `${characters.slice(0, LONGEST_TEXT - 1).join('')}…`;
}
