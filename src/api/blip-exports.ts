import { endpointOf } from '../cad/api/endpoints.ts';
import type { Clock } from '../lib/clock.ts';
import { type Callback, findCallback, plainVectors, readFields, readId, readPlace, readText } from './arguments.ts';
import { type ApiExportContext, callBack, handOver, refuse, type Told } from './cad-answers.ts';

const MAX_TEMPORARY_SECONDS = 24 * 3_600;
/** Blips that are about to be changed back. */
const MAX_TEMPORARY = 500;

const NO_TABLES = 'A blip that is to be added has to be a table with what the CAD shall show; none was added.';
const NO_SECONDS = 'A blip is changed for a number of seconds above 0; it was not changed.';
const TOO_MANY_TEMPORARY = `At most ${MAX_TEMPORARY} blips can be waiting to be changed back; this one was not changed.`;

/**
 * Provides the exports of the official resource about blips, the marks on the CAD's live map:
 *
 * - `addBlip(coords, colour, subType, tooltip, icon, data, callback)` adds one, at the place's `x` and `y`. The callback gets the blip as
 *   the CAD made it, with its `id`.
 * - `addBlips(blips, callback)` adds a list of them, one after the other, each a table that goes to the CAD as it is. A call takes as
 *   many as the CAD takes a minute (10), and is refused as a whole when there are more, or when one is no table. The callback gets the
 *   list of blips as the CAD made them; of a single one that blip itself. The first that fails ends it:
 *   `callback(reason, false, ids)`, where `ids` are those of the blips that were added before.
 * - `removeBlip(id or list of ids, callback)` and `removeWithSubtype(subType, callback)` remove blips. The callback gets the list of ids.
 * - `modifyBlipd(id, changes, callback)` changes the fields in `changes`. The callback gets the id.
 * - `addTempBlipData(id, data, seconds, dataAfterwards, callback)` and `addTempBlipColor(id, colour, seconds, colourAfterwards, callback)`
 *   change a blip, and change it again after so many seconds, 24 h at most. The callback gets the id after the first change. Refused
 *   when `seconds` is no number above 0, and while 500 blips wait to be changed back. What waits is lost when this resource stops.
 * - `getBlips(callback)` asks for all.
 *
 * Coordinates are a Lua vector or a table with `x` and `y`. Nothing is returned. Callbacks may be left out, and get
 * `(what is said above, true)`, or `(reason, false)` when it was refused or has failed. A call whose arguments do not fit asks for
 * nothing and tells the operator once. Nothing throws. The CAD takes 10 blips to add and 10 questions for all a minute, 30 changes and
 * 30 removals, of all servers of a community; a request waits up to 30 s for its turn.
 */
export function provideBlipExports(context: ApiExportContext & { readonly clock: Pick<Clock, 'after'> }): void {
  const { events, request, warnings, log, clock } = context;
  const mostAdded = endpointOf('createBlip').perMinute;
  const tooMany = `At most ${mostAdded} blips can be added by one call, since the CAD takes no more a minute; none was added.`;
  let temporary = 0;

  async function add(
    blips: readonly Readonly<Record<string, unknown>>[],
    callback: Callback | undefined,
    told: Told,
  ): Promise<void> {
    const added: unknown[] = [];
    for (const blip of blips) {
      const result = await request('createBlip', blip);
      if (!result.ok) {
        const ids = added.map((each) => readId(readFields(each).id)).filter((id) => id !== undefined);
        return handOver(result, callback && ((reason, ok) => callback(reason, ok, ids)), () => null, told);
      }
      added.push(result.data);
    }
    callBack(callback, [added.length === 1 ? added[0] : added, true], told);
  }

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
    void add([blip], findCallback(args), told);
  });

  events.provide('addBlips', (...args) => {
    const told = { log, name: 'addBlips', caller: events.caller() };
    const [given] = args;
    const callback = findCallback(args);
    if (!Array.isArray(given)) {
      warnings.shifted(told.caller, told.name);
      return;
    }
    if (given.length > mostAdded) {
      refuse(tooMany, callback, told, warnings);
      return;
    }
    const blips = given.map((blip) => readFields(plainVectors(blip)));
    if (blips.some((blip) => Object.keys(blip).length === 0)) refuse(NO_TABLES, callback, told, warnings);
    else void add(blips, callback, told);
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
    const blipId = readId(args[0]);
    if (blipId === undefined) warnings.shifted(told.caller, told.name);
    else change(blipId, readFields(plainVectors(args[1])), findCallback(args), told);
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

  for (const [name, field] of [
    ['addTempBlipData', 'data'],
    ['addTempBlipColor', 'color'],
  ] as const) {
    events.provide(name, (...args) => {
      const told = { log, name, caller: events.caller() };
      const [id, shown, given, afterwards] = args;
      const blipId = readId(id);
      const seconds = Math.min(Number(readText(given)), MAX_TEMPORARY_SECONDS);
      const callback = findCallback(args);
      if (blipId === undefined) warnings.shifted(told.caller, told.name);
      else if (!(seconds > 0)) refuse(NO_SECONDS, callback, told, warnings);
      else if (temporary >= MAX_TEMPORARY) refuse(TOO_MANY_TEMPORARY, callback, told, warnings);
      else {
        change(blipId, { [field]: shown }, callback, told);
        temporary += 1;
        clock.after(seconds * 1_000, () => {
          temporary -= 1;
          change(blipId, { [field]: afterwards }, undefined, told);
        });
      }
    });
  }

  function change(
    blipId: number,
    changes: Readonly<Record<string, unknown>>,
    callback: Callback | undefined,
    told: Told,
  ): void {
    void request('updateBlip', { ...changes, blipId }).then((result) => handOver(result, callback, () => blipId, told));
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
