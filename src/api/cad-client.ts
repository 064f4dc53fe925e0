import { type EndpointName, endpoints } from '../cad/api/endpoints.ts';
import type { ApiResult } from '../cad/api/results.ts';
import { asList, type Fields, plainVectors, readObject, readText, readWhole, without } from '../events/read-values.ts';
import { type ApiExportContext, provideCall, readFields, reportRefused } from './export-calls.ts';

/** What a method of the client gives, as the vendor documents it. */
type ClientAnswer =
  | { readonly success: true; readonly data: unknown }
  /** `reason` is the CAD's own error, or a sentence where the CAD was not asked or gave none. */
  | { readonly success: false; readonly reason: unknown; readonly traceId?: string };

/** The methods of the vendor's client by name: which endpoint each asks, and what its arguments are in their order. */
const methodsByName = new Map(
  Object.entries(endpoints).map(
    ([
      endpoint,
      {
        client: [method, ...args],
      },
    ]) => [method, { endpoint: endpoint as EndpointName, args }],
  ),
);

/** The names of the methods that ask the CAD. */
export const clientMethods: readonly string[] = [...methodsByName.keys()];

/** Methods of the vendor's client that are not described for this one, or cannot be had, and what calls of them throw. */
export const refusedMethods = {
  ...Object.fromEntries(
    ['checkApiIdV2', 'setApiIdsV2', 'setLogLevel', 'setRoomId'].map((name) => [name, 'not documented']),
  ),
  uploadBodycamRecordingV2: 'a recording cannot be had: its bytes do not cross from one resource to another',
} as Readonly<Record<string, string>>;

/** Sent as whole numbers, and as lists, whatever a script has them as. */
const WHOLE = 'callId identId blipId recordId recordTypeId templateId serverId'.split(' ');
const LISTS = 'callIds communityUserIds identIds accounts ids types'.split(' ');
/** What the vendor's own client renames. */
const ALIASES = { apiId: 'communityUserId', apiIds: 'communityUserIds', notifyApiId: 'notifyCommunityUserId' };
/** A resource that asks for the client again and again does not keep it. */
const MANY = 50;
const MAX_COUNTED = 1_000;
const CAD = 0;

interface ClientContext extends ApiExportContext {
  /** The configuration in force. */
  config(): { readonly communityID: string; readonly apiKeys: readonly string[] };
}

/**
 * Provides the vendor's client for version 2 of the CAD's API, for Lua (with `:` and with `.`) and JavaScript:
 *
 * - `getCadClient()` gives an object with a method for each documented request. A method gives a promise, for which Lua waits, of
 *   `{ success = true, data }` with the CAD's answer, or `{ success = false, reason, traceId }` with its error. Requests wait for their
 *   turn as all others do, with the configured key. Methods without documentation throw `not documented`. A resource keeps the object:
 *   each method in it is a reference of the game server's.
 * - `createClient(options)` gives `{ cad }` with the same object, which asks for `options.defaultServerId` unless a call names another
 *   server. It throws for another product than the CAD, another community and a key that is not configured.
 * - `getCharactersV2(query)` is the client's method of that name.
 */
