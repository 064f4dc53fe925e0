import { describe, expect, it } from '@jest/globals';
import { createConvarPublisher } from '../../src/config/live-config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { type FakeSource, fakeSource, goodKey, otherKey } from './fake-source.ts';

const file = { apiKey: goodKey, communityID: 'mycity', serverId: 2, primaryIdentifier: 'steam' };

/** What a start of the resource does: load, then publish. And what a reload in the same run does. */
function start(source: FakeSource) {
  const written: string[] = [];
  const publisher = createConvarPublisher({
    convar: source.convar,
    write(name, value) {
      written.push(name);
      source.setConvar(name, value);
    },
  });
  const reload = () => {
    const { config, problems } = loadConfig({ ...source, convar: publisher.convar });
    publisher.publish(config);
    return { config, lines: problems.map(({ line }) => line) };
  };
  return { ...reload(), written, reload, forget: publisher.forget };
}

it('other resources find the community, the server and the identifier, marked as ours', () => {
  const source = fakeSource(file);
  start(source);
  expect(
    ['communityID', 'serverId', 'primaryIdentifier'].map((key) => [
      source.convar(`sonoran_${key}`),
      source.convar(`sonoran_${key}_setter`),
    ]),
  ).toEqual([
    ['mycity', 'framework'],
    ['2', 'framework'],
    ['steam', 'framework'],
  ]);
});

it('nothing else is written, least of all the key into a convar that nobody protects', () => {
  const { written } = start(fakeSource(file));
  expect(written.filter((name) => !/_(communityID|serverId|primaryIdentifier)(_setter)?$/.test(name))).toEqual([]);
});

it('the key goes into its convar where that is reserved', () => {
  const source = fakeSource(file, { sonoran_apiKey: 'Protection_Initialized' });
  start(source);
  expect([source.convar('sonoran_apiKey'), source.convar('sonoran_apiKey_setter')]).toEqual([goodKey, 'framework']);
});

it('a reserved convar stays reserved while there is no key', () => {
  const source = fakeSource({}, { sonoran_apiKey: 'protection_initialized' });
  start(source);
  expect(source.convar('sonoran_apiKey')).toBe('protection_initialized');
});

it('an edited file counts at the next start, for all that was published', () => {
  const source = fakeSource(file, { sonoran_apiKey: 'protection_initialized' });
  start(source);
  const edited = { apiKey: otherKey, communityID: 'othercity', serverId: 3, primaryIdentifier: 'discord' };
  source.files.set('config.json', JSON.stringify(edited));
  expect(start(source).config).toMatchObject({ ...edited, apiKeys: [otherKey] });
  expect(source.convar('sonoran_serverId')).toBe('3');
});

it("the operator's convar still counts at the next start", () => {
  const source = fakeSource(file, { sonoran_serverId: '7' });
  start(source);
  expect(start(source).config.serverId).toBe(7);
  expect(source.convar('sonoran_serverId_setter')).toBeNull();
});

it('the mark is written before the value, so that no reader sees the value without it', () => {
  const { written } = start(fakeSource(file));
  expect(written.indexOf('sonoran_serverId_setter')).toBeLessThan(written.indexOf('sonoran_serverId'));
});

it('what is published already is not written again', () => {
  const source = fakeSource(file);
  start(source);
  expect(start(source).written).toEqual([]);
});

it('an API key that was written into the wrong place is not published from there', () => {
  const source = fakeSource({ ...file, communityID: `id ${goodKey.toLowerCase()}` });
  start(source);
  expect(source.convar('sonoran_communityID')).toBe('');
});

describe('a convar that was published and is set by the operator while the resource runs', () => {
  it('counts at the next reload and is not overwritten', () => {
    const source = fakeSource(file);
    const { reload } = start(source);
    source.setConvar('sonoran_serverId', '3');
    expect(reload().config.serverId).toBe(3);
    expect(reload().config.serverId).toBe(3);
    expect(source.convar('sonoran_serverId')).toBe('3');
  });

  it('still counts after a restart, because the reload marks it as theirs', () => {
    const source = fakeSource(file);
    const { reload } = start(source);
    source.setConvar('sonoran_serverId', '3');
    reload();
    expect(source.convar('sonoran_serverId_setter')).toBe('server');
    expect(start(source).config.serverId).toBe(3);
  });

  it('is validated like any other', () => {
    const source = fakeSource(file);
    const { reload } = start(source);
    source.setConvar('sonoran_serverId', 'bad');
    const { config, lines } = reload();
    expect(config.serverId).toBe(1);
    expect(lines).toEqual([
      'serverId in the convar sonoran_serverId is "bad", expected a whole number from 1 to 1000000: using 1, and the entry is only checked',
    ]);
  });

  it('is given back to the file by setting it to nothing', () => {
    const source = fakeSource(file);
    const { reload } = start(source);
    source.setConvar('sonoran_serverId', '3');
    reload();
    source.setConvar('sonoran_serverId', '');
    expect(reload().config.serverId).toBe(2);
    expect([source.convar('sonoran_serverId'), source.convar('sonoran_serverId_setter')]).toEqual(['2', 'framework']);
  });

  it('may be the API key, where its convar is reserved', () => {
    const source = fakeSource(file, { sonoran_apiKey: 'protection_initialized' });
    const { config, reload } = start(source);
    expect(config.apiKeys).toEqual([goodKey]);
    source.setConvar('sonoran_apiKey', otherKey);
    expect(reload().config.apiKeys).toEqual([otherKey]);
  });

  it('is not taken for theirs once another resource writes the same convars', () => {
    const source = fakeSource(file);
    const { reload, forget } = start(source);
    forget();
    source.setConvar('sonoran_serverId', '3');
    expect(reload().config.serverId).toBe(2);
  });

  it('cannot be told from a published one when it was not read before a restart', () => {
    const source = fakeSource(file);
    start(source);
    source.setConvar('sonoran_serverId', '3');
    expect(start(source).config.serverId).toBe(2);
  });
});

it('an edited file counts at a reload, for all that was published', () => {
  const source = fakeSource(file);
  const { reload } = start(source);
  source.files.set('config.json', JSON.stringify({ ...file, serverId: 4 }));
  expect(reload().config.serverId).toBe(4);
  expect([source.convar('sonoran_serverId'), source.convar('sonoran_serverId_setter')]).toEqual(['4', 'framework']);
});
