import { createLegacyInput } from '../cad/api/legacy-requests.ts';
import { readObject } from '../events/read-values.ts';
import type { Clock } from '../lib/clock.ts';
import {
  type ApiExportContext,
  answerOf,
  asJson,
  callBack,
  type ExportCall,
  findIdentityInCad,
  type PlayerRequests,
  provideCall,
  provideRequest,
  readFields,
  readId,
  readText,
  reportRefused,
  type UnitsInGame,
} from './export-calls.ts';

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

const lookup = createLegacyInput('LOOKUP', 'lookup');

/** How long what was found about a plate or a player counts, and the longest that a script may say. */
const KEPT_MS = 60_000;
const MAX_KEPT_MS = 600_000;
const MAX_KEPT = 200;

/** By the CAD's number for a type of record. */
const [WARRANT, BOLO, REGISTRATION] = [2, 3, 5];
/** By its number for a section of a record. */
const [CIVILIAN, FLAGS, PICTURE] = [0, 1, 7];
const CLOSED = '1';

interface LookupContext extends ApiExportContext {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly game: UnitsInGame;
  readonly requests: Pick<PlayerRequests, 'identityInCad'>;
}

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
 * - `cadPlateLookup(plate, nil, callback, notify)` and `cadNameLookup(first, last, mi, callback, notify)` find by plate and by name: the
 *   callback gets the list of records, an empty one when it has failed. `notify` is the identity of a player to whom the CAD shows them.
 * - `cadGetPlateInformation(plate, callback, options)`, also as `cadGetInformation`, calls back with (registrations, vehicles, owners,
 *   flags of BOLOs, flags of warrants): of records their fields by name, of what is closed nothing. What was found counts for
 *   `options.cacheTtlMs` (60 s); `bypassCache` and `forceRefresh` ask anew, `autoLookup` is whom the CAD shows it.
 * - `GetCharacters(player, callback)` calls back with the fields of each of the player's characters, or with nothing.
 *
 * `options` may be left out. Nothing is returned. Without what is looked for, an export asks for nothing and tells the operator once. Nothing
 * throws. The CAD takes 30 lookups of each kind a minute of all servers of a community, equal ones at the same time count once; a request
 * waits up to 30 s for its turn.
 */
