import { findCallback } from '../read-arguments.ts';
import { type ApiExportContext, handOver } from './api-export-context.ts';
import { readFields, readText } from './read-values.ts';

/** The CAD's numbers for the kinds of records that are wanted persons and vehicles. */
const WARRANTS_AND_BOLOS = [2, 3];

/**
 * Provides the exports of the official resource that look records up:
 *
 * - `performLookup(plate, callback, options)` finds by a whole plate.
 * - `getAllWarrantsAndBolos(options, callback)`, or only `(callback)`, finds whoever and whatever is wanted.
 *
 * `options` is a table with whatever else the CAD's lookup takes, such as `types` and `partial`; it may be left out. Nothing is
 * returned. The callback gets what the CAD has found, as it answered, and `true`, or `(reason, false)` when it has failed. Without a
 * plate, `performLookup` asks for nothing and tells the operator once. Nothing throws. The CAD takes 10 lookups a minute of all
 * servers of a community, equal ones at the same time count once; a request waits up to 30 s for its turn.
 */
export function provideLookupExports({ events, request, warnings, log }: ApiExportContext): void {
  events.provide('performLookup', (...args) => {
    const told = { log, name: 'performLookup', caller: events.caller() };
    const plate = readText(args[0]).trim();
    if (plate === '') {
      warnings.shifted(told.caller, told.name);
      return;
    }
    const input = { partial: false, ...readFields(args[2]), plate };
    void request('lookup', input).then((result) => handOver(result, findCallback(args), (found) => found, told));
  });

  events.provide('getAllWarrantsAndBolos', (...args) => {
    const told = { log, name: 'getAllWarrantsAndBolos', caller: events.caller() };
    const input = { types: WARRANTS_AND_BOLOS, partial: true, ...readFields(args[0]) };
    void request('lookup', input).then((result) => handOver(result, findCallback(args), (found) => found, told));
  });
}
