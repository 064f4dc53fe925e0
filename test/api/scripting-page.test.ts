import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startFakeCad } from '../../packages/fakecad/src/index.ts';
import type { ClientScope } from '../../packages/fxhost/src/index.ts';
import { manifest, printedBy } from '../../packages/fxhost/test/write-resource.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { refusedMethods } from '../../src/api/cad-client.ts';
import { catalogue } from '../../src/events/catalogue/catalogue.ts';
import { jsRecorder, takenBy } from '../hardening/recorders.ts';
import { eventNames } from '../official-events.ts';
import { KEY, payload, postDirectly, type ServedResource, serveResource } from '../serve-resource.ts';
import { until } from '../until.ts';

/** What the pages for scripters say. */
const pages = ['scripting', 'official-resource', 'events'].map((name) =>
  readFileSync(join(projectRoot, `docs/${name}.md`), 'utf8'),
);
const SAMPLE = /```(lua|ts)\n(.*?)```\n```text\n(.*?)```/gs;

function samplesIn(sections: readonly string[], name: string) {
  return [...sections.join('\n').matchAll(SAMPLE)].map(([, language = '', source = '', text = ''], index) => {
    const sample = { language, source, printed: text.trimEnd().split('\n') };
    return [`${name}-${index + 1}`, sample] as const;
  });
}

