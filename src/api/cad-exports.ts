import type { ApiInput } from '../cad/api/endpoints.ts';
import { legacyRequestOf } from '../cad/api/legacy-requests.ts';
import type { ApiResult } from '../cad/api/results.ts';
import { readFields, readText } from './arguments.ts';
import { type ApiExportContext, asJson, callBack, provideCall, provideRequest, reportRefused } from './cad-answers.ts';

/**
 * Provides `CadIsPlayerLinked(identifier[, type], callback)`: the callback gets whether an account is linked, and nothing else; the
 * export gives a promise of the same, for which Lua waits. `type` is the kind of identifier (`license`), where `identifier` does not
 * begin with it. A player who cannot be asked about counts as not linked; without an identifier it gives false at once, and tells the
 * operator once. Nothing throws. What the CAD has said counts for 10 min when there is a link, for 30 s when there is none.
 */
export function provideLinkExports({
  isLinked,
  ...context
}: Parameters<typeof provideCall>[0] & { isLinked(identity: string): Promise<ApiResult<boolean>> }): void {
  provideCall(context, 'CadIsPlayerLinked', (call, ...args) => {
    const [identifier, type] = args.map(readText);
    if (!identifier) {
      call.misfit();
      callBack(call.callback, [false], call);
      return false;
    }
    const identity = type && !identifier.includes(':') ? `${type}:${identifier}` : identifier;
    const asked = isLinked(identity).then((result) => result.ok && result.data);
    void asked.then((linked) => callBack(call.callback, [linked], call));
    return asked;
  });
}

/**
 * Provides `sendUnitLocations(update or list of updates)`: sends where units are over the session with the CAD, at most 1,000 updates
 * `{ identId | apiId | communityUserId | roblox, location, coordinates? }`. It gives a promise, for which Lua waits, of whether the CAD
 * has taken all of them: false while there is no session, and for what is no update, which the operator is told once. Nothing throws.
 */
export function provideLocationExports({
  sendUnitLocations,
  ...context
}: Parameters<typeof provideCall>[0] & { sendUnitLocations(updates: readonly unknown[]): Promise<boolean> }): void {
  provideCall(context, 'sendUnitLocations', (call, given) => {
    if (typeof given === 'object' && given !== null) return sendUnitLocations([given].flat());
    call.misfit();
    return false;
  });
}

/** The CAD's numbers for the kinds of records that are wanted persons and vehicles. */
const WARRANTS_AND_BOLOS = [2, 3];
/** Its number for a search by the status that a record has. */
const BY_STATUS = 2;
/** By the words that scripts have for them. */
const STATUSES: Readonly<Record<string, number>> = {
  ...{ open: 0, active: 0, closed: 1, inactive: 1, pending: 2, approved: 3, rejected: 4 },
};
const OPEN_AND_CLOSED = [0, 1];
const PAGE = 100;
/** As many as the CAD answers in a minute. */
const MAX_PAGES = 30;

const lookup = legacyRequestOf('LOOKUP');

/**
 * Provides the exports of the official resource that look records up:
 *
 * - `performLookup(plate, callback, options)` finds by a whole plate. `options` is a table with what else the CAD's lookup takes, such as
 *   `types` and `partial`, or a list of types; without types it looks for 2, 3, 4 and 5. The callback gets the JSON of what the CAD has
 *   found, and `true`, or `(reason, false)` when it has failed.
 * - `getAllWarrantsAndBolos(options, callback)`, or only `(callback)`, finds the persons and vehicles that are wanted, for each of
 *   `options.statuses` (open and closed), in pages of `limit` (100) from `offset` or `page`, at most `maxPages` and never more than 30. The
 *   callback gets `(records, meta)`, where `meta` is `{ ok, pages, limit, offset, statuses, truncated }`, or `(nil, { ok = false, error })`.
 *
 * `options` may be left out. Nothing is returned. Without a plate, `performLookup` asks for nothing and tells the operator once. Nothing
 * throws. The CAD takes 30 lookups of each kind a minute of all servers of a community, equal ones at the same time count once; a request
 * waits up to 30 s for its turn.
 */
export function provideLookupExports(context: ApiExportContext): void {
  provideRequest(context, 'performLookup', 'lookup', asJson, (given, _callback, options) => {
    const plate = readText(given).trim();
    const isList = Array.isArray(options) && typeof options[0] !== 'object';
    const more = isList ? (options.length > 0 ? { types: options } : {}) : readFields(options);
    if (plate === '') return null;
    return lookup?.toInput({ partial: false, ...more, plate }) as ApiInput<'lookup'>;
  });
  provideCall(context, 'getAllWarrantsAndBolos', (call, options) => {
    const wanted = readWanted(readFields(options));
    void findWanted(context, wanted).then(({ records, meta }) => {
      if (meta.error !== undefined) reportRefused(call, meta.error);
      callBack(call.callback, [records, meta], call);
    });
  });
}

type Wanted = ReturnType<typeof readWanted>;

function readWanted(options: Readonly<Record<string, unknown>>) {
  const whole = (given: unknown, otherwise: number, least: number) => {
    const number = Math.floor(Number(given));
    return given === undefined || given === null || Number.isNaN(number) ? otherwise : Math.max(least, number);
  };
  const limit = Math.min(whole(options.limit ?? options.pageSize, PAGE, 1), 1_000);
  const page = whole(options.page, 0, 0);
  const statuses = [options.statuses ?? options.status]
    .flat()
    .map(statusOf)
    .filter((status) => status !== undefined);
  const types = Array.isArray(options.types) && options.types.length > 0 ? options.types : WARRANTS_AND_BOLOS;
  return {
    limit,
    offset: page > 0 ? (page - 1) * limit : whole(options.offset, 0, 0),
    maxPages: Math.min(whole(options.maxPages ?? options.pageLimit ?? options.pages, MAX_PAGES, 1), MAX_PAGES),
    statuses: statuses.length > 0 ? [...new Set(statuses)] : OPEN_AND_CLOSED,
    types,
  };
}

function statusOf(given: unknown): number | undefined {
  const text = readText(given).toLowerCase();
  const number = STATUSES[text] ?? Number(text);
  return text !== '' && Number.isInteger(number) ? number : undefined;
}

/** What the callback gets beside the records. */
type Meta = Partial<Wanted> & { readonly ok: boolean; pages?: number; truncated?: true; error?: string };

async function findWanted(
  { request }: Pick<ApiExportContext, 'request'>,
  { maxPages, types, ...wanted }: Wanted,
): Promise<{ records: unknown[] | null; meta: Meta }> {
  const { statuses, limit } = wanted;
  const records: unknown[] = [];
  const meta = { ok: true, pages: 0, ...wanted };
  for (const value of statuses) {
    for (let offset = wanted.offset; ; offset += limit) {
      if (meta.pages >= maxPages) return { records, meta: { ...meta, truncated: true } };
      const result = await request('lookupByValue', { searchType: BY_STATUS, value, types, limit, offset });
      if (!result.ok) return { records: null, meta: { ok: false, error: result.error.message } };
      const found = readFound(result.data);
      records.push(...found);
      meta.pages += 1;
      if (found.length < limit) break;
    }
  }
  return { records, meta };
}

/** Records are the answer, or stand in it. */
function readFound(answer: unknown): readonly unknown[] {
  const list = Array.isArray(answer) ? answer : readFields(answer).records;
  return Array.isArray(list) ? list : [];
}
