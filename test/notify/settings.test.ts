import { describe, expect, it } from '@jest/globals';
import { noNetEvents } from '../../src/game/dispatch/net-events.ts';
import { defaultNotifications } from '../../src/notify/settings.ts';
import { load } from '../config/fake-source.ts';

describe('the configuration of notifications', () => {
  it('has a default that says everything', () => {
    expect(load({})).toMatchObject({ config: { notifications: defaultNotifications, locale: 'en' }, lines: [] });
  });

  it('has defaults for what is left out, and takes the names of systems in any spelling', () => {
    const { config, lines } = load({ notifications: { system: 'OX-lib', rules: [{ on: 'note', enabled: false }] } });
    expect(lines).toEqual([]);
    expect(config.notifications).toEqual({
      ...defaultNotifications,
      system: 'ox_lib',
      rules: [{ on: 'note', enabled: false }],
    });
  });

  it('can be set by convar', () => {
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
  ])(
    'is one line that says what is wrong with %j, and then nobody is told anything',
    (value, where, what, expected) => {
      const { config, lines } = load({ notifications: value });
      expect(lines).toHaveLength(1);
      expect(lines[0]?.startsWith(`${where} in config.json`)).toBe(true);
      expect(lines[0]).toContain(what);
      expect(lines[0]).toContain(expected);
      expect(lines[0]?.endsWith(': notifications are off')).toBe(true);
      expect(config.notifications).toEqual({ ...defaultNotifications, enabled: false, waypoint: 'none' });
    },
  );
});

describe('the language', () => {
  it.each(['pt-br', 'PT_BR', ' pt-BR '])('is taken as "%s"', (locale) => {
    expect(load({ locale }).config.locale).toBe('pt-br');
  });

  it('is English where there is no such language', () => {
    const { config, lines } = load({ locale: 'nl' });
    expect(config.locale).toBe('en');
    expect(lines).toEqual(['locale in config.json is "nl", expected one of en, es, de, fr, pt-br: using "en"']);
  });
});

describe('the configuration of net events', () => {
  it('names types in any case', () => {
    expect(load({ netEvents: { event_tone: 'all' } }).config.netEvents).toEqual({ EVENT_TONE: 'all' });
  });

  it.each([{ EVENT_TONE: 'everybody' }, { EVENT_OTHER: 'all' }, ['EVENT_TONE']])(
    'sends nothing at all when it cannot be understood: %j',
    (netEvents) => {
      const { config, lines } = load({ netEvents });
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain('no net events are sent');
      expect(config.netEvents).toEqual(noNetEvents);
    },
  );
});
