import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startFakeCad } from '../../scripts/fakecad/fake-cad.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { eventNames } from '../conformance/event-names.ts';
import { manifest, printedBy } from '../fxhost/write-resource.ts';
import { KEY, payload, printed, type ServedResource, serveResource } from '../serve-resource.ts';

const page = readFileSync(join(projectRoot, 'docs/scripting.md'), 'utf8');
const samples = [...page.matchAll(/```(lua|ts)\n(.*?)```\n```text\n(.*?)```/gs)].map(
  ([, language = '', source = '', text = '']) => ({
    language,
    source,
    printed: text.trimEnd().split('\n'),
  }),
);
const named = samples.map((sample, index) => [`sample-${index + 1}`, sample] as const);
const asksCad = ({ source }: (typeof samples)[number]) => source.includes('performApiRequest');

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
  [
    { type: 'TOW_REQUEST', data: { plate: '46EEK572' } },
    { accepted: true, minutes: 5 },
  ],
  [{ type: 'player_count' }, { players: 1 }],
] as const;

describe('docs/scripting.md', () => {
  let served: ServedResource;
  beforeAll(async () => {
    served = await serveResource();
    const { host, add, post } = served;
    host.ensure('sonorancad');
    host.addPlayer({ id: 7, identifiers: ['license:000000000000000000000000000000000000000c'], coords: [402.5, 1, 2] });
    for (const type of BEFORE) expect(await post(payload(type))).toEqual([200, 'ok']);
    await sleep(120);
    for (const [name, { language, source }] of named.filter(([, sample]) => !asksCad(sample))) {
      const file = language === 'lua' ? 'sample.lua' : 'sample.js';
      const script = language === 'lua' ? source : stripTypeScriptTypes(source);
      add(name, { 'fxmanifest.lua': manifest(`server_script '${file}'`), [file]: script });
      expect(host.ensure(name)).toBe(true);
    }
    for (const type of EVENTS) expect(await post(payload(type))).toEqual([200, 'ok']);
    for (const [body, answer] of HTTP_EVENTS) {
      const [status, json] = await post(JSON.stringify({ key: KEY, ...body }), '/sonorancad/pluginevent');
      expect([status, JSON.parse(json)]).toEqual([200, answer]);
    }
    await sleep(200);
  });
  afterAll(() => served.close());

  it.each(named.filter(([, sample]) => !asksCad(sample)))('says what %s prints', (name, { printed }) => {
    expect(printedBy(served.host, name)).toEqual(printed);
  });

  it('says what samples print that ask the CAD', async () => {
    const cad = await startFakeCad({ apiKey: KEY, communityId: 'test' });
    const config = { apiSendEnabled: true, apiUrl: cad.url, registration: 'off', transport: 'http' };
    const asking = await serveResource({ config });
    try {
      asking.host.ensure('sonorancad');
      for (const [name, sample] of named.filter(([, each]) => asksCad(each))) {
        const file = sample.language === 'lua' ? 'sample.lua' : 'sample.js';
        const script = sample.language === 'lua' ? sample.source : stripTypeScriptTypes(sample.source);
        asking.add(name, { 'fxmanifest.lua': manifest(`server_script '${file}'`), [file]: script });
        asking.host.ensure(name);
        expect(await printed(asking.host, name, sample.printed.length)).toEqual(sample.printed);
      }
    } finally {
      await asking.close();
      await cad.close();
    }
  });

  it('has no sample of which it does not say what it prints', () => {
    expect(page.match(/^```(lua|ts)$/gm)).toHaveLength(samples.length);
  });

  it('shows a client script that gets net events', async () => {
    const clientScript = /```js\n(.*?)```/s.exec(page)?.[1] ?? '';
    const { host, add, post } = served;
    add('client-sample', { 'fxmanifest.lua': manifest(`client_script 'client.js'`), 'client.js': clientScript });
    const identifiers = ['license:0000000000000000000000000000000000000012'];
    const scope = host.runClient(host.addPlayer({ identifiers }), 'client-sample');
    // The server hears at its next tick that a player is there.
    await sleep(120);
    const unit = JSON.parse(payload('EVENT_UNIT_UPDATE')).data.units[1];
    const login = {
      key: KEY,
      type: 'EVENT_UNIT_LOGIN',
      data: { unit: { ...unit, data: { ...unit.data, department: 'LSFD' } } },
    };
    expect(await post(JSON.stringify(login))).toEqual([200, 'ok']);
    expect(await post(payload('EVENT_TONE'))).toEqual([200, 'ok']);
    for (let waited = 0; waited < 200 && scope.lines.length === 0; waited += 1) {
      await sleep(20);
      scope.tick();
    }
    expect(scope.lines.join('\n')).toContain('a tone: https://tones.example.org/engine.mp3');
  });

  it('has samples in TypeScript that compile', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sonorancad-samples-'));
    const modules = join(projectRoot, 'node_modules');
    const compilerOptions = {
      noEmit: true,
      skipLibCheck: true,
      types: [join(modules, '@citizenfx/server')],
      paths: { 'sonorancad/types': [join(projectRoot, 'types.d.ts')] },
    };
    const config = { extends: join(projectRoot, 'tsconfig.json'), compilerOptions, include: ['*.ts'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    for (const [name, { language, source }] of named)
      if (language === 'ts') writeFileSync(join(folder, `${name}.ts`), source);
    const tsc = join(modules, 'typescript/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(stdout).toBe('');
  });

  it('names every local event', () => {
    const missing = eventNames
      .map((name) => name.replace('SonoranCAD::pushevents:', ''))
      .filter((name) => !page.includes(name));
    expect(missing.filter((name) => !name.startsWith('sonorancad:pushEvent:'))).toEqual([]);
  });
});