const sections = pages.flatMap((page) => page.split(/^## /m));
const isForClients = (section: string) => /^.*in the player's game\n/i.test(section);
/** The samples for the server, by names. */
const named = samplesIn(
  sections.filter((section) => !isForClients(section)),
  'sample',
);
/** Those for players' games. */
const clientNamed = samplesIn(sections.filter(isForClients), 'client-sample');
type Sample = (typeof named)[number][1];

/** A resource with a sample for its only script. */
function resourceOf({ language, source }: Sample, side: 'server' | 'client') {
  const file = language === 'lua' ? 'sample.lua' : 'sample.js';
  const script = language === 'lua' ? source : stripTypeScriptTypes(source);
  return { 'fxmanifest.lua': manifest(`${side}_script '${file}'`), [file]: script };
}

const asksCad = ({ source }: Sample) => source.includes('performApiRequest');

const BEFORE = ['EVENT_UNIT_LOGIN', 'EVENT_UNIT_UPDATE'];
const EVENTS = [
  'EVENT_911',
  'EVENT_DISPATCH_NEW',
  'EVENT_UNIT_STATUS',
  'EVENT_UNIT_PANIC',
  'EVENT_PAGER_REBORN',
  'EVENT_UNIT_LOGOUT',
];
/** Requests for the handlers that samples register, and what those answer. */
const HTTP_EVENTS = [
  [JSON.parse(/^\{ "key": "<your API key>".*$/m.exec(pages.join('\n'))?.[0] ?? ''), { accepted: true, minutes: 5 }],
  [{ type: 'player_count' }, { players: 1 }],
] as const;

/** The net events, and the client exports. */
const FOR_CLIENTS = [
  'sonorancad:pushEvent',
  'SonoranCAD::core:AddPlayer',
  'SonoranCAD::core:RemovePlayer',
  'getApiMode',
  'isPluginLoaded',
];

describe('the pages for scripters', () => {
  let served: ServedResource;
  const games = new Map<string, ClientScope>();
  beforeAll(async () => {
    served = await serveResource({ config: { mode: 'development', notifications: { enabled: false } } });
    const { host, add, post } = served;
    host.ensure('sonorancad');
    const identifiers = ['license:000000000000000000000000000000000000000c'];
    const player = host.addPlayer({ id: 7, identifiers, coords: [402.5, 1, 2] });
    const own = host.runClient(player, 'sonorancad');
    for (const [name, sample] of clientNamed) {
      add(name, resourceOf(sample, 'client'));
      games.set(name, host.runClient(player, name));
    }
    await until(() => own.callExport('getApiMode') === 0);
    add('recorder', jsRecorder());
    host.ensure('recorder');
    for (const type of BEFORE) expect(await post(payload(type))).toEqual([200, 'ok']);
    await takenBy(host, ['recorder']);
    for (const [name, sample] of named.filter(([, each]) => !asksCad(each))) {
      add(name, resourceOf(sample, 'server'));
      expect(host.ensure(name)).toBe(true);
    }
    for (const type of EVENTS) expect(await post(payload(type))).toEqual([200, 'ok']);
    for (const [body, answer] of HTTP_EVENTS) {
      const [status, json] = await post(JSON.stringify({ ...body, key: KEY }), '/sonorancad/pluginevent');
      expect([status, JSON.parse(json)]).toEqual([200, answer]);
    }
    for (const [name, sample] of named.filter(([, each]) => !asksCad(each)))
      await until(() => printedBy(host, name).length >= sample.printed.length);
    await takenBy(host, ['recorder']);
    host.tick(2);
  });
  afterAll(() => served.close());

  it.each(named.filter(([, sample]) => !asksCad(sample)))('say what %s prints', (name, { printed }) => {
    expect(printedBy(served.host, name)).toEqual(printed);
  });

  it('say what samples print that ask the CAD', async () => {
    const cad = await startFakeCad({ apiKey: KEY, communityId: 'test' });
    const config = { apiSendEnabled: true, apiUrl: cad.url, registration: 'off', transport: 'http' };
    const asking = await serveResource({ config });
    try {
      asking.host.ensure('sonorancad');
      for (const [name, sample] of named.filter(([, each]) => asksCad(each))) {
        asking.add(name, resourceOf(sample, 'server'));
        asking.host.ensure(name);
        await until(() => printedBy(asking.host, name).length >= sample.printed.length);
        asking.host.tick(2);
        expect(printedBy(asking.host, name)).toEqual(sample.printed);
      }
    } finally {
      await asking.close();
      await cad.close();
    }
  });

  it('have no sample of which they do not say what it prints', () => {
    expect(pages.join('\n').match(/^```(lua|ts|js)$/gm)).toHaveLength(named.length + clientNamed.length);
  });

  it.each(clientNamed)("say what %s prints in the player's game", async (name, { printed }) => {
    const { lines = [] } = games.get(name) ?? {};
    await until(() => lines.length >= printed.length);
    expect(lines).toEqual(printed);
  });

  it('have client samples of all that a game gets, in both languages', () => {
    const all = (language: string) =>
      clientNamed.map(([, sample]) => (sample.language === language ? sample.source : '')).join('\n');
    for (const language of ['lua', 'ts']) for (const name of FOR_CLIENTS) expect(all(language)).toContain(name);
  });

  it.each([
    ['server', named],
    ['client', clientNamed],
  ] as const)('has samples in TypeScript that compile with the types of the %s', (side, samples) => {
    const folder = mkdtempSync(join(tmpdir(), 'sonorancad-samples-'));
    const modules = join(projectRoot, 'node_modules');
    const compilerOptions = {
      noEmit: true,
      skipLibCheck: true,
      types: [join(modules, '@citizenfx', side)],
      paths: { 'sonorancad/types': [join(projectRoot, 'types.d.ts')] },
    };
    const config = { extends: join(projectRoot, 'tsconfig.json'), compilerOptions, include: ['*.ts'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    for (const [name, { language, source }] of samples)
      if (language === 'ts') writeFileSync(join(folder, `${name}.ts`), source);
    const tsc = join(modules, 'typescript/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(stdout).toBe('');
  });

  it("name each method of the vendor's client that throws", () => {
    const section = pages.flatMap((page) => page.split(/^## /m)).find((text) => text.startsWith("The vendor's client"));
    const rows = [...(section ?? '').matchAll(/^\| (`.+?`) \|/gm)];
    const names = rows.flatMap(([, row = '']) => [...row.matchAll(/`(\w+)`/g)].map(([, name]) => name));
    expect(names.sort()).toEqual(Object.keys(refusedMethods).sort());
  });

  it('name every local event', () => {
    const page = pages.join('\n');
    const missing = eventNames
      .map((name) => name.replace('SonoranCAD::pushevents:', ''))
      .filter((name) => !page.includes(name));
    expect(missing.filter((name) => !name.startsWith('sonorancad:pushEvent:'))).toEqual([]);
  });
});

const EXAMPLES = ['js-consumer', 'lua-consumer', 'ts-consumer'];
const types = Object.keys(catalogue);
/** What `npm run send` and `sonorancad test` fire; the numbers in the latter are of no unit and no call that is known. */
const fired = types.flatMap((type) => (['send', 'test', 'test --all'] as const).map((by) => ({ by, type })));

/** Everything in an order of its own for each seed, which has nothing to do with the natural one. */
function shuffled(seed: number) {
  const mixed = (at: number) => ((at + 1) * (seed * 7_919 + 104_729)) % 1_009;
  return fired.map((each, at) => ({ each, at: mixed(at) })).toSorted((a, b) => a.at - b.at);
}

describe('every sample in the documents', () => {
  let served: ServedResource;
  const games: ClientScope[] = [];

  beforeAll(async () => {
    served = await serveResource({ config: { notifications: { enabled: false } } });
    const { host, add } = served;
    host.ensure('sonorancad');
    // Without a place of their ped, as without OneSync.
    const player = host.addPlayer({ id: 7, identifiers: ['license:000000000000000000000000000000000000000c'] });
    games.push(host.runClient(player, 'sonorancad'));
    for (const [name, sample] of clientNamed) {
      add(name, resourceOf(sample, 'client'));
      games.push(host.runClient(player, name));
    }
    for (const [name, sample] of named) {
      add(name, resourceOf(sample, 'server'));
      host.ensure(name);
    }
    for (const name of EXAMPLES) {
      const folder = join(projectRoot, 'examples', name);
      const files = readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]);
      add(name, Object.fromEntries(files));
      host.ensure(name);
    }
  });
  afterAll(() => served.close());

  it.each([1, 2, 3])('survives whatever is fired, in whatever order (%i)', async (seed) => {
    const { host } = served;
    for (const { each } of shuffled(seed)) {
      if (each.by === 'test') host.execute(`sonorancad test ${each.type}`);
      // The first time, it only warns.
      else if (each.by === 'test --all') for (const _ of [1, 2]) host.execute(`sonorancad test ${each.type} --all`);
      else expect((await postDirectly(host, payload(each.type))).status).toBe(200);
    }
    const arrived = () => printedBy(host, 'lua-consumer').filter((line) => line.startsWith('push event ')).length;
    await until(() => arrived() >= seed * types.length);
    host.tick(5);
    const lines = [...host.lines, ...games.flatMap((game) => game.lines)];
    expect(lines.filter((line) => /SCRIPT ERROR|\bfailed\b|attempt to|TypeError/.test(line))).toEqual([]);
  });
});
