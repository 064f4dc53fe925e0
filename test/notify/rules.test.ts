import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { en, type Locale } from '../../src/notify/locales/en.ts';
import { isMet, resolveRules, ruleSchema, triggerNames } from '../../src/notify/rules.ts';
import { localeNames, locales } from '../../src/notify/settings.ts';
import { fillTemplate } from '../../src/notify/texts.ts';

describe('fillTemplate', () => {
  const values = { call: { callId: 7, description: '{other} $& $1 %d {call.callId}', open: false }, other: 'x' };

  it('does not fill placeholders inside a value', () => {
    expect(fillTemplate('{call.callId}: {call.description} ({call.open})', values)).toBe(
      '7: {other} $& $1 %d {call.callId} (false)',
    );
  });

  it.each([
    'nothing',
    'call.nothing',
    'call',
    'call.callId.toString',
    'call.constructor.name',
    'heir.inherited',
    'constructor',
    'call.__proto__',
    'apiKey',
    'empty',
  ])('shows a dash for {%s}, a path without an own value', (path) => {
    expect(fillTemplate(`a {${path}} b`, { ...values, empty: ' \n ', heir: Object.create({ inherited: 'x' }) })).toBe(
      'a – b',
    );
  });

  it('leaves braces without a path as they are', () => {
    expect(fillTemplate('{} { a } {a b} {{other}}', values)).toBe('{} { a } {a b} {x}');
  });

  it('truncates a value of 100,000 characters to 400', () => {
    expect(fillTemplate('{long}|{other}', { long: 'y'.repeat(100_000), other: 'x' })).toBe(`${'y'.repeat(399)}…|x`);
  });
});

describe('isMet', () => {
  const values = { call: { metaData: { silentAlert: 'False' }, priority: 1 }, dispatcherOnline: false };

  it.each([
    [{}, true],
    [{ dispatcherOnline: false }, true],
    [{ dispatcherOnline: true }, false],
    [{ 'call.metaData.silentAlert': false }, true],
    [{ 'call.priority': ['1', 2] }, true],
    [{ 'call.priority': [2, 3] }, false],
    [{ 'call.nothing': null }, true],
    [{ 'call.priority': null }, false],
    [{ 'call.metaData.toString': '' }, false],
    [{ dispatcherOnline: false, 'call.priority': 2 }, false],
  ])('evaluates the condition %j to %s', (condition, expected) => {
    expect(isMet(condition, values)).toBe(expected);
  });
});

describe('resolveRules', () => {
  it('enables every trigger except street signs by default', () => {
    expect([...resolveRules([], en).keys()]).toEqual(triggerNames.filter((name) => name !== 'streetSign'));
  });

  it('takes members that a rule leaves out from the default rule of its trigger', () => {
    const rules = resolveRules([v.parse(ruleSchema, { on: 'NOTE', to: 'onDuty', sound: null })], en);
    expect(rules.get('note')).toEqual([
      {
        on: 'note',
        when: {},
        to: 'onDuty',
        title: en.triggers.note.title,
        message: '{note.content}',
        kind: 'info',
        durationMs: 10_000,
        sound: null,
      },
    ]);
  });

  it('keeps several rules for one trigger', () => {
    const rules = resolveRules(
      [v.parse(ruleSchema, { on: '911' }), v.parse(ruleSchema, { on: '911', to: 'ace:chief', kind: 'urgent' })],
      en,
    );
    expect(rules.get('911')?.map(({ to }) => to)).toEqual(['onDuty', 'ace:chief']);
  });

  it('enables street signs if a rule names them, unless the rule is disabled', () => {
    const named = (rule: object) =>
      resolveRules([v.parse(ruleSchema, { on: 'streetSign', ...rule })], en).has('streetSign');
    expect([named({}), named({ to: 'onDuty' }), named({ enabled: false }), named({ enabled: true })]).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });

  it('disables one trigger and enables another with two rules', () => {
    const rules = resolveRules(
      [v.parse(ruleSchema, { on: 'note', enabled: false }), v.parse(ruleSchema, { on: 'streetSign', to: 'onDuty' })],
      en,
    );
    expect(rules.has('note')).toBe(false);
    expect(rules.get('streetSign')?.[0]).toMatchObject({ to: 'onDuty' });
  });

  it('accepts a rule for any type of push event', () => {
    const rules = resolveRules([v.parse(ruleSchema, { on: 'event_unit_login', title: 'Hello' })], en);
    expect(rules.get('EVENT_UNIT_LOGIN')?.[0]).toMatchObject({ to: 'involved', title: 'Hello', message: '' });
  });

  it.each([
    { on: 'nothing' },
    { on: 'note', to: 'everybody' },
    { on: 'note', to: 'ace:' },
    { on: 'note', kind: 'loud' },
    { on: 'note', durationMs: 0 },
    { on: 'note', text: 'a' },
    { on: 'note', when: { a: {} } },
    { on: 'note', sound: 'beep' },
  ])('rejects the invalid rule %j', (rule) => {
    expect(v.is(ruleSchema, rule)).toBe(false);
  });
});

describe('locales', () => {
  const paths = (value: unknown, path = ''): string[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, inner]) => paths(inner, `${path}.${name}`))
      : [path];
  const enPart = (part: string) => Reflect.get(en, part) as Readonly<Record<string, string>>;
  const placeholders = (text: string) => [...text.matchAll(/\{[^}]*\}/g)].map(([found]) => found).sort();

  it.each(localeNames)('%s has all texts with the same placeholders as English', (name) => {
    const locale: Locale = locales[name];
    expect(paths(locale)).toEqual(paths(en));
    for (const trigger of triggerNames) {
      const texts = Object.values(locale.triggers[trigger]).join();
      expect(placeholders(texts)).toEqual(placeholders(Object.values(en.triggers[trigger]).join()));
    }
    const { triggers, ...others } = locale;
    for (const [part, texts] of Object.entries(others))
      for (const [key, text] of Object.entries(texts))
        expect([part, key, placeholders(text)]).toEqual([part, key, placeholders(enPart(part)[key] ?? '')]);
  });

  it.each(localeNames.filter((name) => name !== 'en'))('%s translates the names of triggers', (name) => {
    for (const trigger of triggerNames)
      expect(locales[name].triggers[trigger].plural).not.toBe(
        ['note', 'tone'].includes(trigger) ? undefined : en.triggers[trigger].plural,
      );
  });
});
