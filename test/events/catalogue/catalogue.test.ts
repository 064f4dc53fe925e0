import { describe, expect, it } from '@jest/globals';
import { catalogue, findEntry, type PushEventType, toClientData } from '../../../src/events/catalogue/catalogue.ts';
import { bareIdentity, foldIdentity, isSameIdentity, withoutKind } from '../../../src/events/catalogue/people.ts';
import { normalise } from '../../../src/events/normalise.ts';
import { eventFixtures, variantFixtures } from '../fixtures.ts';

const SECRET = 'nobody in the game may see this';

/** What each example is about: [units, dispatch calls, 911 calls, identities]. */
const CONCERNS: Readonly<Record<PushEventType, [number[], number[], number[], string[]]>> = {
  EVENT_UNIT_UPDATE: [
    [12, 18],
    [],
    [],
    [
      'license:000000000000000000000000000000000000000c',
      'steam:11000010000000c',
      'license:0000000000000000000000000000000000000012',
      'steam:110000100000012',
    ],
  ],
  EVENT_UNIT_STATUS: [[12, 18], [], [], []],
  EVENT_UNIT_LOGIN: [[12], [], [], ['license:000000000000000000000000000000000000000c', 'steam:11000010000000c']],
  EVENT_UNIT_LOGOUT: [[12], [], [], []],
  EVENT_UNIT_PANIC: [[12, 18], [], [], []],
  EVENT_UNIT_GROUP_ADD: [[12], [], [], []],
  EVENT_UNIT_GROUP_REMOVE: [[12], [], [], []],
  EVENT_UNIT_GROUP_CHANGE_NAME: [[12, 18], [], [], []],
  EVENT_DISPATCH_NEW: [[12, 18], [501], [], []],
  EVENT_DISPATCH_EDIT: [[12, 18, 21], [501], [], []],
  EVENT_DISPATCH_CLOSED: [[], [501, 502], [], []],
  EVENT_DISPATCH_NOTE: [[], [501], [], []],
  EVENT_DISPATCH_UNIT_ATTACH: [[12, 18], [501], [], []],
  EVENT_DISPATCH_UNIT_DETACH: [[12], [501], [], []],
  EVENT_DISPATCH_TOGGLE_BODYCAM: [[12], [], [], []],
  EVENT_911: [[], [], [302], ['license:0000000000000000000000000000000000000007', 'steam:110000100000007']],
  EVENT_REMOVE_911: [[], [], [302, 303], []],
  EVENT_STREETSIGN_UPDATED: [[], [], [], []],
  EVENT_RECORD_ADD: [[], [], [], []],
  EVENT_RECORD_EDIT: [[], [], [], []],
  EVENT_RECORD_REMOVE: [[], [], [], []],
  EVENT_TONE: [[], [501], [], []],
  EVENT_CHAR_SELECTED: [[], [], [], []],
  EVENT_COMMUNITY_LINK_VERIFIED: [[], [], [], ['license:0000000000000000000000000000000000000007']],
  GET_LOGS: [[], [], [], []],
  EVENT_NEW_CALLOUT: [[], [], [], []],
  EVENT_PRINT_RECORD: [[12], [], [], []],
  EVENT_PAGER_REBORN: [[12, 34], [], [], []],
  EVENT_STATION_ALERT: [[], [], [], []],
};

const examples = eventFixtures().map(({ type, body }) => ({ type: type as PushEventType, body }));

describe('catalogue', () => {
  it('has every type under its own name, with a description of one sentence', () => {
    expect(Object.keys(catalogue).sort()).toEqual(examples.map(({ type }) => type).sort());
    for (const [type, entry] of Object.entries(catalogue)) {
      expect(entry.type).toBe(type);
      expect(entry.description).toMatch(/^[A-Z][^\n]*\.$/);
      expect(findEntry(type)).toBe(entry);
    }
  });

  it.each(['toString', '__proto__', 'EVENT_SOMETHING_NEW', 'event_tone'])('knows no type %s', (type) => {
    expect(findEntry(type)).toBeUndefined();
  });

  it.each(examples)('says what the example of $type concerns', ({ type, body }) => {
    const { data } = normalise(type, body);
    const { concerns } = catalogue[type];
    expect([
      concerns.idents?.(data) ?? [],
      concerns.calls?.(data) ?? [],
      concerns.emergencyCalls?.(data) ?? [],
      concerns.identities?.(data) ?? [],
    ]).toEqual(CONCERNS[type]);
  });

  it('finds the units a tone is played to, and the identity that a selected character may be known by', () => {
    const data = { url: 'https://tones.example.org/a.mp3', playTonesTo: { type: '5', value: '12' } };
    expect(catalogue.EVENT_TONE.concerns.idents?.(normalise('EVENT_TONE', { data }).data)).toEqual([12]);
    expect(catalogue.EVENT_CHAR_SELECTED.concerns.identities?.({ accId: 'a', id: 'license:7' })).toEqual(['license:7']);
  });
});