export function provideCadClient(context: ClientContext): void {
  const { events, link, warnings, config } = context;
  const asked = new Map<string, number>();

  async function ask(name: string, given: readonly unknown[], usual: Fields, caller: string | null) {
    const method = methodsByName.get(name);
    if (method === undefined) throw new Error(`${name}: unknown method`);
    const { endpoint, args } = method;
    const usualHere = endpoint === 'getLoginPage' ? { communityId: config().communityID, ...usual } : usual;
    const input = inputOf(args, given, usualHere);
    // The names of a row's arguments are those of its input.
    const result: ApiResult<unknown> = await link.request(endpoint, input as never);
    if (!result.ok) reportRefused({ ...context, name: `getCadClient ${name}`, caller }, result.error.message);
    return clientAnswer(result);
  }

  function createMethods(usual: Fields) {
    const asking = clientMethods.map((name) => [
      name,
      (...args: readonly unknown[]) => ask(name, withoutSelf(args), usual, events.caller()),
    ]);
    const refused = Object.entries(refusedMethods).map(([name, why]) => [
      name,
      () => {
        throw new Error(`${name}: ${why}`);
      },
    ]);
    return Object.fromEntries([...asking, ...refused]) as Readonly<Record<string, unknown>>;
  }

  const methods = createMethods({});
  provideCall(context, 'getCadClient', ({ caller, name }) => {
    const times = (asked.get(`${caller}`) ?? 0) + 1;
    if (asked.size < MAX_COUNTED || times > 1) asked.set(`${caller}`, times);
    if (times > MANY)
      warnings.warn(
        caller,
        name,
        `A resource asked for the client of the CAD more than ${MANY} times: it has to keep what it gets.`,
      );
    return methods;
  });
  provideCall(context, 'createClient', (_call, given) => {
    const options = readFields(given);
    const problem = problemOf(options, config());
    if (problem !== null) throw new Error(`createClient: ${problem}`);
    const serverId = readWhole(options.defaultServerId);
    return { cad: serverId === undefined ? methods : createMethods({ serverId }) };
  });
  provideCall(context, 'getCharactersV2', ({ caller }, query) => ask('getCharactersV2', [query], {}, caller));
}

function clientAnswer(result: ApiResult<unknown>): ClientAnswer {
  if (result.ok) return { success: true, data: result.answer ?? null };
  const { traceId, message } = result.error;
  return { success: false, reason: result.answer ?? message, ...(traceId !== null && { traceId }) };
}

/** A call with a colon has the client itself as its first argument. */
function withoutSelf(args: readonly unknown[]): readonly unknown[] {
  const [first] = args;
  const isSelf = typeof first === 'object' && first !== null && 'getVersionV2' in first;
  return isSelf ? args.slice(1) : args;
}

function inputOf(names: readonly string[], args: readonly unknown[], usual: Fields): Fields {
  const parts = names.map((name, index) => {
    const given = plainVectors(args[index]);
    if (!name.startsWith('...')) return sent({ [name]: given });
    const fields = sent(readObject(given) ?? {});
    return name === '...' ? fields : { serverId: fields.serverId, changes: without(fields, 'serverId') };
  });
  // What has an argument of its own counts before what the table has, which is the last.
  const input: Fields = Object.assign({}, ...parts.toReversed());
  const given = Object.entries(input).filter(([, value]) => value !== undefined && value !== null);
  // A community is named by one of its two marks.
  const { communityId, ...others } = usual;
  return {
    ...('url' in input || communityId === undefined ? {} : { communityId }),
    ...others,
    ...Object.fromEntries(given),
  };
}

/** What a script gave under the names and in the forms that the CAD takes. */
function sent(given: Fields): Fields {
  const fields: Record<string, unknown> = without(given, ...Object.keys(ALIASES));
  for (const [alias, name] of Object.entries(ALIASES)) {
    if (given[alias] !== undefined) fields[name] ??= given[alias];
  }
  for (const name of WHOLE) if (fields[name] !== undefined) fields[name] = readWhole(fields[name]) ?? fields[name];
  for (const name of LISTS) if (fields[name] !== undefined) fields[name] = asList(fields[name]);
  if (Array.isArray(fields.updates)) fields.updates = fields.updates.map((update) => sent(readObject(update) ?? {}));
  const metaData = readObject(fields.metaData);
  if (metaData !== undefined) {
    fields.metaData = Object.fromEntries(
      Object.entries(metaData).map(([name, value]) => [name, readText(value) ?? '']),
    );
  }
  return fields;
}

function problemOf(options: Fields, { communityID, apiKeys }: ReturnType<ClientContext['config']>): string | null {
  const { product = CAD, communityId: community, apiKey } = options;
  if (product !== CAD && product !== null) return 'only the CAD can be asked (product 0)';
  const isOther = typeof community === 'string' && community !== '' && communityID !== '' && community !== communityID;
  if (isOther) return "only this server's own community can be asked";
  if (typeof apiKey === 'string' && apiKey !== '' && !apiKeys.includes(apiKey))
    return 'only the configured API key is used';
  return null;
}
