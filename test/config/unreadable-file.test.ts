import { describe, expect, it } from '@jest/globals';
import { createLiveConfig } from '../../src/config/live-config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { configKeys } from '../../src/config/schema.ts';
import { noNetEvents } from '../../src/game/dispatch/net-events.ts';
import type { ConfigKey } from '../../src/lib/settings.ts';
import { noNotifications } from '../../src/notify/settings.ts';
import { type FakeSource, fakeSource, goodKey, load, otherKey } from './fake-source.ts';

const closed = {
  apiKey: goodKey,
  call911FromClients: 'off',
  apiSendEnabled: false,
  registration: 'off',
  legacyEvents: 'off',
  transport: 'http',
  notifications: { enabled: false },
};
const broken = JSON.stringify(closed).replace('}', '');

describe('a file that cannot be read at the start', () => {
  it('opens nothing that it may have closed', () => {
    const { config, lines } = load(broken, { sonoran_apiKey: goodKey });
    expect(config).toMatchObject({
      apiKeys: [goodKey],
      call911FromClients: 'off',
      apiSendEnabled: false,
      registration: 'check',
      disableOverride: true,
      legacyEvents: 'off',
      transport: 'http',
      addressServices: [],
      notifications: noNotifications,
      netEvents: noNetEvents,
      linkCommand: 'none',
      panicCommand: 'none',
      unitCommands: { respondWhileDispatcherOnline: false },
    });
    expect(lines).toEqual([
      expect.stringMatching(
        /^config\.json cannot be read as JSON \(line 1, column \d+: .*\): only convars and defaults count, and what the file may have switched off is off$/,
      ),
    ]);
  });

  it.each(['', '[]', '"text"'])('is also one that holds %j', (text) => {
    expect(load(text, { sonoran_apiKey: goodKey }).config.apiSendEnabled).toBe(false);
  });

  it('gives each key what it holds when it is refused', () => {
    const { config } = load(broken);
    for (const [name, entry] of Object.entries<ConfigKey>(configKeys))
      expect([name, config[name as keyof typeof config]]).toEqual([name, entry.whenRefused ?? entry.default]);
  });

  it('leaves it to convars to open something', () => {
    const { config } = load(broken, { sonoran_apiSendEnabled: 'true', sonoran_call911FromClients: 'ace' });
    expect(config).toMatchObject({ apiSendEnabled: true, call911FromClients: 'ace', registration: 'check' });
  });

  it('is what the line about missing keys names', () => {
    expect(load(broken).lines[1]).toBe(
      'no API key is set by convar, so every push event is refused until config.json can be read',
    );
  });

  it('is not one that is missing: that closes nothing', () => {
    expect(load(undefined, { sonoran_apiKey: goodKey }).config).toMatchObject({
      apiSendEnabled: true,
      call911FromClients: 'limited',
      linkCommand: 'link',
      panicCommand: 'panic',
    });
  });
});

describe('a file that cannot be read at a reload', () => {
  const begin = (source: FakeSource) => createLiveConfig(() => loadConfig(source));

  it('leaves the configuration in force', () => {
    const source = fakeSource(closed);
    const live = begin(source);
    const before = live.current();
    source.files.set('config.json', broken);
    expect(live.reload()).toEqual({
      changed: [],
      fault: expect.stringMatching(/^config\.json cannot be read as JSON \(.*\)$/),
      kept: true,
    });
    expect(live.current()).toBe(before);
    expect(live.problems()).toEqual([
      {
        level: 'error',
        line: expect.stringMatching(/^config\.json cannot .*: the earlier configuration stays in force$/),
      },
    ]);
  });

  it('is forgotten once it can be read', () => {
    const source = fakeSource(closed);
    const live = begin(source);
    source.files.set('config.json', broken);
    live.reload();
    source.files.set('config.json', JSON.stringify({ ...closed, apiKey: otherKey }));
    expect(live.reload()).toEqual({ changed: ['apiKey', 'apiKeys'], fault: null, kept: false });
    expect(live.problems()).toEqual([]);
  });

  it('is like one that an editor holds back, so that there seems to be none', () => {
    const source = fakeSource(closed);
    const live = begin(source);
    source.files.clear();
    expect(live.reload()).toEqual({ changed: [], fault: 'config.json is not there any more', kept: true });
    expect(live.current().apiKeys).toEqual([goodKey]);
  });

  it('is like one held back in the place of the official resource, where the file of the release would count', () => {
    const source = fakeSource({});
    source.files.set('configuration/config.json', JSON.stringify(closed));
    const live = begin(source);
    source.files.delete('configuration/config.json');
    const fault = 'configuration/config.json is not there any more';
    expect(live.reload()).toEqual({ changed: [], fault, kept: true });
    expect(live.current().apiKeys).toEqual([goodKey]);
  });

  it('lets convars count where there was no file to be kept', () => {
    const source = fakeSource(broken);
    const live = begin(source);
    source.setConvar('sonoran_apiKey', goodKey);
    expect(live.reload()).toMatchObject({ changed: ['apiKey', 'apiKeys'], kept: false });
    expect(live.problems()).toEqual([{ level: 'error', line: expect.stringContaining('cannot be read as JSON') }]);
  });

  it('may be missing as it was at the start', () => {
    const source = fakeSource(undefined, { sonoran_apiKey: goodKey });
    const live = begin(source);
    source.setConvar('sonoran_serverId', '3');
    expect(live.reload()).toEqual({ changed: ['serverId'], fault: null, kept: false });
  });
});
