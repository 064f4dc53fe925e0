import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeCads } from '../packages/fakecad/test/started-cads.ts';
import { printedBy } from '../packages/fxhost/test/write-resource.ts';
import { projectRoot } from '../scripts/project-root.ts';
import { MISSING_PART } from '../src/api/client-exports.ts';
import { loadConfig } from '../src/config/load.ts';
import { OFFICIAL, OURS, serveBoth } from './beside/both-resources.ts';
import { startCadSystem } from './conformance/cad-system.ts';
import { eventNames } from './official-events.ts';
import { EXPORT_SPY, KEY, payload, type ServedResource, serveResource } from './serve-resource.ts';
import { until } from './until.ts';

const page = readFileSync(join(projectRoot, 'docs/migrating.md'), 'utf8');

/** The files that the page shows, by the path it gives them, in its order. */
const shown = [...page.matchAll(/^ *`([\w./-]+)`:\n\n *```(?:json)?\n(.*?)```/gms)].map(
  ([, path = '', text = '']) => [path, text.replaceAll(/^ {3}/gm, '').replaceAll('your key', KEY)] as const,
);
const only = (path: string): string[] => shown.filter(([each]) => each === path).map(([, text]) => text);
const section = (heading: string): string => page.split(/^##+ /m).find((text) => text.startsWith(heading)) ?? '';
const firstColumn = (text: string): string[] => [...text.matchAll(/^\| `(\w+)`/gm)].map(([, name = '']) => name);

/** Says which events the resource listens to that no game may send. */
const EVENT_SPY = `const listen = on;
globalThis.on = (name, handler) => (console.log('on ' + name), listen(name, handler));`;

/** What a table says of each name in its first column: `there`, `differs` or `gone`. */
const surface = (heading: string): Map<string, string> => namesIn(section(heading));
function namesIn(table: string): Map<string, string> {
  const rows = table.matchAll(/^\| (`.+?`) \| (there|differs|gone) \|/gm);
  return new Map(
    [...rows].flatMap(([, names = '', is = '']) => [...names.matchAll(/`(.+?)`/g)].map(([, name = '']) => [name, is])),
  );
}

/** Exports that the official resource never had. */
const OWN_EXPORTS =
  `onPushEvent offPushEvent registerHttpEvent unregisterHttpEvent getForwardingStatus replayForwarding getUnits getUnit
  getUnitByPlayer getPlayersOfUnit getCalls getCall getEmergencyCalls getEmergencyCall isOnDuty getPlayersOnDuty`.split(
    /\s+/,
  );

function problemsOf(text: string): string[] {
  const { problems } = loadConfig({
    readFile: (path) => (path === 'configuration/config.json' ? text : null),
    hasFile: () => false,
    convar: () => null,
  });
  return problems.map(({ line }) => line);
}

describe('docs/migrating.md', () => {
  it('shows no file that is not tested here', () => {
    expect(page.match(/^ *```\w*$/gm)).toHaveLength(2 * shown.length);
    expect(shown.map(([path]) => path)).toEqual([
      'configuration/config.json',
      'server.cfg',
      'sonorancad-events/config.json',
      'sonorancad/configuration/config.json',
      'server.cfg',
      'sonorancad-events/config.json',
    ]);
  });

  it.each(shown.filter(([path]) => path.endsWith('.json')))('shows a %s without a fault', (_path, text) => {
    const withKey = JSON.stringify({ apiKey: KEY, ...JSON.parse(text) });
    expect(problemsOf(withKey)).toEqual([]);
  });

  it('shows how to put it in the place of the official resource, in a way that works', async () => {
    const [old = ''] = only('configuration/config.json');
    const [commands = ''] = only('server.cfg');
    const { host, own, post, close } = await serveResource({ convars: { sonoran_apiSendEnabled: 'false' } });
    try {
      mkdirSync(join(own, 'configuration'));
      // Nothing is sent to an address that is not of this machine.
      const quiet = old.replace('"enablePushEventForwarding": true', '"enablePushEventForwarding": false');
      writeFileSync(join(own, 'configuration/config.json'), quiet);
      copyFileSync(join(projectRoot, 'sonorancad.cfg'), join(own, 'sonorancad.cfg'));
      host.execute(commands);
      expect(await post(payload('EVENT_TONE'))).toEqual([200, 'ok']);
      expect(host.getConvar('sonoran_communityID')).toBe('your community');
      expect(printedBy(host, OFFICIAL).filter((line) => /\[(warn|error)\]/.test(line))).toEqual([]);
    } finally {
      await close();
    }
  });

  it('shows how to run it beside the official resource, in a way that works', async () => {
    const [first = ''] = only(`${OURS}/config.json`);
    const [forwarding = ''] = only(`${OFFICIAL}/configuration/config.json`);
    const [, commands = ''] = only('server.cfg');
    const both = await serveBoth({
      types: ['EVENT_TONE'],
      config: JSON.parse(first),
      official: JSON.parse(forwarding),
      start: commands,
    });
    try {
      const got = await both.push([payload('EVENT_TONE')]);
      expect([...got].sort()).toEqual([
        ['SonoranCAD::pushevents:Tone', OFFICIAL],
        ['export', OURS, 'EVENT_TONE'],
        ['handler', OFFICIAL, 'EVENT_TONE'],
        ['pushEvent', OURS, 'EVENT_TONE'],
      ]);
    } finally {
      await both.close();
    }
  });

  it('has the events that the official resource triggers in its table, and which of them there are', () => {
    const bundle = readFileSync(join(projectRoot, 'resource/server.js'), 'utf8');
    const rows = surface('Events that it triggers');
    const there = (is: boolean) => [...rows].flatMap(([name, kind]) => ((kind !== 'gone') === is ? [name] : []));
    const last = (name: string) => name.split(':').at(-1)?.replace('*', 'UnitLogin') ?? '';
    expect(there(true).filter((name) => !bundle.includes(last(name)))).toEqual([]);
    expect(there(false).filter((name) => bundle.includes(name))).toEqual([]);
    const known = eventNames.filter((name) => !/pushevents:|^sonorancad:/.test(name));
    expect(there(true)).toEqual(expect.arrayContaining(known));
  });

  it("has the events of players' games in its table, and which of them they get", async () => {
    const system = await startCadSystem();
    try {
      const { host, player, post } = system;
      host.execute('add_ace builtin.everyone command.setstatus allow');
      const stranger = host.addPlayer({ id: 8, identifiers: ['license:0d'] });
      host.tick();
      player.trigger('SonoranCAD::unitstatus:UpdateStatus', 3);
      const asking = ['sonrad:GetUnitInfo', 'sonrad:GetCurrentCall', 'links:Open', 'links:Poll', 'links:AssociateSso'];
      for (const name of [...asking, 'Tablet::CheckLinkStatus', 'Tablet::SetCommunityLink']) {
        player.trigger(`SonoranCAD::${name}`);
        stranger.trigger(`SonoranCAD::${name}`);
      }
      const got = () => new Set([player, stranger].flatMap(({ received }) => received.map(({ event }) => event)));
      const official = () => [...got()].filter((name) => /^SonoranCAD::|^sonoran:/.test(name)).sort();
      const [, table = ''] = section('Events that it triggers').split("In players' games:");
      const there = [...namesIn(table)].flatMap(([name, is]) => (is === 'gone' ? [] : [name])).sort();
      await until(() => got().has('SonoranCAD::unitstatus:StatusUpdate'));
      await post(JSON.stringify({ key: KEY, type: 'EVENT_UNIT_LOGOUT', data: { identId: 12 } }));
      await until(() => official().length >= there.length);
      expect(official()).toEqual(there);
    } finally {
      await system.close();
      await closeCads();
    }
  });

  it('names each submodule of the official resource', () => {
    const names = `bodycam caddisplay callcommands calltemplates civintegration dispatchnotify ersintegration forcereg
      frameworksupport kick localcallers locations lookups postals recordPrinter sonrad unitstatus vehreg wraithv2 tablet`;
    expect(firstColumn(section('What goes away'))).toEqual(names.split(/\s+/));
  });
});

describe('docs/migrating.md, of the running resource', () => {
  let served: ServedResource;
  beforeAll(async () => {
    served = await serveResource({ before: { 'events.js': EVENT_SPY, 'exports.js': EXPORT_SPY } });
    served.host.ensure(OFFICIAL);
  });
  afterAll(() => served.close());

  it('has the commands of the official resource in its table, and which of them there are', () => {
    const registered = served.host.natives.commands.names();
    const rows = [...surface('Commands')];
    const names = (is: boolean) => rows.flatMap(([name, kind]) => ((kind !== 'gone') === is ? [name] : []));
    expect(registered).toEqual(expect.arrayContaining(names(true)));
    expect(names(false).filter((name) => registered.includes(name))).toEqual([]);
  });

  it('has each event that scripts may trigger in its table, and from whom it is taken', () => {
    const net = served.host.netSafeEvents(OFFICIAL).filter((name) => name !== 'sonorancad:client:started');
    const heard = printedBy(served.host, OFFICIAL).flatMap((line) => /^on (SonoranCAD::.*)/.exec(line)?.[1] ?? []);
    const rows = section('Events that scripts trigger').matchAll(/^\| `(.+?)` \| (.+?) \|/gm);
    const from = Map.groupBy([...rows], ([, , who]) => who === 'resources');
    const namesIn = (who: boolean) =>
      from
        .get(who)
        ?.map(([, name]) => name)
        .sort();
    expect(namesIn(false)).toEqual([...net].sort());
    expect(namesIn(true)).toEqual(heard.sort());
  });

  it('has each export of the official resource in its table, and says which of them do nothing', () => {
    const { host } = served;
    const lua = readFileSync(join(projectRoot, 'resource/exports.lua'), 'utf8');
    const inLua = [...lua.matchAll(/^exports\('(\w+)'/gm)].map(([, name = '']) => name);
    const inJs = printedBy(host, OFFICIAL).flatMap((line) => /^export (\w+) /.exec(line)?.[1] ?? []);
    const official = [...inJs, ...inLua].filter((name) => !name.endsWith('ForLua') && !OWN_EXPORTS.includes(name));
    const rows = surface('Exports');
    expect([...rows.keys()].sort()).toEqual(official.sort());
    const doNothing: string[] = [];
    const tell = (name: string) => (reason: unknown) => reason === MISSING_PART && doNothing.push(name);
    for (const name of official) host.callExport(OFFICIAL, name, 'x', tell(name));
    const gone = [...rows].flatMap(([name, is]) => (is === 'gone' ? [name] : []));
    expect(gone.sort()).toEqual(doNothing.sort());
  });
});
