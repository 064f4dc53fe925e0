/** The fields that something reads, in the casing in which it reads them: an answer may have any. */
const KNOWN = [
  'accId accId1 accId2 accountUuid accounts accountId activeCalls address aop apiId apiIds block callId callIds caller',
  'closedCallCount closedCalls code comId community communityUserId communityUuid coordinates createdAt customLoginUrl',
  'data deleteAfterMinutes department description district emergencyCalls expiresAt expiresInSeconds group id identId',
  'identIds identifier identifiers idents isDispatch isEmergency isPanic joined label lastLogin limit linked location',
  'metaData name note notes noteType offset origin page pagination permissions playerCount postal primary priority rank',
  'receivedAtUtc selectedIdent serverId servers status statusId subdivision template templateId time timezone title total',
  'trackPrimary type unitNum units updated username uuid values version',
].flatMap((line) => line.split(' '));
const BY_LOWER = new Map(KNOWN.map((name) => [name.toLowerCase(), name]));

/** Below these, names are given by communities and scripts, or go back to the CAD as they came. */
const KEPT = new Set(['metaData', 'servers', 'values', 'permissions']);

/** No answer is nested deeper; what is stays as it came. */
const MAX_DEPTH = 32;

/**
 * Makes the fields of an answer lower camel case, since the CAD writes `callId`, `CallId` and `CallID`. The value of a field in
 * the right casing wins over the same field in another. What lies below `metaData`, `servers`, `values` and `permissions` is
 * not touched.
 *
 * @param given as parsed from JSON
 */
export function camelFields(given: unknown, depth = 0): unknown {
  if (typeof given !== 'object' || given === null || depth >= MAX_DEPTH) return given;
  if (Array.isArray(given)) return given.map((entry) => camelFields(entry, depth + 1));
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const field = fieldName(name);
    if (name === '__proto__' || (field !== name && Object.hasOwn(given, field))) continue;
    read[field] = KEPT.has(field) ? value : camelFields(value, depth + 1);
  }
  return read;
}

function fieldName(name: string): string {
  // A run of capitals is one word: all of it, but for the capital that begins the next.
  return (
    BY_LOWER.get(name.toLowerCase()) ?? name.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+/, (start) => start.toLowerCase())
  );
}