describe('toClientData', () => {
  it.each([...examples, ...variantFixtures()])('shows no field it does not list: $type', ({ type, body }) => {
    const { data } = normalise(type, withSecrets(body));
    expect(JSON.stringify(data)).toContain(SECRET);
    expect(JSON.stringify(toClientData(type, data))).not.toContain(SECRET);
  });

  it.each(examples)('shows nobody an identity or an account: $type', ({ type, body }) => {
    const shown = JSON.stringify(toClientData(type, normalise(type, body).data));
    expect(shown).not.toMatch(
      /license:|steam:|7d0c1a2e|apiId|communityUserId|accId|accountUuid|identities|callerPlayerId/i,
    );
  });

  it('shows no identity in the place of a number', () => {
    expect(toClientData('EVENT_CHAR_SELECTED', { accId: 'a', id: 'license:7' })).toEqual({});
  });

  it('shows what a player needs of a call', () => {
    const example = examples.find(({ type }) => type === 'EVENT_911');
    expect(toClientData('EVENT_911', normalise('EVENT_911', example?.body ?? {}).data)).toEqual({
      call: {
        callId: 302,
        isEmergency: true,
        caller: 'Lamar Davis',
        location: 'Forum Dr / Strawberry Ave',
        description: 'Someone is breaking into my car!',
        metaData: { postal: '8042', x: '402.5', y: '-981.1', z: '29.4' },
      },
    });
  });

  it('shows nothing of a type that the catalogue does not know', () => {
    expect(toClientData('EVENT_SOMETHING_NEW', { any: 'thing' })).toBeNull();
  });

  it.each(['http://tones.example.org/a.mp3', 'nui://game/a.ogg', 'javascript:x', ' HTTP://x', '//x/a.mp3', 'a.mp3'])(
    'shows no address but an https one: not %s',
    (url) => {
      expect(toClientData('EVENT_TONE', { url, playTonesTo: [] })).toEqual({ playTonesTo: [] });
      expect(toClientData('EVENT_PRINT_RECORD', { url, identId: 1 })).toEqual({ identId: 1 });
    },
  );

  it.each(['tone1', 'Station 7 tone', 'https://tones.example.org/a.mp3'])('shows the tone of a station: %s', (tone) => {
    expect(toClientData('EVENT_STATION_ALERT', { tone })).toEqual({ tone });
  });

  it.each(['http://x/a', '//x/a', '\\\\x\\a', 'ht\ntp://x/a', 'nui://a', 'data:audio/ogg,x', '/\n/x/a'])(
    'shows no other address as the tone of a station: %j',
    (tone) => {
      expect(toClientData('EVENT_STATION_ALERT', { tone })).toEqual({});
    },
  );
});

/** A copy with a `secretField` in every object, at every level. */
function withSecrets<T>(value: T): T;
function withSecrets(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => withSecrets(entry));
  const fields = Object.entries(value).map(([name, field]) => [name, withSecrets(field)]);
  return { ...Object.fromEntries(fields), secretField: SECRET, secretObject: { text: SECRET }, data: dataOf(value) };
}

/** GET_LOGS has no data that a secret could be in. */
function dataOf(value: object): unknown {
  const data: unknown = Reflect.get(value, 'data');
  if (data !== undefined) return withSecrets(data);
  return Reflect.has(value, 'logKey') ? { secretField: SECRET } : undefined;
}

describe('identities', () => {
  it('are compared without regard to case and to the spaces around them', () => {
    expect(foldIdentity(' License:AB ')).toBe('license:ab');
    expect(bareIdentity(' License: AB ')).toBe('ab');
    expect(bareIdentity('AB')).toBe('ab');
  });

  it('are written as they are, but for their prefix', () => {
    expect(['license:AB', 'AB', 'discord:1'].map(withoutKind)).toEqual(['AB', 'AB', '1']);
  });

  it('are the same with a prefix and without, and not with different ones', () => {
    expect(isSameIdentity('license:AB', ' ab ')).toBe(true);
    expect(isSameIdentity('license:ab', 'LICENSE: ab')).toBe(true);
    expect(isSameIdentity('steam:ab', 'license:ab')).toBe(false);
    expect(isSameIdentity('license:ab', 'license:abc')).toBe(false);
  });
});
