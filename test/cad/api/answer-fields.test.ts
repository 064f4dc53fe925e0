import { describe, expect, it } from '@jest/globals';
import { camelFields } from '../../../src/cad/api/answer-fields.ts';

describe('the fields of an answer', () => {
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
  ])('named %j are read as %j', (given, read) => {
    expect(camelFields({ [given]: 1 })).toEqual({ [read]: 1 });
  });

  it('are read at every level, and their values stay', () => {
    expect(camelFields([{ Units: [{ ID: 1, Data: { UnitNum: 'A-10', Page: null } }] }, 'Text', 7])).toEqual([
      { units: [{ id: 1, data: { unitNum: 'A-10', page: null } }] },
      'Text',
      7,
    ]);
  });

  it('stay as they are in what scripts and communities name, and in the list of servers', () => {
    const kept = { X: '1', Nested: { Id: 2 } };
    expect(camelFields({ MetaData: kept, Values: kept, Servers: [kept], Permissions: kept })).toEqual({
      metaData: kept,
      values: kept,
      servers: [kept],
      permissions: kept,
    });
  });

  it('in the right casing win over others, in any order', () => {
    expect(camelFields({ Id: 1, id: 2 })).toEqual({ id: 2 });
    expect(camelFields({ id: 2, ID: 1 })).toEqual({ id: 2 });
  });

  it('cannot replace a prototype', () => {
    const read = camelFields(JSON.parse('{"__proto__":{"polluted":true},"a":1}'));
    expect(Object.keys(read as object)).toEqual(['a']);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  it('that are nested without end are left alone', () => {
    const deep = JSON.parse(`${'[{"Id":'.repeat(50_000)}1${'}]'.repeat(50_000)}`);
    expect(camelFields(deep)).toMatchObject([{ id: [{ id: expect.anything() }] }]);
  });
});
