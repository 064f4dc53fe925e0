import { expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/load.ts';
import { convarsToPublish } from '../../src/config/publish.ts';
import { type FakeSource, fakeSource, goodKey, otherKey } from './fake-source.ts';

const file = { apiKey: goodKey, communityID: 'mycity', serverId: 2, primaryIdentifier: 'steam' };

/** What a start of the resource does: load, then publish. */
function start(source: FakeSource) {
  const { config } = loadConfig(source);
  const writes = convarsToPublish(config, source.convar);
  for (const { name, value } of writes) source.setConvar(name, value);
  return { config, written: writes.map(({ name }) => name) };
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
