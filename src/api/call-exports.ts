import type { ApiInput } from '../cad/api/endpoints.ts';
import { legacyRequestOf } from '../cad/api/legacy-requests.ts';
import { findCallback, readFields, readId, readPlace, readText, readTextFields } from './arguments.ts';
import { type ApiExportContext, handOver } from './cad-answers.ts';

const newDispatch = legacyRequestOf('NEW_DISPATCH');

/**
 * Provides the exports of the official resource about calls:
 *
 * - `call911(caller, location, description, postal, plate, callback, coords, metaData)` makes a 911 call. The callback gets the text
 *   `EMERGENCY CALL ADDED ID: 7`. `metaData` is a table; what in it is neither text, number nor boolean is left out.
 * - `remove911(callId, callback)` removes one. The callback gets the id.
 * - `createDispatchCall(data, callback)` makes a dispatch call of what `performApiRequest` takes for `NEW_DISPATCH`, a table or a list
 *   with one. The callback gets the text `NEW DISPATCH CREATED - ID: 7`.
 * - `addCallNote(callId, note, callback)` and `setCallPostal(callId, postal, callback)` change a dispatch call. The callback gets its id.
 *
 * Ids may be text, texts may be numbers; of a text the first 5,000 characters count. Coordinates are a Lua vector or a table with `x`,
 * `y` and perhaps `z`. Nothing is returned. Callbacks may be left out, and get `(what is said above, true)`, or `(reason, false)` when
 * it has failed. A call whose arguments do not fit tells the operator once, and asks for nothing; `call911` without a description
 * asks the CAD even so. Nothing throws. The CAD takes 10 new 911 calls a minute, 10 removals, 20 new dispatch calls, 60 notes and 20
 * postals, of all servers of a community; a request waits up to 30 s for its turn.
 */
export function provideCallExports(context: ApiExportContext): void {
  const { events, request, warnings, log } = context;

  events.provide('call911', (...args) => {
    const told = { log, name: 'call911', caller: events.caller() };
    const [caller, location, description, postal, plate, , coordinates, metaData] = args;
    if (readText(description) === '') warnings.shifted(told.caller, told.name);
    const place = readPlace(coordinates);
    const input = {
      isEmergency: true,
      caller: readText(caller),
      location: readText(location),
      description: readText(description),
      metaData: readTextFields({
        postal,
        plate,
        ...(place !== null && { x: place.x, y: place.y, z: place.z }),
        ...readFields(metaData),
      }),
    };
    void request('create911', input).then((result) =>
      handOver(result, findCallback(args), ({ callId }) => `EMERGENCY CALL ADDED ID: ${callId}`, told),
    );
  });

  events.provide('remove911', (...args) => {
    const told = { log, name: 'remove911', caller: events.caller() };
    const callId = readId(args[0]);
    if (callId === undefined) warnings.shifted(told.caller, told.name);
    else
      void request('remove911', { callId }).then((result) => handOver(result, findCallback(args), () => callId, told));
  });

  events.provide('createDispatchCall', (...args) => {
    const told = { log, name: 'createDispatchCall', caller: events.caller() };
    const fields = readFields(args[0]);
    if (Object.keys(fields).length === 0) {
      warnings.shifted(told.caller, told.name);
      return;
    }
    // Scripts name units and metaData in the ways that they do for performApiRequest.
    const input = newDispatch?.toInput(fields) as ApiInput<'createDispatch'>;
    void request('createDispatch', input).then((result) =>
      handOver(result, findCallback(args), ({ callId }) => `NEW DISPATCH CREATED - ID: ${callId}`, told),
    );
  });

  events.provide('addCallNote', (...args) => {
    const told = { log, name: 'addCallNote', caller: events.caller() };
    const [callId, note] = [readId(args[0]), readText(args[1])];
    if (callId === undefined || note === '') warnings.shifted(told.caller, told.name);
    else
      void request('addNote', { callId, note }).then((result) =>
        handOver(result, findCallback(args), () => callId, told),
      );
  });

  events.provide('setCallPostal', (...args) => {
    const told = { log, name: 'setCallPostal', caller: events.caller() };
    const [callId, postal] = [readId(args[0]), readText(args[1])];
    if (callId === undefined || postal === '') warnings.shifted(told.caller, told.name);
    else
      void request('setPostal', { callId, postal }).then((result) =>
        handOver(result, findCallback(args), () => callId, told),
      );
  });
}
