import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { catalogue } from '../../../src/events/catalogue/catalogue.ts';
import { normalise } from '../../../src/events/normalise.ts';
import type { PushEvent } from '../../../src/events/push-event.ts';
import { shownText, toDiscordMessage } from '../../../src/forward/targets/discord-message.ts';
import { anyCharacter } from '../../any-character.ts';
import { messageFaults } from './message-faults.ts';

const statusLabels = ['UNAVAILABLE', 'BUSY', 'AVAILABLE', 'ENROUTE', 'ON_SCENE'];
const folders = ['push-events', 'variants'].map((name) => new URL(`../../fixtures/${name}/`, import.meta.url));
const fixtures = folders.flatMap((folder) =>
  readdirSync(folder).map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') })),
);

function eventOf(envelope: Record<string, unknown>): PushEvent {
  const type = String(envelope.type).toUpperCase();
  return { id: '1', type, receivedAt: 1_700_000_000_000, source: 'http', ...normalise(type, envelope) } as PushEvent;
}

const messageOf = (type: string, data: unknown) => toDiscordMessage(eventOf({ type, data }), { statusLabels });
const embedOf = (type: string, data: unknown) => messageOf(type, data).embeds[0];
function readFixture(type: string): Record<string, unknown> {
  const text = fixtures.find(({ name }) => name === `${type}.json`)?.text ?? '';
  return JSON.parse(text) as Record<string, unknown>;
}

/** Every text and every list so many times as long. */
function padded(value: unknown, texts: number, lists: number): unknown {
  if (typeof value === 'string') return value.repeat(texts);
  if (Array.isArray(value)) {
    const entries = value.map((entry) => padded(entry, texts, lists));
    return Array.from({ length: lists }, () => entries).flat();
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, padded(member, texts, lists)]));
}

describe('the message of each fixture', () => {
  it.each(fixtures)('$name is one that Discord takes', ({ text }) => {
    const message = toDiscordMessage(eventOf(JSON.parse(text)), { statusLabels });
    expect(messageFaults(JSON.stringify(message))).toEqual([]);
  });

  it.each(fixtures)('$name, padded tenfold, is one that Discord takes', ({ text }) => {
    const { data, ...envelope } = JSON.parse(text) as Record<string, unknown>;
    for (const [texts, lists] of [
      [10, 10],
      [10, 1],
      [1, 10],
      [200, 1],
    ] as const) {
      const message = toDiscordMessage(eventOf({ ...envelope, data: padded(data, texts, lists) }), { statusLabels });
      expect([texts, lists, ...messageFaults(JSON.stringify(message))]).toEqual([texts, lists]);
    }
  });

  it.each(Object.keys(catalogue).filter((type) => type !== 'GET_LOGS'))(
    '%s says more than the name of its type',
    (type) => {
      const event = eventOf(readFixture(type));
      expect(event.valid).toBe(true);
      const [{ title, description, fields, footer }] = toDiscordMessage(event, { statusLabels }).embeds;
      expect(title).not.toContain('EVENT_');
      expect(fields.length + (description === undefined ? 0 : 1)).toBeGreaterThan(0);
      expect(footer.text).toBe(type);
    },
  );
});

it('a 911 call reads like one', () => {
  expect(embedOf('EVENT_911', readFixture('EVENT_911').data)).toEqual({
    title: '911 from Lamar Davis\\: Someone is breaking into my car!, Forum Dr / Strawberry Ave',
    color: 0xe53935,
    fields: [
      { name: 'Call', value: '302', inline: true },
      { name: 'Caller', value: 'Lamar Davis', inline: true },
      { name: 'Location', value: 'Forum Dr / Strawberry Ave', inline: true },
      { name: 'Postal', value: '8042', inline: true },
      { name: 'Coordinates', value: '402.5, -981.1, 29.4', inline: true },
      { name: 'Details', value: 'plate\\: 46EEK572', inline: true },
    ],
    footer: { text: 'EVENT_911' },
    timestamp: '2023-11-14T22:13:20.000Z',
  });
});

it('a dispatch call says what it is, where, and who is on it', () => {
  const embed = embedOf('EVENT_DISPATCH_NEW', readFixture('EVENT_DISPATCH_NEW').data);
  expect(embed.title).toBe('Call 501 created\\: 10-50 · Traffic collision, 300 Vespucci Blvd');
  expect(Object.fromEntries(embed.fields.map(({ name, value }) => [name, value]))).toMatchObject({
    Location: '300 Vespucci Blvd',
    Priority: '2',
    Units: '12, 18',
    Notes: '21:04:10 1-ADAM-12\\: Lane two blocked',
  });
});

