import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/load.ts';
import { configKeys } from '../../src/config/schema.ts';
import { fakeSource } from './fake-source.ts';

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
