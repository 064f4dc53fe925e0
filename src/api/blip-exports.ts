import { endpointOf } from '../cad/api/endpoints.ts';
import { type Fields, readEach } from '../events/read-values.ts';
import type { Clock } from '../lib/clock.ts';
import { plainVectors, readFields, readId, readPlace, readText } from './arguments.ts';
import {
  type ApiExportContext,
  callBack,
  type ExportCall,
  handOver,
  provideCall,
  provideRequest,
} from './cad-answers.ts';

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
  const { request, clock } = context;
  const mostAdded = endpointOf('createBlip').perMinute;
  const tooMany = `At most ${mostAdded} blips can be added by one call, since the CAD takes no more a minute; none was added.`;
  let temporary = 0;

  async function add(blips: readonly Fields[], call: ExportCall): Promise<void> {
    const added: unknown[] = [];
    for (const blip of blips) {
      const result = await request('createBlip', blip);
      if (!result.ok) return handOver(call, result, () => null, idsOf(added));
      added.push(result.data);
    }
    callBack(call.callback, [added.length === 1 ? added[0] : added, true], call);
  }

  provideCall(context, 'addBlip', (call, coordinates, color, subType, tooltip, icon, data) => {
    const place = readPlace(coordinates);
    if (place === null) return call.misfit();
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
    if (!Array.isArray(given)) return call.misfit();
    if (given.length > mostAdded) return call.refuse(tooMany);
    const blips = given.map((blip) => readFields(plainVectors(blip)));
    if (blips.some((blip) => Object.keys(blip).length === 0)) return call.refuse(NO_TABLES);
    void add(blips, call);
  });

  const idsRemoved = (_removed: unknown, { ids }: { readonly ids: readonly number[] }) => ids;
  provideRequest(context, 'removeBlip', 'deleteBlips', idsRemoved, (given) => {
    const ids = readEach(given, readId);
    return ids.length === 0 ? null : { ids };
  });

  async function removeWith(subType: string, call: ExportCall): Promise<void> {
    const blips = await request('getBlips', {});
    if (!blips.ok) return handOver(call, blips, () => null);
    const ids = idsOf(blips.data.filter((blip) => readFields(blip).subType === subType));
    if (ids.length === 0) callBack(call.callback, [[], true], call);
    else handOver(call, await request('deleteBlips', { ids }), () => ids);
  }

  provideCall(context, 'removeWithSubtype', (call, given) => {
    const subType = readText(given);
    if (subType === '') call.misfit();
    else void removeWith(subType, call);
  });

  const asAnswered = (blips: unknown) => blips;
  provideRequest(context, 'getBlips', 'getBlips', asAnswered, () => ({}));

  const idChanged = (_changed: unknown, { blipId }: { readonly blipId: number }) => blipId;
  provideRequest(context, 'modifyBlipd', 'updateBlip', idChanged, (id, changes) => {
    const blipId = readId(id);
    return blipId === undefined ? null : { ...readFields(plainVectors(changes)), blipId };
  });

  for (const [name, field] of [
    ['addTempBlipData', 'data'],
    ['addTempBlipColor', 'color'],
  ] as const) {
    provideCall(context, name, (call, id, shown, given, afterwards) => {
      const blipId = readId(id);
      const seconds = Math.min(Number(readText(given)), MAX_TEMPORARY_SECONDS);
      if (blipId === undefined) return call.misfit();
      if (!(seconds > 0)) return call.refuse(NO_SECONDS);
      if (temporary >= MAX_TEMPORARY) return call.refuse(TOO_MANY_TEMPORARY);
      const change = (value: unknown, callback: ExportCall['callback']) =>
        void request('updateBlip', { [field]: value, blipId }).then((result) =>
          handOver({ ...call, callback }, result, () => blipId),
        );
      change(shown, call.callback);
      temporary += 1;
      clock.after(seconds * 1_000, () => {
        temporary -= 1;
        change(afterwards, undefined);
      });
    });
  }
}

function idsOf(blips: readonly unknown[]): number[] {
  return readEach(blips, (blip) => readId(readFields(blip).id));
}
