import { createLegacyInput } from '../cad/api/legacy-requests.ts';
import {
  type ApiExportContext,
  describePlace,
  handOver,
  provideCall,
  provideRequest,
  readFields,
  readId,
  readPlace,
  readText,
  readTextFields,
} from './export-calls.ts';

const newDispatch = createLegacyInput('NEW_DISPATCH', 'createDispatch');
const new911 = createLegacyInput('CALL_911', 'create911');

/**
 * Provides the exports of the official resource about calls:
 *
 * - `call911(caller, location, description, postal, plate, callback, coords, metaData, deleteAfter)` makes a 911 call, which the CAD
 *   removes after so many minutes. The callback gets the text `EMERGENCY CALL ADDED ID: 7`. `metaData` is a table; what in it is neither
 *   text, number nor boolean is left out. It always has `plate`, `postal`, `silentAlert` and `useCallLocation`.
 * - `remove911(callId, callback)` removes one. The callback gets the id.
 * - `createDispatchCall(data, callback)` makes a dispatch call of what `performApiRequest` takes for `NEW_DISPATCH`, a table or a list
 *   with one. The callback gets the text `NEW DISPATCH CREATED - ID: 7`.
 * - `addCallNote(callId, note, callback)` and `setCallPostal(callId, postal, callback)` change a dispatch call. The callback gets its id.
 *
 * Ids may be text, texts may be numbers; of a text the first 5,000 characters count. Coordinates are a Lua vector or a table with `x`,
 * `y` and perhaps `z`, and may be the location. Nothing is returned. Callbacks may be left out, and get `(what is said above, true)`, or
 * `(reason, false)` when it was refused or has failed. A call whose arguments do not fit is refused, and the operator told once;
 * `call911` without a description asks the CAD even so. Nothing throws. The CAD takes 10 new 911 calls a minute, 10 removals, 20 new
 * dispatch calls, 60 notes and 20 postals, of all servers of a community; a request waits up to 30 s for its turn.
 */
export function provideCallExports(context: ApiExportContext): void {
  provideCall(context, 'call911', (call, ...given) => {
    // With a dot in Lua the caller is lost: a place comes first, or the callback where the plate should be.
    const isShifted = readPlace(given[0]) !== null || typeof given[4] === 'function';
    const args = isShifted ? ['', ...given] : given;
    const [caller, location, description, postal, plate, _callback, coords, metaData, deleteAfter] = args;
    if (isShifted || readText(description) === '') call.misfit();
    const place = readPlace(location);
    const input = new911({
      isEmergency: true,
      caller: readText(caller),
      location: (place === null ? readText(location) : describePlace(place)) || undefined,
      description: readText(description),
      deleteAfter,
      metaData: readTextFields({ postal, plate, ...(readPlace(coords) ?? place), ...readFields(metaData) }),
    });
    void context.link
      .request('create911', input)
      .then((result) => handOver(call, result, ({ callId }) => `EMERGENCY CALL ADDED ID: ${callId}`));
  });

  provideRequest(context, 'remove911', 'remove911', callIdOf, (id) => {
    const callId = readId(id);
    return callId === undefined ? null : { callId };
  });

  const describeNew = ({ callId }: { readonly callId: number }) => `NEW DISPATCH CREATED - ID: ${callId}`;
  provideRequest(context, 'createDispatchCall', 'createDispatch', describeNew, (data) => {
    const fields = readFields(data);
    if (Object.keys(fields).length === 0) return null;
    // Scripts name units and metaData in the ways that they do for performApiRequest.
    return newDispatch(fields);
  });

  provideRequest(context, 'addCallNote', 'addNote', callIdOf, (id, given) => {
    const [callId, note] = [readId(id), readText(given)];
    return callId === undefined || note === '' ? null : { callId, note };
  });

  provideRequest(context, 'setCallPostal', 'setPostal', callIdOf, (id, given) => {
    const [callId, postal] = [readId(id), readText(given)];
    return callId === undefined || postal === '' ? null : { callId, postal };
  });
}

function callIdOf(_output: unknown, _answer: unknown, { callId }: { readonly callId: number }): number {
  return callId;
}
