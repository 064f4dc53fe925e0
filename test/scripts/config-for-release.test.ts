import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { configForRelease } from '../../scripts/build/config-for-release.ts';
import { projectRoot } from '../../scripts/project-root.ts';

describe('configForRelease', () => {
  it('takes the config.json of this project', () => {
    const text = readFileSync(join(projectRoot, 'config.json'), 'utf8');
    expect(configForRelease(text)).toBe(text);
  });

  it.each([
    ['apiKey', { apiKey: 'a-key-for-testing' }],
    ['apiKeys', { apiKey: '', apiKeys: ['a-key-for-testing'] }],
    ['healthToken', { healthToken: 'a-token-for-testing' }],
  ])('refuses one with a value for %s, without showing it', (name, config) => {
    const act = () => configForRelease(JSON.stringify(config));
    expect(act).toThrow(name);
    expect(act).not.toThrow('for-testing');
  });
});