export function provideLookupExports(context: LookupContext): void {
  provideSubmoduleLookups(context);
  provideRequest(context, 'performLookup', 'lookup', asJson, (given, _callback, options) => {
    const plate = readText(given).trim();
    const isList = Array.isArray(options) && typeof options[0] !== 'object';
    const more = isList ? (options.length > 0 ? { types: options } : {}) : readFields(options);
    if (plate === '') return null;
    return lookup({ partial: false, ...more, plate });
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
  { link }: Pick<ApiExportContext, 'link'>,
  { maxPages, types, ...wanted }: Wanted,
): Promise<{ records: unknown[] | null; meta: Meta }> {
  const { statuses, limit } = wanted;
  const records: unknown[] = [];
  const meta = { ok: true, pages: 0, ...wanted };
  for (const value of statuses) {
    for (let offset = wanted.offset; ; offset += limit) {
      if (meta.pages >= maxPages) return { records, meta: { ...meta, truncated: true } };
      const result = await link.request('lookupByValue', { searchType: BY_STATUS, value, types, limit, offset });
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

/** What was found lately, by what was looked for. */
class Found<Value> {
  readonly #kept = new Map<string, { readonly value: Value; readonly until: number }>();
  readonly #clock: Pick<Clock, 'monotonic'>;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  get(key: string): Value | undefined {
    const kept = this.#kept.get(key);
    return kept !== undefined && kept.until > this.#clock.monotonic() ? kept.value : undefined;
  }

  keep(key: string, value: Value, forMs: number): void {
    this.#kept.delete(key);
    this.#kept.set(key, { value, until: this.#clock.monotonic() + forMs });
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}

/** Those that a submodule of the official resource has. */
function provideSubmoduleLookups(context: LookupContext): void {
  const { link, clock } = context;
  const plates = new Found<PlateInformation>(clock);
  const characters = new Found<readonly unknown[]>(clock);

  /** @returns null when it has failed */
  async function find(wanted: object, notify: unknown, call: ExportCall): Promise<readonly unknown[] | null> {
    const input = lookup({ partial: false, ...wanted, apiId: readText(notify) || undefined });
    const result = await link.request('lookup', input);
    if (result.ok) return readFound(answerOf(result));
    reportRefused(call, result.error.message);
    return null;
  }

  /** @returns what stands before the callback, and what behind it */
  function aroundCallback(args: readonly unknown[]): [string[], unknown] {
    const index = args.findIndex((argument) => typeof argument === 'function');
    const end = index < 0 ? args.length : index;
    return [args.slice(0, end).map((argument) => readText(argument).trim()), args[end + 1]];
  }

  const listings = { cadPlateLookup: ['plate'], cadNameLookup: ['first', 'last', 'mi'] };
  for (const [name, fields] of Object.entries(listings)) {
    provideCall(context, name, (call, ...args) => {
      const [texts, notify] = aroundCallback(args);
      const wanted = Object.fromEntries(fields.map((field, index) => [field, texts[index] ?? '']));
      if (Object.values(wanted).every((text) => text === '')) {
        call.misfit();
        return callBack(call.callback, [[]], call);
      }
      void find(wanted, notify, call).then((records) => callBack(call.callback, [records ?? []], call));
    });
  }

  for (const name of ['cadGetPlateInformation', 'cadGetInformation']) {
    provideCall(context, name, (call, ...args) => {
      const [[plate = ''], given] = aroundCallback(args);
      const options = typeof given === 'object' ? readFields(given) : { autoLookup: given };
      if (plate === '') {
        call.misfit();
        return callBack(call.callback, informationOf([]), call);
      }
      const key = plate.toLowerCase();
      const isAskedAnew = options.bypassCache === true || options.forceRefresh === true;
      const kept = isAskedAnew ? undefined : plates.get(key);
      if (kept !== undefined) return callBack(call.callback, kept, call);
      void find({ plate }, options.autoLookup, call).then((records) => {
        const information = informationOf(records ?? []);
        const keptMs = Math.min(Number(options.cacheTtlMs ?? KEPT_MS), MAX_KEPT_MS);
        if (records !== null && options.bypassCache !== true && keptMs > 0) plates.keep(key, information, keptMs);
        callBack(call.callback, information, call);
      });
    });
  }

  async function charactersOf(source: number, call: ExportCall): Promise<readonly unknown[] | null> {
    const identity = await findIdentityInCad(source, context);
    if (identity === null) return null;
    const kept = characters.get(identity);
    if (kept !== undefined) return kept;
    const result = await link.request('getCharacters', { communityUserId: identity });
    if (!result.ok) {
      reportRefused(call, result.error.message);
      return null;
    }
    const found = readFound(answerOf(result)).map(characterOf);
    characters.keep(identity, found, KEPT_MS);
    return found;
  }

  provideCall(context, 'GetCharacters', (call, player) => {
    const source = readId(player);
    if (source === undefined) {
      call.misfit();
      return callBack(call.callback, [null], call);
    }
    void charactersOf(source, call).then((found) => callBack(call.callback, [found], call));
  });
}

interface Section {
  readonly category: unknown;
  readonly fields: readonly Readonly<Record<string, unknown>>[];
}

function sectionsOf(record: unknown): Section[] {
  const list = (given: unknown) => (Array.isArray(given) ? given.map((entry) => readObject(entry) ?? {}) : []);
  return list(readFields(record).sections).map(({ category, fields }) => ({ category, fields: list(fields) }));
}

/** The fields of a section by their ids; those whose id a community has made up also by their label. */
function fieldsOf({ fields }: Section): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap(({ uid, label, value }) => {
      const id = readText(uid);
      if (id === '') return [];
      const name = readText(label).toLowerCase();
      return id.includes('_') && name !== '' ? [[id, value] as const, [name, value] as const] : [[id, value] as const];
    }),
  );
}

type PlateInformation = ReturnType<typeof informationOf>;

/** What records say about a plate: registrations, vehicles, owners, and the flags of BOLOs and warrants that are not closed. */
function informationOf(records: readonly unknown[]): [unknown[], unknown[], unknown[], unknown[], unknown[]] {
  const of = (type: number | undefined) => records.filter((record) => readFields(record).type === type);
  const sections = of(REGISTRATION).flatMap(sectionsOf).map(fieldsOf);
  const having = (uid: string) => sections.filter((fields) => uid in fields);
  const flags = (type: number | undefined, usual: string) => of(type).flatMap((record) => flagsOf(record, usual));
  return [having('status'), having('plate'), having('first'), flags(BOLO, 'BOLO'), flags(WARRANT, 'Warrant')];
}

function flagsOf(record: unknown, usual: string): unknown[] {
  const sections = sectionsOf(record);
  if (sections.some((section) => readText(fieldsOf(section).status) === CLOSED)) return [];
  const flags = sections
    .filter(({ category }) => category === FLAGS)
    .flatMap(({ fields }) => fields.flatMap(({ data }) => readFields(data).flags ?? []));
  return flags.length > 0 ? flags : [usual];
}

function characterOf(record: unknown): Record<string, unknown> {
  const sections = sectionsOf(record);
  const fields = sections.filter(({ category }) => category === CIVILIAN).map(fieldsOf);
  const picture = sections.find(({ category }) => category === PICTURE);
  const img = picture && fieldsOf(picture).img;
  return Object.assign({}, ...fields, img === undefined ? {} : { img });
}
