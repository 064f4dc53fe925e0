import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { noNetEvents } from '../../src/game/dispatch/net-events.ts';
import { knownMembers } from '../../src/lib/settings.ts';
import { en } from '../../src/notify/locales/en.ts';
import { resolveRules, triggerNames } from '../../src/notify/rules.ts';
import { defaultNotifications, notificationsSchema } from '../../src/notify/settings.ts';
import { notificationSystems } from '../../src/notify/systems.ts';
import { load } from '../config/fake-source.ts';

describe('config key notifications', () => {
  it('has the default settings if it is missing', () => {
    expect(load({})).toMatchObject({ config: { notifications: defaultNotifications, locale: 'en' }, lines: [] });
  });

  it('fills missing members with defaults, and corrects the spelling of a system name', () => {
    const { config, lines } = load({ notifications: { system: 'OX-lib', rules: [{ on: 'note', enabled: false }] } });
    expect(lines).toEqual([]);
    expect(config.notifications).toEqual({
      ...defaultNotifications,
      system: 'ox_lib',
      rules: [{ on: 'note', enabled: false }],
    });
  });

  it('can be set as JSON in a convar', () => {
    const { config } = load({}, { sonoran_notifications: '{"duty":"job:police","waypoint":"none"}' });
    expect(config.notifications).toMatchObject({ duty: 'job:police', waypoint: 'none' });
  });

  it.each([
    [{ rules: [{ on: 'note' }, { on: '911', kind: 'loud' }] }, 'notifications["rules"][1]["kind"]', '"loud"', 'urgent'],
    [{ rules: [{ on: 'nothing' }] }, 'notifications["rules"][0]["on"]', '"nothing"', '911, panic'],
    [
      { rules: [{ on: 'note', mesage: 'a' }] },
      'notifications["rules"][0]["mesage"]',
      'did you mean message?',
      'only on, enabled, when',
    ],
    [
      { rules: [{ on: 'tone', sound: { name: 'a', set: 'b', sett: 'b' } }] },
      'notifications["rules"][0]["sound"]["sett"]',
      'did you mean set?',
      'only name, set',
    ],
    [{ rules: 'none' }, 'notifications["rules"]', '"none"', 'a list of up to 200 rules'],
    [{ duty: 'cops' }, 'notifications["duty"]', '"cops"', 'ace:<permission>'],
    [{ waypoint: 'gps' }, 'notifications["waypoint"]', '"gps"', 'none, exact, postal'],
    [{ sytem: 'chat' }, 'notifications["sytem"]', 'is unknown (did you mean system?)', 'only enabled, system, duty'],
    ['off', 'notifications', '"off"', 'an object like'],
  ])('switches notifications off and reports one problem if it is %j', (value, where, what, expected) => {
    const { config, lines } = load({ notifications: value });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.startsWith(`${where} in config.json`)).toBe(true);
    expect(lines[0]).toContain(what);
    expect(lines[0]).toContain(expected);
    expect(lines[0]?.endsWith(': notifications are off')).toBe(true);
    expect(config.notifications).toEqual({ ...defaultNotifications, enabled: false, waypoint: 'none' });
  });
});

describe('config key locale', () => {
  it.each(['pt-br', 'PT_BR', ' pt-BR '])('accepts the spelling "%s"', (locale) => {
    expect(load({ locale }).config.locale).toBe('pt-br');
  });

  it('falls back to English for an unknown language', () => {
    const { config, lines } = load({ locale: 'nl' });
    expect(config.locale).toBe('en');
    expect(lines).toEqual(['locale in config.json is "nl", expected one of en, es, de, fr, pt-br: using "en"']);
  });
});

describe('config key netEvents', () => {
  it('accepts event types in lower case', () => {
    expect(load({ netEvents: { event_tone: 'all' } }).config.netEvents).toEqual({ EVENT_TONE: 'all' });
  });

  it.each([{ EVENT_TONE: 'everybody' }, { EVENT_OTHER: 'all' }, ['EVENT_TONE']])(
    'switches all net events off if it is invalid: %j',
    (netEvents) => {
      const { config, lines } = load({ netEvents });
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain('no net events are sent');
      expect(config.netEvents).toEqual(noNetEvents);
    },
  );
});

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'notifications.md'), 'utf8');
const firstCells = [...page.matchAll(/^\| `([^`]+)`/gm)].map(([, cell]) => cell);

describe('docs/notifications.md', () => {
  const samples = [...page.matchAll(/```json\n(.*?)```/gs)].map(
    ([, text = '']) => JSON.parse(text) as { notifications: object },
  );

  it.each(samples)('has a valid sample: %j', ({ notifications }) => {
    expect(v.safeParse(notificationsSchema, notifications)).toMatchObject({ success: true });
  });

  it('lists every trigger with its default receiver, every system and every setting', () => {
    expect(firstCells).toEqual(
      expect.arrayContaining([...triggerNames, ...notificationSystems, ...knownMembers(notificationsSchema, [])]),
    );
    const rules = resolveRules([{ on: 'streetSign', enabled: true }], en);
    for (const name of triggerNames)
      expect(new RegExp(`^\\| \`${name}\` \\|[^|]*\\| \`${rules.get(name)?.[0]?.to}\``, 'm').test(page)).toBe(true);
  });
});
