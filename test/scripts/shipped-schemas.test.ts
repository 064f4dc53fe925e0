import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type * as z from 'zod';
import { bundleResource } from '../../scripts/build/bundle.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { callEndpoints } from '../../src/cad/api/endpoints/calls.ts';
import { generalEndpoints } from '../../src/cad/api/endpoints/general.ts';
import { mapEndpoints } from '../../src/cad/api/endpoints/map.ts';
import { recordEndpoints } from '../../src/cad/api/endpoints/records.ts';
import { unitEndpoints } from '../../src/cad/api/endpoints/units.ts';
import { configKeys } from '../../src/config/schema.ts';
import { catalogue } from '../../src/push-events/catalogue/catalogue.ts';
import { normalise } from '../../src/push-events/normalise.ts';
import { eventFixtures, variantFixtures } from '../push-events/fixtures.ts';

const endpoints = {
  ...callEndpoints,
  ...generalEndpoints,
  ...mapEndpoints,
  ...recordEndpoints,
  ...unitEndpoints,
};
const sources = { catalogue, normalise, configKeys, endpoints };

const ENTRY = `
import { callEndpoints } from '${projectRoot}/src/cad/api/endpoints/calls.ts';
import { generalEndpoints } from '${projectRoot}/src/cad/api/endpoints/general.ts';
import { mapEndpoints } from '${projectRoot}/src/cad/api/endpoints/map.ts';
import { recordEndpoints } from '${projectRoot}/src/cad/api/endpoints/records.ts';
import { unitEndpoints } from '${projectRoot}/src/cad/api/endpoints/units.ts';
import { configKeys } from '${projectRoot}/src/config/schema.ts';
import { catalogue } from '${projectRoot}/src/push-events/catalogue/catalogue.ts';
import { normalise } from '${projectRoot}/src/push-events/normalise.ts';
const endpoints = { ...callEndpoints, ...generalEndpoints, ...mapEndpoints, ...recordEndpoints, ...unitEndpoints };
globalThis.shipped = { catalogue, normalise, configKeys, endpoints };
`;

/** Of every kind that a schema may be given. */
const VALUES: readonly unknown[] = [
  ...[undefined, null, true, 'true', 0, 4, -1, 1.5, 70_000, '', 'a', ' Auto ', 'AUTO', 'check', 'license', 'postal'],
  ...[
    'https://bot.example',
    'http://203.0.113.5:30150',
    'ftp://a',
    'x'.repeat(600),
    [],
    ['a'],
    [2, 10],
    ['203.0.113.7'],
  ],
  ...[{}, { a: 1 }, { name: 'bot', url: 'https://bot.example/e' }, [{ name: 'bot', url: 'https://bot.example/e' }]],
  ...[{ EVENT_TONE: 'all' }, { event_911: 'none' }, { EVENT_X: 'all' }, { name: 'dn', note: 'N' }, { name: 5 }],
  ...[
    { duty: 'job:police', rules: [{ on: 'note', to: 'ace:a.b', when: { a: [1, null] }, sound: null }] },
    { rules: [{}] },
  ],
  ...[{ callId: '7', identIds: ['1', null] }, { version: '3', name: 1 }, { servers: [{ id: 1 }] }, { units: null }],
  ...[{ code: 'a', expiresInSeconds: '5' }, { linked: 'true', accountUuid: 'u' }, { linked: 'maybe' }],
];

function answers(schema: z.ZodType): unknown[] {
  return VALUES.map((value) => {
    try {
      const { success, data, error } = schema.safeParse(value);
      return success ? { data } : error.issues.map(({ code, path }) => ({ code, path }));
    } catch (error) {
      return String(error);
    }
  });
}

let shipped: typeof sources;
let script: string;
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-schemas-'));
  try {
    const entry = join(folder, 'entry.ts');
    writeFileSync(entry, ENTRY);
    const { server } = await bundleResource('0.0.0', { serverEntry: entry, clientEntry: '/none' });
    script = Buffer.from(server).toString().replaceAll('\\\n', '');
    const scope = {} as { shipped: typeof sources };
    compileFunction(Buffer.from(server).toString(), ['require', 'globalThis'])(createRequire(import.meta.url), scope);
    shipped = scope.shipped;
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('what is bundled of schemas, and of zod', () => {
  it.each([...eventFixtures(), ...variantFixtures()])('makes the same of $name', ({ type, body }) => {
    expect(shipped.normalise(type, body)).toEqual(normalise(type, body));
    for (const data of [null, [], { dispatch: 5 }, { identIds: 'a', units: [{ id: 1, data: { page: 'x' } }] }])
      expect(shipped.normalise(type, { ...body, data })).toEqual(normalise(type, { ...body, data }));
  });

  it.each(Object.keys(catalogue) as (keyof typeof catalogue)[])('has all of %s but what describes it', (type) => {
    const { description, accepts, schema, concerns, canonicalise, ...rest } = catalogue[type];
    const entry = shipped.catalogue[type];
    expect(entry).toEqual({
      ...rest,
      schema: expect.any(Function),
      canonicalise: expect.any(Function),
      concerns: expect.any(Object),
    });
    expect(Object.keys(entry.concerns)).toEqual(Object.keys(concerns));
    expect(answers(entry.schema())).toEqual(answers(schema()));
    expect(script).not.toContain(description);
  });

  it.each(Object.keys(configKeys) as (keyof typeof configKeys)[])('has all of %s but what describes it', (name) => {
    const { description, since, schema, expectedAt, ...rest } = configKeys[name] as typeof configKeys.notifications;
    const key = shipped.configKeys[name] as typeof configKeys.notifications;
    expect(JSON.parse(JSON.stringify(key))).toEqual(JSON.parse(JSON.stringify(rest)));
    expect(key.expectedAt === undefined).toBe(expectedAt === undefined);
    expect(answers(key.schema())).toEqual(answers(schema()));
  });

  it.each(Object.keys(endpoints) as (keyof typeof endpoints)[])('reads the answers of %s alike', (name) => {
    expect(answers(shipped.endpoints[name].answer())).toEqual(answers(endpoints[name].answer()));
  });
});
