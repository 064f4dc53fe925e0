import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { tokenize } from '../../packages/fxhost/src/natives/console-line.ts';
import { loadConfig } from '../../src/config/load.ts';
import { configKeys } from '../../src/config/schema.ts';
import { fakeSource, goodKey } from './fake-source.ts';

const shipped = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

describe('the shipped config.json', () => {
  it('asks for nothing but an API key', () => {
    const { problems } = loadConfig(fakeSource(shipped('config.json')));
    expect(problems).toEqual([{ level: 'error', line: expect.stringContaining('no API key') }]);
  });

  it('holds defaults only', () => {
    for (const [key, value] of Object.entries(JSON.parse(shipped('config.json')))) {
      expect(value).toEqual(configKeys[key as keyof typeof configKeys].default);
    }
  });
});

describe('the shipped config.example.json', () => {
  const example = shipped('config.example.json');
  const uncommented = example.replaceAll(/^ {2}\/\/ (?="\w+": .*,$)/gm, '  ');

  it('sets what the config.json of the source sets, and asks for nothing but an API key', () => {
    const { problems, config } = loadConfig(fakeSource(example));
    expect(problems).toEqual([{ level: 'error', line: expect.stringContaining('no API key') }]);
    expect(config).toEqual(loadConfig(fakeSource(shipped('config.json'))).config);
  });

  it('explains every key, with its default, in plain text', () => {
    const { config, problems } = loadConfig(fakeSource(uncommented));
    expect(problems).toEqual([{ level: 'error', line: expect.stringContaining('no API key') }]);
    for (const [name, { default: value }] of Object.entries(configKeys)) {
      expect(example).toMatch(new RegExp(`^ {2}// .*\\n {2}// .*\\n {2}(// )?"${name}": `, 'm'));
      expect([name, config[name as keyof typeof config]]).toEqual([name, value]);
    }
    expect(example).not.toContain('`');
  });

  it('leaves it to convars to set each key that it holds', () => {
    const convars = {
      sonoran_apiKey: goodKey,
      sonoran_communityID: 'mycity',
      sonoran_serverId: '3',
      sonoran_primaryIdentifier: 'steam',
      sonoran_notificationSystem: 'chat',
      sonoran_debugMode: 'true',
      sonoran_enablePushEventForwarding: 'true',
      sonoran_pushEventForwardUrl: 'http://203.0.113.5:30150',
    };
    const fromFile = loadConfig(fakeSource(example, convars));
    expect(fromFile.problems).toEqual([]);
    expect(fromFile.config).toEqual(loadConfig(fakeSource({}, convars)).config);
    expect(fromFile.config).toMatchObject({ apiKeys: [goodKey], communityID: 'mycity', serverId: 3, debugMode: true });
  });
});

it('the lines of docs/configuration.md set each convar to its default', () => {
  const [, lines = ''] = /^<!-- config convars -->\n```\n(.*?)^```$/ms.exec(shipped('docs/configuration.md')) ?? [];
  const commands = lines.trimEnd().split('\n').map(tokenize);
  expect(commands.map((words) => [words[0], words.length])).toEqual(Object.keys(configKeys).map(() => ['set', 3]));
  const convars = Object.fromEntries(commands.map(([, name, value]) => [name, value]));
  const { config, problems } = loadConfig(fakeSource({}, { ...convars, sonoran_apiKey: goodKey }));
  expect(problems).toEqual([]);
  expect(config).toEqual(loadConfig(fakeSource({ apiKey: goodKey })).config);
});

describe('the shipped sonorancad.cfg', () => {
  const lines = shipped('sonorancad.cfg').split('\n');
  const commands = lines.filter((line) => line !== '' && !line.startsWith('#'));

  it('reserves and protects the key before the resource starts', () => {
    expect(commands[0]).toBe('set sonoran_apiKey "protection_initialized"');
    expect(commands).toContain('add_convar_permission sonorancad read sonoran_apiKey');
    expect(commands.at(-1)).toBe('ensure sonorancad');
  });

  it('grants nothing but reading convars', () => {
    expect(commands.slice(1, -1).filter((line) => !line.startsWith('add_convar_permission '))).toEqual([]);
  });

  it('has no semicolon, after which the server would run a comment as a command', () => {
    expect(lines.filter((line) => line.includes(';'))).toEqual([]);
  });
});