it('units have their call sign and name where they are known, in every field that lists them', () => {
  const known = new Map([
    [12, { id: 12, data: { apiIds: [], unitNum: '1-ADAM-12', name: 'Jim Reed' } }],
    [18, { id: 18, data: { apiIds: [], unitNum: '1-KING-18' } }],
    [19, { id: 19, data: { apiIds: [] } }],
  ]);
  const terms = { statusLabels, unit: (ident: number) => known.get(ident) };
  const fieldsOf = (type: string, data: unknown) =>
    toDiscordMessage(eventOf({ type, data }), terms).embeds[0].fields.map(({ name, value }) => `${name}: ${value}`);
  const adam = '1-ADAM-12 · Jim Reed (12)';
  expect(fieldsOf('EVENT_UNIT_PANIC', { identIds: [12, 18, 19, 20], isPanic: true })).toEqual([
    `Units: ${adam}, 1-KING-18 (18), 19, 20`,
  ]);
  expect(fieldsOf('EVENT_DISPATCH_UNIT_ATTACH', { callId: 501, idents: [18], eventOriginIdent: 12 })).toEqual([
    'Unit: 1-KING-18 (18)',
    `By unit: ${adam}`,
  ]);
  const call = { callId: 501, idents: [12], primary: 12 };
  const ofCall = fieldsOf('EVENT_DISPATCH_NEW', { eventOriginIdent: 12, dispatch: call });
  expect(ofCall).toEqual(expect.arrayContaining([`Unit: ${adam}`, `Primary unit: ${adam}`, `By unit: ${adam}`]));
  for (const [type, data] of [
    ['EVENT_UNIT_STATUS', { identIds: [12], status: 3 }],
    ['EVENT_UNIT_LOGOUT', { identId: 12 }],
    ['EVENT_UNIT_GROUP_ADD', { identIds: [12], groupName: 'A' }],
    ['EVENT_UNIT_GROUP_REMOVE', { identId: 12, groupName: 'A' }],
    ['EVENT_UNIT_GROUP_CHANGE_NAME', { identIds: [12], oldName: 'A', newName: 'B' }],
    ['EVENT_DISPATCH_CLOSED', { callIds: [501], eventOriginIdent: 12 }],
    ['EVENT_DISPATCH_TOGGLE_BODYCAM', { ident: 12, state: true }],
    ['EVENT_PRINT_RECORD', { identId: 12, url: 'https://files.example/a.pdf' }],
    ['EVENT_PAGER_REBORN', { identIds: [12], body: 'Fire' }],
  ] as const)
    expect([type, fieldsOf(type, data).filter((field) => field.includes(adam))]).toEqual([type, [expect.any(String)]]);
});

it('a panic has another colour than its reset', () => {
  const pressed = embedOf('EVENT_UNIT_PANIC', { identIds: [1], isPanic: true });
  const reset = embedOf('EVENT_UNIT_PANIC', { identIds: [1], isPanic: false });
  expect(pressed.color).not.toBe(reset.color);
});

it('a text that is too long for the title stands whole below it', () => {
  const description = 'a word '.repeat(50).trim();
  const embed = embedOf('EVENT_911', { call: { callId: 1, description } });
  expect(embed.title).toMatch(/^911 call 1\\: a word .*…$/);
  expect(embed.description).toBe(description);
});

it('fields that say nothing are left out', () => {
  const call = { callId: 1, caller: ' \t ', location: '', description: '\u00a0' };
  const embed = embedOf('EVENT_911', { call });
  expect(embed.fields).toEqual([{ name: 'Call', value: '1', inline: true }]);
  expect(embed).not.toHaveProperty('description');
});

it('what a caller types pings nobody, links nowhere and shows no image', () => {
  const call = { callId: 1, description: '@everyone <@1> [free](https://x.example) ![](https://x.example/i.png)' };
  const message = messageOf('EVENT_911', { call });
  expect(message.allowed_mentions).toEqual({ parse: [] });
  expect(message.embeds[0].title).toBe(
    '911 call 1\\: \\@everyone \\<\\@1> \\[free\\](https\\://x.example) !\\[\\](https\\://x.example/i.png)',
  );
});

it("a caller's identities and the key of the CAD's support stay out of the channel", () => {
  const call = toDiscordMessage(eventOf(readFixture('EVENT_911')), { statusLabels });
  const logs = toDiscordMessage(eventOf(readFixture('GET_LOGS')), { statusLabels });
  expect(JSON.stringify(call)).not.toMatch(/license|steam/);
  expect(JSON.stringify(logs)).not.toContain('123456');
});

it('of an unknown type only the name is told', () => {
  expect(embedOf('EVENT_SOMETHING_*NEW*', { secret: 'x' })).toMatchObject({
    title: 'EVENT\\_SOMETHING\\_\\*NEW\\*',
    fields: [],
    footer: { text: 'EVENT_SOMETHING_*NEW*' },
  });
});

