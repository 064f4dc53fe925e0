import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '../scripts/project-root.ts';
import { loadConfig } from '../src/config/load.ts';
import { OFFICIAL, OURS, serveBoth } from './beside/both-resources.ts';
import { printedBy } from './fxhost/write-resource.ts';
import { KEY, payload, serveResource } from './serve-resource.ts';

const page = readFileSync(join(projectRoot, 'docs/migrating.md'), 'utf8');

/** The files that the page shows, by the path it gives them, in its order. */
const shown = [...page.matchAll(/^ *`([\w./-]+)`:\n\n *```(?:json)?\n(.*?)```/gms)].map(
  ([, path = '', text = '']) => [path, text.replaceAll(/^ {3}/gm, '').replaceAll('your key', KEY)] as const,
);
const only = (path: string): string[] => shown.filter(([each]) => each === path).map(([, text]) => text);
const section = (heading: string): string => page.split(/^##+ /m).find((text) => text.startsWith(heading)) ?? '';
const firstColumn = (text: string): string[] => [...text.matchAll(/^\| `(\w+)`/gm)].map(([, name = '']) => name);

/** Says which events the resource listens to that no game may send. */
const SPY = `const listen = on;
globalThis.on = (name, handler) => (console.log('on ' + name), listen(name, handler));`;

function problemsOf(text: string): string[] {
  const { problems } = loadConfig({
    readFile: (path) => (path === 'configuration/config.json' ? text : null),
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

  it('has each event that scripts may trigger in its table, and from whom it is taken', async () => {
    const served = await serveResource({ before: { 'spy.js': SPY } });
    try {
      served.host.ensure(OFFICIAL);
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
    } finally {
      await served.close();
    }
  });

  it('names each submodule of the official resource', () => {
    const names = `bodycam caddisplay callcommands calltemplates civintegration dispatchnotify ersintegration forcereg
      frameworksupport kick localcallers locations lookups postals recordPrinter sonrad unitstatus vehreg wraithv2 tablet`;
    expect(firstColumn(section('What goes away'))).toEqual(names.split(/\s+/));
  });
});
