import { describe, expect, it } from '@jest/globals';
import { type Normalised, normalise } from '../../src/events/normalise.ts';
import { CANONICAL_VARIANTS } from './canonical-variants.ts';
import { eventFixtures, variantFixtures } from './fixtures.ts';

const call = (fields: Record<string, unknown>) => normalise('EVENT_DISPATCH_NEW', { data: { dispatch: fields } });
const dispatchOf = (normalised: Normalised) => (normalised.data as { dispatch: Record<string, unknown> }).dispatch;

describe('normalise', () => {
  it('has a canonical shape for each of the other shapes', () => {
    expect(variantFixtures().map(({ name }) => name)).toEqual(Object.keys(CANONICAL_VARIANTS));
  });

  it.each(eventFixtures())('understands the example of $type and loses nothing of it', ({ type, body }) => {
    const normalised = normalise(type, body);
    expect(normalised.valid).toBe(true);
    const { ident, identId, ...kept } = (body.data ?? {}) as Record<string, unknown>;
    if (type === 'EVENT_911') return expect(normalised.data).toMatchObject({ apiIds: kept.apiIds, call: kept.call });
    expect(normalised.data).toMatchObject(type === 'EVENT_DISPATCH_UNIT_DETACH' ? { ...kept, idents: [ident] } : kept);
  });

  it.each(variantFixtures())('brings $name into the canonical shape', ({ name, type, body }) => {
    expect(normalise(type, body)).toEqual({ valid: true, data: CANONICAL_VARIANTS[name] });
  });

  it.each([...eventFixtures(), ...variantFixtures()])(
    'understands $name with bare identifiers alike',
    ({ type, body }) => {
      const bare = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll(/"(?:license|steam):/g, '"'));
      expect(normalise(type, bare(body))).toEqual(bare(normalise(type, body)));
    },
  );

  it('leaves the data of an unknown type as received, without its list of one', () => {
    const data = { callId: '12', notes: '' };
    expect(normalise('EVENT_SOMETHING_NEW', { data: [data] })).toEqual({ valid: true, data });
    expect(normalise('EVENT_SOMETHING_NEW', { data: [1, 2] })).toEqual({ valid: true, data: [1, 2] });
    expect(normalise('CONSTRUCTOR', {})).toEqual({ valid: true, data: null });
    expect(normalise('__PROTO__', { data: 'text' })).toEqual({ valid: true, data: 'text' });
  });

  it('takes the log key of GET_LOGS from beside its data or from it', () => {
    const expected = { valid: true, data: { logKey: '123456' } };
    expect(normalise('GET_LOGS', { logKey: '123456' })).toEqual(expected);
    expect(normalise('GET_LOGS', { logKey: 123456, data: null })).toEqual(expected);
    expect(normalise('GET_LOGS', { data: [{ logKey: '123456' }] })).toEqual(expected);
  });

  it('lets the documented form of a callout win over its nested one', () => {
    const inner = { CalloutLocations: { x: 1, y: 2 }, Radius: 5, ped: 'inner' };
    const { data } = normalise('EVENT_NEW_CALLOUT', { data: { callout: { data: inner, Ped: 'outer', radius: 7 } } });
    expect(data).toMatchObject({ callout: { calloutLocations: [{ x: 1, y: 2, z: 0 }], ped: 'outer', radius: 7 } });
    expect((data as { callout: object }).callout).not.toHaveProperty('data');
  });

  it('keeps fields that it does not know, at every level', () => {
    const dispatch = { callId: 1, template: 'medical', shade: { deep: [1] }, metaData: { tow: { kind: 'flatbed' } } };
    const { data } = normalise('EVENT_DISPATCH_EDIT', { data: { dispatch, batch: 9 } });
    expect(data).toMatchObject({ batch: 9, dispatch });
  });
});

describe('normalise, with calls', () => {
  it('fills in what a call may lack', () => {
    expect(dispatchOf(call({ callId: 7 }))).toEqual({
      callId: 7,
      origin: 0,
      status: 0,
      priority: 2,
      block: '',
      address: '',
      postal: '',
      title: '',
      code: '',
      description: '',
      notes: [],
      idents: [],
      trackPrimary: false,
    });
    expect(dispatchOf(call({ callId: 7, idents: [3] })).status).toBe(1);
  });

  it('does not turn a call away because something about it is of the wrong type', () => {
    const odd = { callId: '7', title: 911, address: null, postal: 8042, idents: ['3', null, {}, 'x'], primary: null };
    const read = dispatchOf(
      call({ ...odd, notes: [null, 'text', { content: 5 }], status: 'open', trackPrimary: 'True' }),
    );
    expect(read).toMatchObject({
      callId: 7,
      title: '911',
      address: '',
      postal: '8042',
      idents: [3],
      trackPrimary: true,
    });
    expect(read).toMatchObject({ status: 1, notes: [{ content: 'text' }, { content: '5', label: '', type: 'text' }] });
    expect(read).not.toHaveProperty('primary');
  });

  it('makes metaData texts and leaves out null and documented names that hold none', () => {
    const metaData = { x: 402.5, silentAlert: false, y: {}, callerPlayerId: null, postal: 'True', own: [1] };
    const expected = { x: '402.5', silentAlert: 'false', postal: 'True', own: [1] };
    expect(dispatchOf(call({ callId: 7, metaData })).metaData).toEqual(expected);
    expect(dispatchOf(call({ callId: 7, metaData: [] })).metaData).toBeUndefined();
    expect(dispatchOf(call({ callId: 7, metaData: 'text' })).metaData).toBeUndefined();
    expect(dispatchOf(call({ callId: 7, metaData: {} })).metaData).toEqual({});
  });

  it('takes the call itself as data', () => {
    const { data } = normalise('EVENT_DISPATCH_NEW', { data: { callId: 7, title: 'Fire', eventOriginIdent: '40' } });
    expect(data).toMatchObject({ eventOriginIdent: 40, dispatch: { callId: 7, title: 'Fire' } });
    expect((data as { dispatch: object }).dispatch).not.toHaveProperty('eventOriginIdent');
    const emergency = normalise('EVENT_911', {
      data: { callId: 9, caller: 'Al', metaData: { x: '1' }, apiIds: 'abc' },
    });
    expect(emergency.data).toMatchObject({
      identities: ['abc'],
      call: { callId: 9, caller: 'Al', metaData: { x: '1' } },
    });
  });

  it('lets what a 911 call says win over what lies beside it', () => {
    const data = { call: { callId: 9, metaData: { x: '1' } }, metaData: { x: '2', plate: 'ABC' } };
    expect(normalise('EVENT_911', { data }).data).toMatchObject({
      call: { metaData: { x: '1', plate: 'ABC' }, isEmergency: true },
      metaData: { x: '2', plate: 'ABC' },
    });
  });

  it('gathers the identities of a caller from every field that may hold them, once each', () => {
    const identities = { apiIds: ['a', ''], communityUserId: 'b', communityUserIds: ['b', 'c'], identities: 'd' };
    const { data } = normalise('EVENT_911', { data: { call: { callId: 9 }, ...identities } });
    expect(data).toMatchObject({ identities: ['d', 'b', 'c', 'a'] });
  });

  it('lets the list of ids win over the single one, unless it is empty', () => {
    const attach = (ids: object) => normalise('EVENT_DISPATCH_UNIT_ATTACH', { data: { callId: 1, ...ids } }).data;
    expect(attach({ ident: 3, idents: [1, 2] })).toEqual({ callId: 1, idents: [1, 2] });
    expect(attach({ ident: '3', idents: [] })).toEqual({ callId: 1, idents: [3] });
  });

  it('understands an empty list of ids as nobody', () => {
    expect(normalise('EVENT_DISPATCH_CLOSED', { data: { callIds: [] } })).toEqual({
      valid: true,
      data: { callIds: [] },
    });
  });

  it('passes over ids that it cannot read when others can be read', () => {
    const { data } = normalise('EVENT_REMOVE_911', { data: { callIds: [1, 'two', '3', 4.5, null] } });
    expect(data).toEqual({ callIds: [1, 3] });
  });
});

describe('normalise, with units', () => {
  it('leaves absent what an update does not say, since a default would blank what is known', () => {
    const { data } = normalise('EVENT_UNIT_UPDATE', { data: { units: { id: '12', status: '3' } } });
    expect(data).toEqual({ units: [{ id: 12, status: 3, data: { apiIds: [] } }] });
  });

  it('fills in what a unit that signs in may lack', () => {
    const { data } = normalise('EVENT_UNIT_LOGIN', { data: { unit: { id: 12 }, isDispatch: 'True' } });
    expect(data).toMatchObject({
      unit: {
        id: 12,
        accId: '',
        status: 0,
        isPanic: false,
        isDispatch: true,
        data: { apiIds: [], name: '', page: -1 },
      },
      isDispatch: true,
      selfDispatch: false,
    });
  });

  it('always gives a list of identities, with the two old fields in it', () => {
    const apiIds = (details: unknown) =>
      (normalise('EVENT_UNIT_LOGIN', { data: { unit: { id: 1, data: details } } }).data as UnitLogin).unit.data.apiIds;
    expect(apiIds({ apiIds: 'one' })).toEqual(['one']);
    expect(apiIds({ apiIds: ['one', '', null], apiId1: 'two', apiId2: '' })).toEqual(['one', 'two']);
    expect(apiIds(null)).toEqual([]);
  });

  it('leaves out units without an id and coordinates without both axes', () => {
    const units = [
      { id: 1, coordinates: { x: '4.50', y: 2 } },
      { status: 3 },
      { id: 2, coordinates: { x: 4 } },
      'three',
    ];
    const { data } = normalise('EVENT_UNIT_UPDATE', { data: { units } });
    expect(data).toEqual({
      units: [
        { id: 1, coordinates: { x: 4.5, y: 2 }, data: { apiIds: [] } },
        { id: 2, data: { apiIds: [] } },
      ],
    });
  });

  it('takes a panic without isPanic as pressed, and refuses one that it cannot read', () => {
    const panic = (isPanic?: unknown) => normalise('EVENT_UNIT_PANIC', { data: { identIds: [12], isPanic } });
    expect(panic()).toEqual({ valid: true, data: { identIds: [12], isPanic: true } });
    expect(panic('False')).toEqual({ valid: true, data: { identIds: [12], isPanic: false } });
    expect(panic('maybe')).toMatchObject({ valid: false });
  });

  it('names the first unit that leaves a group twice, as the documentation and as a list', () => {
    const { data } = normalise('EVENT_UNIT_GROUP_REMOVE', { data: { identIds: ['12', 18], groupName: 7 } });
    expect(data).toEqual({ identIds: [12, 18], identId: 12, groupName: '7' });
  });
});

describe('normalise, with what it cannot understand', () => {
  const issues = (type: string, data: unknown) => {
    const normalised = normalise(type, { data });
    return normalised.valid ? [] : normalised.issues;
  };

  it('gives the data as received, without its list of one, and the reasons', () => {
    const received = { dispatch: { callId: 'abc', title: 5 } };
    expect(normalise('EVENT_DISPATCH_NEW', { data: [received] })).toEqual({
      valid: false,
      data: received,
      issues: ['data.dispatch.callId: expected a number, got text "abc"'],
    });
  });

  it.each([
    ['EVENT_DISPATCH_NEW', {}, 'data.dispatch: expected an object, got nothing'],
    ['EVENT_DISPATCH_NEW', { dispatch: [] }, 'data.dispatch: expected an object, got an empty list'],
    ['EVENT_DISPATCH_NEW', null, 'data: expected an object, got null'],
    ['EVENT_DISPATCH_NEW', 'text', 'data: expected an object, got text "text"'],
    ['EVENT_DISPATCH_NEW', [{}, {}], 'data: expected an object, got a list'],
    ['EVENT_DISPATCH_CLOSED', { callIds: 1.5 }, 'data.callIds[0]: expected a whole number, got 1.5'],
    [
      'EVENT_DISPATCH_CLOSED',
      { callIds: 2 ** 53 },
      'data.callIds[0]: expected a number below 2^53, got 9007199254740992',
    ],
    ['EVENT_DISPATCH_CLOSED', { callIds: ['007'] }, 'data.callIds[0]: expected a number, got text "007"'],
    [
      'EVENT_DISPATCH_CLOSED',
      { callIds: ['9007199254740993'] },
      'data.callIds[0]: expected a number, got text "9007199254740993"',
    ],
    ['EVENT_DISPATCH_CLOSED', {}, 'data.callIds: expected a list, got nothing'],
    ['EVENT_UNIT_LOGIN', { unit: { id: true } }, 'data.unit.id: expected a number, got true'],
    ['EVENT_UNIT_UPDATE', { units: [{ id: null }] }, 'data.units[0].id: expected a number, got null'],
    ['EVENT_DISPATCH_TOGGLE_BODYCAM', { ident: 1 }, 'data.state: expected true or false, got nothing'],
    [
      'EVENT_COMMUNITY_LINK_VERIFIED',
      { communityUserId: '' },
      'data.communityUserId: expected text that is not empty, got empty text',
    ],
    ['EVENT_CHAR_SELECTED', { accId: 'a', id: {} }, 'data.id: expected a number or text, got an object'],
    [
      'EVENT_NEW_CALLOUT',
      { callout: { calloutLocations: [] } },
      'data.callout.calloutLocations: expected a list with something in it, got an empty list',
    ],
  ])('says of %s with %j: %s', (type, data, reason) => {
    expect(issues(type, data)).toEqual([reason]);
  });

  it('names every fault, up to ten', () => {
    expect(issues('EVENT_DISPATCH_NOTE', { note: 5 })).toHaveLength(1);
    expect(issues('EVENT_DISPATCH_NOTE', {})).toHaveLength(2);
    expect(issues('EVENT_DISPATCH_CLOSED', { callIds: Array(100_000).fill('x') })).toHaveLength(10);
    expect(issues('EVENT_UNIT_UPDATE', { units: Array(9).fill({ id: 'x', status: 'y' }) })).toHaveLength(10);
  });

  it('quotes at most 40 characters, escaped', () => {
    const [long] = issues('EVENT_UNIT_LOGOUT', { identId: 'x'.repeat(1_000_000) });
    expect(long).toBe(`data.identId: expected a number, got text "${'x'.repeat(39)}"…`);
    expect(issues('EVENT_UNIT_LOGOUT', { identId: '\n\u001b[31m"' })).toEqual([
      'data.identId: expected a number, got text "\\n\\u001b[31m\\""',
    ]);
  });

  it('bears an object in the place of text that claims to have a length', () => {
    const length = { toString: { a: 1 } };
    expect(normalise('EVENT_PRINT_RECORD', { data: { identId: 12, url: { length } } })).toEqual({
      data: { identId: 12, url: { length } },
      valid: false,
      issues: ['data: expected fields of the documented types, got some of unreadable ones'],
    });
  });
});

interface UnitLogin {
  unit: { data: { apiIds: string[] } };
}

it('loses no event by a fault of our own while it is read, and does not call the data wrong', () => {
  const data = {
    get identIds() {
      throw new TypeError('x is not a function');
    },
  };
  expect(normalise('EVENT_UNIT_PANIC', { data: [data] })).toMatchObject({
    valid: false,
    issues: ['data: not read, because of a fault of sonorancad itself'],
    fault: 'x is not a function',
  });
});
