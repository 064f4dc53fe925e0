import { findCallback } from '../read-arguments.ts';
import { type ApiExportContext, handOver } from './api-export-context.ts';
import { readFields, readText } from './read-values.ts';

/** The CAD's numbers for the kinds of records that are wanted persons and vehicles. */
const WARRANTS_AND_BOLOS = [2, 3];

/** Provides the exports of the official resource that look records up. */
export function provideLookupExports({ events, request, warnings, log }: ApiExportContext): void {
  // (plate, callback, options)
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

  // ([options,] callback)
  events.provide('getAllWarrantsAndBolos', (...args) => {
    const told = { log, name: 'getAllWarrantsAndBolos', caller: events.caller() };
    const input = { types: WARRANTS_AND_BOLOS, partial: true, ...readFields(args[0]) };
    void request('lookup', input).then((result) => handOver(result, findCallback(args), (found) => found, told));
  });
}
