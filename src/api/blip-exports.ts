import { createLegacyInput } from '../cad/api/legacy-requests.ts';
import { type Fields, plainVectors, readEach } from '../events/read-values.ts';
import type { Clock } from '../lib/clock.ts';
import {
  type ApiExportContext,
  asJson,
  callBack,
  type ExportCall,
  handOver,
  provideCall,
  provideRequest,
  readFields,
  readId,
  readPlace,
  readText,
  requestEach,
} from './export-calls.ts';

const MAX_TEMPORARY_SECONDS = 24 * 3_600;
/** Blips that are about to be changed back. */
const MAX_TEMPORARY = 500;

const newBlip = createLegacyInput('CREATE_BLIPS', 'createBlip');

/** What a blip is made of: a table with any of these names changes them, any other takes the place of its data. */
const FIELDS = ['coordinates', 'color', 'subType', 'tooltip', 'icon', 'radius', 'data'];

const NO_TABLES = 'A blip that is to be added has to be a table with what the CAD shall show; none was added.';
const NO_SECONDS = 'A blip is changed for a number of seconds above 0; it was not changed.';
const TOO_MANY_TEMPORARY = `At most ${MAX_TEMPORARY} blips can be waiting to be changed back; this one was not changed.`;

/**
 * Provides the exports of the official resource about blips, the marks on the CAD's live map:
 *
 * - `addBlip(coords, colour, subType, tooltip, icon, data, callback)` adds one, at the place's `x` and `y`. The callback gets the JSON of
 *   a list with the blip as the CAD made it, with its `id`.
 * - `addBlips(blips, callback)` adds a list of them, one after the other as the CAD's limit has room for them, 100 at most; each is a
 *   table, or has one in `blip`. It is refused as a whole when there are more, or when one is no table. The callback gets the JSON of the
 *   list of blips as the CAD made them. The first that fails ends it: `callback(reason, false, ids)`, where `ids` are those of the blips
 *   that were added before.
 * - `removeBlip(id or list of ids, callback)` and `removeWithSubtype(subType, callback)` remove blips. The callback gets `OK`.
 * - `modifyBlipd(id, changes, callback)` changes the fields in `changes`; a table with none of a blip's fields takes the place of its
 *   `data`. The callback gets the id.
 * - `addTempBlipData(id, data, seconds, dataAfterwards, callback)` and `addTempBlipColor(id, colour, seconds, colourAfterwards, callback)`
 *   change a blip, and change it again after so many seconds, 24 h at most. The callback gets the id after the first change. Refused
 *   when `seconds` is no number above 0, and while 500 blips wait to be changed back. What waits is lost when this resource stops.
 * - `getBlips(callback)` asks for all: the callback gets the JSON of their list.
 *
 * Coordinates are a Lua vector or a table with `x` and `y`. Nothing is returned. Callbacks may be left out, and get
 * `(what is said above, true)`, or `(reason, false)` when it was refused or has failed. A call whose arguments do not fit is refused,
 * and the operator told once. Nothing throws. The CAD takes 30 blips to add a minute, 30 changes, 30 removals and 10 questions
 * for all, of all servers of a community; a request waits up to 30 s for its turn.
 */
export function provideBlipExports(context: ApiExportContext & { readonly clock: Pick<Clock, 'after'> }): void {
  const { link, clock } = context;
  let temporary = 0;

  async function add(blips: readonly Fields[], call: ExportCall): Promise<void> {
    const { answers, last } = await requestEach(link, 'createBlip', blips.map(newBlip));
    if (last?.ok === false) handOver(call, last, () => null, idsOf(answers));
    else callBack(call.callback, [JSON.stringify(answers), true], call);
  }

  provideCall(context, 'addBlip', (call, coordinates, color, subType, tooltip, icon, data) => {
    const place = readPlace(coordinates);
    if (place === null) return call.refuseMisfit();
    const blip = {
      coordinates: { x: place.x, y: place.y },
      color: readText(color),
      subType: readText(subType),
      tooltip: readText(tooltip),
      icon: readText(icon),
      data: plainVectors(data ?? []),
    };
    void add([blip], call);
  });

  provideCall(context, 'addBlips', (call, given) => {
    if (!Array.isArray(given)) return call.refuseMisfit();
    const blips = given.map((blip) => readFields(plainVectors(blip)));
    if (blips.some((blip) => Object.keys(blip).length === 0)) return call.refuse(NO_TABLES);
    void add(blips, call);
  });

  const isRemoved = () => 'OK';
  provideRequest(context, 'removeBlip', 'deleteBlips', isRemoved, (given) => {
    const ids = readEach(given, readId);
    return ids.length === 0 ? null : { ids };
  });

  async function removeWith(subType: string, call: ExportCall): Promise<void> {
    const blips = await link.request('getBlips', {});
    if (!blips.ok) return handOver(call, blips, () => null);
    const ids = idsOf(blips.data.filter((blip) => readFields(blip).subType === subType));
    if (ids.length === 0) callBack(call.callback, [isRemoved(), true], call);
    else handOver(call, await link.request('deleteBlips', { ids }), isRemoved);
  }

  provideCall(context, 'removeWithSubtype', (call, given) => {
    const subType = readText(given);
    if (subType === '') call.refuseMisfit();
    else void removeWith(subType, call);
  });

  provideRequest(context, 'getBlips', 'getBlips', asJson, () => ({}));

  const idChanged = (_changed: unknown, _answer: unknown, { blipId }: { readonly blipId: number }) => blipId;
  provideRequest(context, 'modifyBlipd', 'updateBlip', idChanged, (id, given) => {
    const blipId = readId(id);
    const changes = plainVectors(given);
    const fields = readFields(changes);
    const isOfBlip = !Array.isArray(changes) && FIELDS.some((field) => field in fields);
    return blipId === undefined ? null : { ...(isOfBlip ? fields : { data: changes }), blipId };
  });

  for (const [name, field] of [
    ['addTempBlipData', 'data'],
    ['addTempBlipColor', 'color'],
  ] as const) {
    provideCall(context, name, (call, id, shown, given, afterwards) => {
      const blipId = readId(id);
      const seconds = Math.min(Number(readText(given)), MAX_TEMPORARY_SECONDS);
      if (blipId === undefined) return call.refuseMisfit();
      if (!(seconds > 0)) return call.refuse(NO_SECONDS);
      if (temporary >= MAX_TEMPORARY) return call.refuse(TOO_MANY_TEMPORARY);
      const change = (value: unknown, callback: ExportCall['callback']) =>
        void link
          .request('updateBlip', { [field]: value, blipId })
          .then((result) => handOver({ ...call, callback }, result, () => blipId));
      change(plainVectors(shown), call.callback);
      temporary += 1;
      clock.after(seconds * 1_000, () => {
        temporary -= 1;
        change(plainVectors(afterwards), undefined);
      });
    });
  }
}

function idsOf(blips: readonly unknown[]): number[] {
  return readEach(blips, (blip) => readId(readFields(blip).id));
}