it.each(['__PROTO__', 'CONSTRUCTOR', 'x'.repeat(5_000), '\ud800', ' ', '\n'])(
  'the unknown type %j makes a message',
  (type) => {
    expect(messageFaults(JSON.stringify(messageOf(type, null)))).toEqual([]);
  },
);

it('of data that could not be understood only that is told', () => {
  const embed = embedOf('EVENT_911', { call: { callId: 'secret text' } });
  expect(embed.description).toBe('Its data could not be understood.');
  expect(JSON.stringify(embed)).not.toContain('secret text');
});

it('the fields after the 25th are left out', () => {
  const sections = Array.from({ length: 40 }, (_, index) => ({
    label: `S${index}`,
    fields: [{ label: 'a', value: 'b' }],
  }));
  expect(embedOf('EVENT_RECORD_ADD', { record: { id: 1, sections } }).fields).toHaveLength(25);
});

it('the last field that finds room is cut to it', () => {
  const sections = Array.from({ length: 10 }, () => ({ label: 'S', fields: [{ label: 'a', value: 'b'.repeat(900) }] }));
  const values = Object.values(embedOf('EVENT_RECORD_ADD', { record: { id: 1, sections } }).fields);
  expect(values.at(-1)?.value).toMatch(/b…$/);
});

describe('text that people typed is escaped', () => {
  it.each([
    ['**bold** _it_ ~~x~~ ||s||', '\\*\\*bold\\*\\* \\_it\\_ \\~\\~x\\~\\~ \\|\\|s\\|\\|'],
    ['`code`', '\\`code\\`'],
    ['back\\slash', 'back\\\\slash'],
    ['<@123> <@&4> <#5> <t:6:R>', '\\<\\@123> \\<\\@&4> \\<#5> \\<t\\:6\\:R>'],
    ['@everyone @here', '\\@everyone \\@here'],
    ['[text](https://x.example)', '\\[text\\](https\\://x.example)'],
    ['![i](http://x.example/i.png)', '!\\[i\\](http\\://x.example/i.png)'],
    [':smile:', '\\:smile\\:'],
    ['at 21:04:10', 'at 21:04:10'],
    ['# big\n## b\n-# small\n> q\n>>> q', '\\# big\n\\## b\n\\-# small\n\\> q\n\\>>> q'],
    ['- item\n + item\n1. item\n 2) item', '\\- item\n \\+ item\n1\\. item\n 2\\) item'],
    ['1-ADAM-12, 5 > 3, #7, 3.5', '1-ADAM-12, 5 > 3, #7, 3.5'],
  ])('%j as %j', (typed, escaped) => {
    expect(shownText(typed, 1_000)).toBe(escaped);
  });

  it('and loses nothing but what cannot be seen', () => {
    expect(shownText(' a\r\nb\tc\0d\x1b[0m ', 1_000)).toBe('a\nb c d \\[0m');
  });
});

describe('text that is cut', () => {
  it('ends with an ellipsis within the limit', () => {
    expect(shownText('x'.repeat(300), 256)).toBe(`${'x'.repeat(255)}…`);
  });

  it('keeps what just fits', () => {
    expect(shownText('x'.repeat(256), 256)).toBe('x'.repeat(256));
  });

  it('keeps characters whole', () => {
    expect(shownText('🚓'.repeat(10), 6)).toBe('🚓🚓…');
  });

  it('keeps escapes whole', () => {
    expect(shownText('a*****', 5)).toBe('a\\*…');
    expect(shownText('a\\\\\\\\', 5)).toBe('a\\\\…');
  });
});

describe('what people type', () => {
  const typed = fc.string({
    unit: fc.oneof(fc.constantFrom(...'\\*_`~|[]<@:#>-+.)1 \n'), anyCharacter),
  });

  it('shows as typed, as long as it fits', () => {
    fc.assert(
      fc.property(typed, (text) => {
        const shown = shownText(text, 100_000).replace(/\\([^0-9A-Za-z\s])/g, '$1');
        const expected = text
          .toWellFormed()
          .replace(/\r\n?/g, '\n')
          .replace(/[\0-\t\v-\x1f\x7f]+/g, ' ')
          .trim();
        expect(shown).toBe(expected);
      }),
    );
  });

  it('keeps the limit, without half of an escape or of a character', () => {
    fc.assert(
      fc.property(typed, fc.integer({ min: 1, max: 40 }), (text, limit) => {
        const shown = shownText(text, limit);
        expect(shown.length).toBeLessThanOrEqual(limit);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown).not.toMatch(/(^|[^\\])(\\\\)*\\…?$/);
      }),
    );
  });
});
