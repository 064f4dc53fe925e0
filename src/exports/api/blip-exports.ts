import type { Clock } from '../../platform/clock.ts';
import { type Callback, findCallback, readId } from '../read-arguments.ts';
import { type ApiExportContext, callBack, handOver, type Told } from './api-export-context.ts';
import { plainVectors } from './plain-vectors.ts';
import { readPlace } from './read-place.ts';
import { readFields, readText } from './read-values.ts';

/** Blips of one call; the CAD takes them one by one, ten a minute. */
const MAX_BLIPS = 20;
const MAX_TEMPORARY_SECONDS = 24 * 3_600;
/** Blips that are about to be changed back. */
const MAX_TEMPORARY = 500;

/** Provides the exports of the official resource about marks on the CAD's live map. */
export function provideBlipExports(context: ApiExportContext & { readonly clock: Pick<Clock, 'after'> }): void {
  const { events, request, warnings, log, clock } = context;
  let temporary = 0;

  async function create(
    blips: readonly Readonly<Record<string, unknown>>[],
    callback: Callback | undefined,
    told: Told,
  ) {
    const results = [];
    for (const blip of blips) results.push(await request('createBlip', blip));
    for (const result of results) if (!result.ok) return handOver(result, callback, () => null, told);
    const created = results.flatMap((result) => (result.ok ? [result.data] : []));
    callBack(callback, [created.length === 1 ? created[0] : created, true], told);
  }

  // (coordinates, colour, subType, toolTip, icon, data, callback)
  events.provide('addBlip', (...args) => {
    const told = { log, name: 'addBlip', caller: events.caller() };
    const [coordinates, color, subType, tooltip, icon, data] = args;
    const place = readPlace(coordinates);
    if (place === null) {
      warnings.shifted(told.caller, told.name);
      return;
    }
    const blip = {
      coordinates: { x: place.x, y: place.y },
      color: readText(color),
      subType: readText(subType),
      tooltip: readText(tooltip),
      icon: readText(icon),
      data: plainVectors(data ?? []),
    };
    void create([blip], findCallback(args), told);
  });

  events.provide('addBlips', (...args) => {
    const told = { log, name: 'addBlips', caller: events.caller() };
    const blips = (Array.isArray(args[0]) ? args[0] : [])
      .slice(0, MAX_BLIPS)
      .map((blip) => readFields(plainVectors(blip)));
    if (blips.length === 0) warnings.shifted(told.caller, told.name);
    else void create(blips, findCallback(args), told);
  });

  events.provide('removeBlip', (...args) => {
    const told = { log, name: 'removeBlip', caller: events.caller() };
    const ids = [args[0]]
      .flat()
      .map(readId)
      .filter((id) => id !== undefined);
    if (ids.length === 0) warnings.shifted(told.caller, told.name);
    else void request('deleteBlips', { ids }).then((result) => handOver(result, findCallback(args), () => ids, told));
  });

  events.provide('modifyBlipd', (...args) => {
    const told = { log, name: 'modifyBlipd', caller: events.caller() };
    change(args[0], readFields(plainVectors(args[1])), told, findCallback(args));
  });

  events.provide('getBlips', (...args) => {
    const told = { log, name: 'getBlips', caller: events.caller() };
    void request('getBlips', {}).then((result) => handOver(result, findCallback(args), (blips) => blips, told));
  });

  events.provide('removeWithSubtype', (...args) => {
    const told = { log, name: 'removeWithSubtype', caller: events.caller() };
    const subType = readText(args[0]);
    if (subType === '') warnings.shifted(told.caller, told.name);
    else void removeWith(subType, findCallback(args), told);
  });

  // (id, what to show, seconds, what to show afterwards)
  for (const [name, field] of [
    ['addTempBlipData', 'data'],
    ['addTempBlipColor', 'color'],
  ] as const) {
    events.provide(name, (id, shown, seconds, afterwards) => {
      const told = { log, name, caller: events.caller() };
      change(id, { [field]: shown }, told);
      const wait = Math.min(Number(seconds), MAX_TEMPORARY_SECONDS);
      if (!(wait > 0) || temporary >= MAX_TEMPORARY) return;
      temporary += 1;
      clock.after(wait * 1_000, () => {
        temporary -= 1;
        change(id, { [field]: afterwards }, told);
      });
    });
  }

  function change(id: unknown, changes: Readonly<Record<string, unknown>>, told: Told, callback?: Callback): void {
    const blipId = readId(id);
    if (blipId === undefined) warnings.shifted(told.caller, told.name);
    else
      void request('updateBlip', { ...changes, blipId }).then((result) =>
        handOver(result, callback, () => blipId, told),
      );
  }

  async function removeWith(subType: string, callback: Callback | undefined, told: Told): Promise<void> {
    const blips = await request('getBlips', {});
    if (!blips.ok) return handOver(blips, callback, () => null, told);
    const ids = blips.data
      .map(readFields)
      .filter((blip) => blip.subType === subType)
      .map(({ id }) => readId(id))
      .filter((id) => id !== undefined);
    if (ids.length === 0) callBack(callback, [[], true], told);
    else handOver(await request('deleteBlips', { ids }), callback, () => ids, told);
  }
}
