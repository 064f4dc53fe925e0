import { describe, expect, it } from '@jest/globals';
import { childEnvironment } from '../../src/program/run-command.ts';

describe('the environment of a command', () => {
  it('has no variable that holds a key or secret, whatever its name and in any case', () => {
    const env = {
      PATH: '/bin',
      SONORANCAD_KEY: 'not the key that is used',
      sonorancad_key: 'nor this',
      npm_config_key: 'A-KEY-OF-SIXTEEN-LETTERS',
      COMMAND: 'sonorancad listen --key a-key-of-sixteen-letters --json',
      HOOK: 'whsec_c2VjcmV0',
      BASIC: `Basic ${Buffer.from('cad:a-key-of-sixteen-letters').toString('base64')}`,
      GONE: undefined,
    };
    expect(childEnvironment(env, ['a-key-of-sixteen-letters', 'whsec_c2VjcmV0'])).toEqual({ PATH: '/bin' });
  });
});
