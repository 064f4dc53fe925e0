import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { printedBy } from '../../packages/fxhost/test/write-resource.ts';
import {
  KEY,
  payload,
  postDirectly,
  type ServedResource,
  type ServeOptions,
  serveResource,
} from '../serve-resource.ts';

const OTHER_KEY = 'another-key-for-testing';
const CONSOLE = '[cmd] ';

/** Every key that the official resource writes into its file, with values as a community would have them. */
const officialFile = (values: object = {}) => ({
  communityID: 'mycommunity',
  apiKey: KEY,
  mode: 'production',
  postTime: 5000,
  serverId: 2,
  linkCommand: 'link',
  linkPollIntervalMs: 10000,
  linkPopupTitleText: 'Link your account',
  linkButtonText: 'Link',
  primaryIdentifier: 'steam',
  // As the official file has it it is true, by which the real CAD would be asked.
  apiSendEnabled: false,
  debugMode: false,
  notificationSystem: 'pNotify',
  updateBranch: 'master',
  statusLabels: ['UNAVAILABLE', 'BUSY', 'AVAILABLE', 'ENROUTE', 'ON_SCENE'],
  allowAutoUpdate: true,
  autoUpdateUrl: 'https://updates.example/version.json',
  allowUpdateWithPlayers: false,
  noUnitTimer: false,
  enablePushEventForwarding: false,
  pushEventForwardUrl: 'https://host',
  disableOverride: false,
  ...values,
});

/** What the official resource leaves behind when it is swapped for this one while the server runs. */
function officialConvars(file: object): Record<string, string> {
  const texts = Object.entries(file).map(([name, value]) => [
    `sonoran_${name}`,
    Array.isArray(value) ? 'table: 0x7f3a5c01d2e0' : String(value),
  ]);
  const setters = Object.keys(file).map((name) => [`sonoran_${name}_setter`, 'framework']);
  return { ...Object.fromEntries(texts), ...Object.fromEntries(setters), sonoran_quietPrint: 'false' };
}

