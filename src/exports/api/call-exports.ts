import type { ApiInput } from '../../cad/api/endpoints/endpoints.ts';
import { legacyRequestOf } from '../../cad/api/legacy-names.ts';
import { findCallback, readId } from '../read-arguments.ts';
import { type ApiExportContext, handOver } from './api-export-context.ts';
import { readPlace } from './read-place.ts';
import { readFields, readText, readTextFields } from './read-values.ts';

const newDispatch = legacyRequestOf('NEW_DISPATCH');

/** Provides the exports of the official resource about calls. Each answers by its callback, where it has one. */
export function provideCallExports(context: ApiExportContext): void {
  const { events, request, warnings, log } = context;

  // (caller, location, description, postal, plate, callback, coordinates, metaData)
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

  // (data, callback)
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
