import { describe, expect, it } from '@jest/globals';
import { camelFields } from '../../../src/cad/api/outcome.ts';
import { type AnsweredError, answeredError } from '../../../src/cad/api/results.ts';

const plain: AnsweredError = {
  status: 400,
  cadMessage: null,
  traceId: 'abc',
  retryAfterMs: null,
  serverId: null,
  about: null,
};

describe('answeredError', () => {
  it.each([
    [401, {}, 'key', 'put the key from the community'],
    [402, { cadMessage: 'err-ss-101' }, 'plan', "The community's plan does not include this (402)"],
    [403, { cadMessage: 'Mismatch.' }, 'refused', 'The CAD refused the request (403). The CAD says: Mismatch.'],
    [404, { serverId: 3 }, 'server', "The CAD knows no server 3 (404): set serverId to this server's number"],
    [
      404,
      { serverId: 3, about: 'call', cadMessage: 'Server 3 is unknown' },
      'server',
      'no server 3 (404): set serverId',
    ],
    [404, { serverId: 3, about: 'call' }, 'refused', 'The CAD knows no such call (404), or no server 3.'],
    [404, { about: 'account' }, 'refused', 'The CAD knows no such account (404).'],
    [404, {}, 'refused', 'The CAD knows no such address (404).'],
    [409, {}, 'refused', 'The CAD refused the request (409).'],
    [429, { retryAfterMs: 20_500 }, 'limit', '(429): wait 21 s.'],
    [429, {}, 'limit', '(429): wait a minute.'],
    [500, {}, 'unreachable', 'out of order (500)'],
    [301, {}, 'unreadable', 'not followed, because the API key must not be sent to another address: correct apiUrl.'],
    [0, {}, 'unreadable', 'redirect (0)'],
  ] as [number, Partial<AnsweredError>, string, string][])(
    'turns status %i with %j into an error of kind %s',
    (status, more, kind, message) => {
      const { error } = answeredError({ ...plain, status, ...more });
      expect(error).toEqual({ kind, status, traceId: 'abc', message: expect.stringContaining(message) });
    },
  );
});

const FIELDS = ['id', 'callId', 'activeCalls'];

describe('camelFields', () => {
  it.each([
    ['ID', 'id'],
    ['Id', 'id'],
    ['id', 'id'],
    ['CallID', 'callId'],
    ['CALLID', 'callId'],
    ['callid', 'callId'],
    ['ActiveCalls', 'activeCalls'],
    ['SomethingNew', 'somethingNew'],
    ['URLPath', 'urlPath'],
    ['with space', 'with space'],
    ['', ''],
  ])('renames %j to %j', (given, read) => {
    expect(camelFields({ [given]: 1 }, FIELDS)).toEqual({ [read]: 1 });
  });

  it('renames fields at every level, and keeps their values', () => {
    expect(camelFields([{ Units: [{ ID: 1, Data: { UnitNum: 'A-10', Page: null } }] }, 'Text', 7], FIELDS)).toEqual([
      { units: [{ id: 1, data: { unitNum: 'A-10', page: null } }] },
      'Text',
      7,
    ]);
  });

  it('keeps field names in metadata, values, permissions and the list of servers', () => {
    const kept = { X: '1', Nested: { Id: 2 } };
    expect(camelFields({ MetaData: kept, Values: kept, Servers: [kept], Permissions: kept }, FIELDS)).toEqual({
      metaData: kept,
      values: kept,
      servers: [kept],
      permissions: kept,
    });
  });

  it('prefers a field in the right casing over other casings, in any order', () => {
    expect(camelFields({ Id: 1, id: 2 }, FIELDS)).toEqual({ id: 2 });
    expect(camelFields({ id: 2, ID: 1 }, FIELDS)).toEqual({ id: 2 });
  });

  it('skips a field that would replace the prototype', () => {
    const read = camelFields(JSON.parse('{"__proto__":{"polluted":true},"a":1}'), FIELDS);
    expect(Object.keys(read as object)).toEqual(['a']);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  it('keeps fields below the depth limit unchanged', () => {
    const deep = JSON.parse(`${'[{"Id":'.repeat(50_000)}1${'}]'.repeat(50_000)}`);
    expect(camelFields(deep, FIELDS)).toMatchObject([{ id: [{ id: expect.anything() }] }]);
  });
});