describe('the configuration of the running resource', () => {
  let served: ServedResource;
  afterEach(() => served.close());

  async function serve(options: ServeOptions = {}) {
    served = await serveResource(options);
    served.host.ensure('sonorancad');
  }

  async function accepts(key: string): Promise<boolean> {
    return (await postDirectly(served.host, payload('EVENT_TONE', key))).status === 200;
  }

  function writeOfficial(file: unknown) {
    mkdirSync(join(served.own, 'configuration'), { recursive: true });
    writeFileSync(
      join(served.own, 'configuration/config.json'),
      typeof file === 'string' ? file : JSON.stringify(file),
    );
  }

  const lines = () => printedBy(served.host, 'sonorancad');
  const faults = () => lines().filter((line) => /\[(warn|error)\](?!.*Refused an event)/.test(line));

  it('takes an edited file when `sonorancad reload` is typed, without a restart', async () => {
    await serve();
    served.configure({ apiKey: OTHER_KEY, communityID: 'mine' });
    expect(await accepts(OTHER_KEY)).toBe(false);
    served.host.execute('sonorancad reload');
    expect([await accepts(KEY), await accepts(OTHER_KEY)]).toEqual([false, true]);
    expect(served.host.getConvar('sonoran_communityID')).toBe('mine');
    expect(lines()).toContainEqual(expect.stringContaining('changed: communityID, apiKey.'));
    served.host.execute('sonorancad reload');
    expect(lines()).toContainEqual(expect.stringContaining('nothing changed'));
  });

  it('keeps accepting events while one key is replaced by another', async () => {
    await serve();
    served.configure({ apiKey: OTHER_KEY, apiKeys: [KEY] });
    served.host.execute('sonorancad reload');
    expect([await accepts(KEY), await accepts(OTHER_KEY)]).toEqual([true, true]);
  });

  it('takes an edited file after a restart', async () => {
    await serve();
    served.configure({ apiKey: OTHER_KEY, serverId: 7 });
    served.host.restart('sonorancad');
    expect([await accepts(KEY), await accepts(OTHER_KEY)]).toEqual([false, true]);
    expect(served.host.getConvar('sonoran_serverId')).toBe('7');
    served.configure({ serverId: 8 });
    served.host.restart('sonorancad');
    expect(served.host.getConvar('sonoran_serverId')).toBe('8');
  });

  it('is that of the file of the official resource, in its place, without a word about keys it has no use for', async () => {
    served = await serveResource({ config: { apiKey: OTHER_KEY } });
    writeOfficial(officialFile());
    served.host.ensure('sonorancad');
    expect([await accepts(KEY), await accepts(OTHER_KEY)]).toEqual([true, false]);
    expect(
      ['communityID', 'serverId', 'primaryIdentifier'].map((name) => served.host.getConvar(`sonoran_${name}`)),
    ).toEqual(['mycommunity', '2', 'steam']);
    expect(faults()).toEqual([]);
  });

  it('goes by the file and not by the convars that the official resource has left behind', async () => {
    const before = officialFile({ communityID: 'old', serverId: 1 });
    served = await serveResource({ convars: { ...officialConvars(before), sonoran_apiKey: OTHER_KEY } });
    writeOfficial(officialFile());
    served.host.ensure('sonorancad');
    expect([await accepts(KEY), await accepts(OTHER_KEY)]).toEqual([true, false]);
    expect(served.host.getConvar('sonoran_communityID')).toBe('mycommunity');
    expect(served.host.getConvar('sonoran_serverId')).toBe('2');
    expect(faults()).toEqual([]);
    writeOfficial(officialFile({ serverId: 3 }));
    served.host.execute('sonorancad reload');
    expect(served.host.getConvar('sonoran_serverId')).toBe('3');
  });

  it('puts the key where sonorancad.cfg has reserved a place for it, and still takes it from the file after a restart', async () => {
    served = await serveResource({ convars: { sonoran_apiKey: 'protection_initialized' } });
    writeOfficial(officialFile());
    served.host.ensure('sonorancad');
    expect(await accepts(KEY)).toBe(true);
    expect(served.host.getConvar('sonoran_apiKey')).toBe(KEY);
    writeOfficial(officialFile({ apiKey: OTHER_KEY }));
    served.host.restart('sonorancad');
    expect([await accepts(KEY), await accepts(OTHER_KEY)]).toEqual([false, true]);
  });

  it('is that of the convars of the operator before that of the file, also after a reload', async () => {
    await serve({ convars: { sonoran_apiKey: OTHER_KEY, sonoran_serverId: '5' } });
    served.configure({ serverId: 9 });
    served.host.execute('sonorancad reload');
    expect([await accepts(KEY), await accepts(OTHER_KEY)]).toEqual([false, true]);
    expect(served.host.getConvar('sonoran_serverId')).toBe('5');
    served.host.setConvar('sonoran_apiKey', KEY);
    served.host.execute('sonorancad reload');
    expect([await accepts(KEY), await accepts(OTHER_KEY)]).toEqual([true, false]);
  });

  it('is said to be broken in one line for each fault, and the resource lives on without that key', async () => {
    await serve();
    served.configure({ serverId: 'many', primaryIdentifier: 'license9', aplKey: 'x' });
    const before = lines().length;
    served.host.execute('sonorancad reload');
    const said = lines().slice(before);
    expect(said.filter((line) => line.includes('serverId in config.json') && line.includes('many'))).toHaveLength(1);
    expect(said.filter((line) => line.includes('primaryIdentifier') && line.includes('license9'))).toHaveLength(1);
    expect(said.filter((line) => line.includes('aplKey') && line.includes('apiKey'))).toHaveLength(1);
    expect(await accepts(KEY)).toBe(true);
  });

  it('stays in force while the file cannot be read, so that no event is lost over a half-saved one', async () => {
    await serve();
    writeFileSync(join(served.own, 'config.json'), '{"apiKey": ');
    served.host.execute('sonorancad reload');
    expect(lines().slice(-2)).toEqual([
      expect.stringMatching(
        /config\.json cannot be read as JSON \(line 1, column 12: it ends too early: \} is missing\)\.$/,
      ),
      expect.stringMatching(/was not read again; nothing has changed\.$/),
    ]);
    expect(await accepts(KEY)).toBe(true);
    served.configure({ apiKey: OTHER_KEY });
    served.host.execute('sonorancad reload');
    expect(await accepts(OTHER_KEY)).toBe(true);
    expect(served.host.lines.filter((line) => line.startsWith(CONSOLE))).toEqual([]);
  });

  it('refuses every event after a start with a file that cannot be read, until it can', async () => {
    served = await serveResource();
    writeFileSync(join(served.own, 'config.json'), '{"apiKey": ');
    served.host.ensure('sonorancad');
    expect(await accepts(KEY)).toBe(false);
    served.host.execute('sonorancad reload');
    expect(lines().at(-1)).toContain('Only the convars were read again; nothing changed.');
    served.configure({});
    served.host.execute('sonorancad reload');
    expect(await accepts(KEY)).toBe(true);
  });

  it('takes a convar that the operator sets while the server runs, over the mark that the resource has put on it', async () => {
    await serve({ config: { serverId: 2 } });
    served.host.execute('set sonoran_serverId 3');
    served.host.execute('sonorancad reload');
    expect(lines().at(-1)).toContain('changed: serverId.');
    expect(served.host.getConvar('sonoran_serverId')).toBe('3');
    served.host.execute('set sonoran_serverId bad');
    served.host.execute('sonorancad reload');
    expect(faults()).toEqual([expect.stringContaining('serverId in the convar sonoran_serverId is "bad", expected')]);
    served.host.execute('set sonoran_serverId 4');
    served.host.execute('sonorancad reload');
    served.host.restart('sonorancad');
    expect(served.host.getConvar('sonoran_serverId')).toBe('4');
  });

  it.each([
    [{ config: { linkCommand: 'none' } }, false],
    [{ convars: { sonoran_linkCommand: 'none' } }, false],
    [{ config: { linkCommand: '' } }, true],
  ])('with %j has the command to link an account: %j', async (options, isThere) => {
    await serve(options);
    expect(await accepts(KEY)).toBe(true);
    const names = served.host.natives.commands.names();
    expect(['dn', 'link', 'none'].map((name) => names.includes(name))).toEqual([true, isThere, false]);
  });

  it('can be read again from the console, and by no player without the right to', async () => {
    await serve();
    served.configure({ apiKey: OTHER_KEY });
    served.host.natives.runAsPlayer(served.host.addPlayer().id, 'sonorancad reload');
    expect(await accepts(OTHER_KEY)).toBe(false);
    served.host.execute('sonorancad reload');
    expect(await accepts(OTHER_KEY)).toBe(true);
  });
});
