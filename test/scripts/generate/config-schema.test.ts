import { describe, expect, it } from '@jest/globals';
import { configSchema } from '../../../scripts/generate/config-schema.ts';
import { configKeys } from '../../../src/config/schema.ts';

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly description?: string;
  readonly default?: unknown;
}

const schema = JSON.parse(configSchema()) as Schema;
const settings = schema.properties ?? {};

/** Whether a value is as a schema says, as far as these words go. */
function fits(value: unknown, { anyOf, type, properties = {}, items, ...told }: Schema): boolean {
  if (anyOf !== undefined) return anyOf.some((each) => fits(value, each));
  if (told.enum !== undefined && !told.enum.includes(value)) return false;
  if (type === 'integer' && !Number.isInteger(value)) return false;
  if (typeof value === 'number') {
    return /number|integer/.test(type ?? '') && value >= (told.minimum ?? value) && value <= (told.maximum ?? value);
  }
  if (Array.isArray(value)) {
    const fitsLength = value.length >= (told.minItems ?? 0) && value.length <= (told.maxItems ?? value.length);
    return type === 'array' && fitsLength && value.every((each) => fits(each, items ?? {}));
  }
  if (typeof value === 'object' && value !== null) {
    const fitsMember = ([name, each]: [string, unknown]) =>
      Object.hasOwn(properties, name) ? fits(each, properties[name] ?? {}) : told.additionalProperties !== false;
    return type === 'object' && Object.entries(value).every(fitsMember);
  }
  return typeof value === type && (typeof value !== 'string' || new RegExp(told.pattern ?? '').test(value));
}

const target = {
  name: 'bot',
  url: 'https://bot.example/events',
  events: ['EVENT_911'],
  secret: 'whsec_a',
  headers: {},
};

describe('config.schema.json', () => {
  it.each(Object.entries(configKeys))('explains %s, and takes its default', (name, { default: value, description }) => {
    const setting = settings[name] ?? {};
    expect(setting.description).toContain(description.replaceAll('`', '"'));
    expect(setting.type).toBeDefined();
    expect(fits(value, setting)).toBe(true);
  });

  it.each([
    [{ notifications: { duty: 'incad', rules: [{ on: 'EVENT_911', to: 'onDuty' }] } }, true],
    [{ notifications: { rules: [{ to: 'onDuty', titel: '' }] } }, false],
    [{ pushEventForwardTargets: [target] }, true],
    [{ pushEventForwardTargets: [{ ...target, includekey: false }] }, false],
    [{ netEvents: { EVENT_TONE: 'all' } }, true],
    [{ mode: 'productive' }, false],
    [{ serverId: 0 }, false],
    [{ apikey: 'misspelt' }, false],
    [{ $schema: './config.schema.json', apiKey: 'x', updateBranch: 'of the official resource' }, true],
  ])('says of %j whether it is right: %s', (config, isRight) => {
    expect(fits(config, { ...schema, properties: { ...settings, updateBranch: { type: 'string' } } })).toBe(isRight);
  });

  it('says what is expected of the members of a target', () => {
    expect(settings.pushEventForwardTargets?.items?.properties?.includeKey?.description).toBe(
      'Expected: true or false.',
    );
  });

  it('suggests no value for a secret', () => {
    expect(settings.apiKey).not.toHaveProperty('default');
  });
});
