import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { isGenuine } from '../../examples/verify-signature/verify.js';
import { projectRoot } from '../../scripts/project-root.ts';

const SECRET = `whsec_${Buffer.from('a secret of at least 24 bytes').toString('base64')}`;
const BODY = Buffer.from('{"key":"k","type":"EVENT_911","data":{}}');

function signed(at = new Date(), secret = SECRET): Record<string, string> {
  return {
    'webhook-id': 'event-1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign('event-1', at, BODY.toString()),
  };
}

describe('isGenuine of examples/verify-signature', () => {
  it('accepts a signature of the secret, alone and among several signatures', () => {
    expect(isGenuine(signed(), BODY, SECRET)).toBe(true);
    const headers = signed();
    expect(
      isGenuine({ ...headers, 'webhook-signature': `v1,other ${headers['webhook-signature']}` }, BODY, SECRET),
    ).toBe(true);
  });

  it('refuses a changed body or id, another secret, an old request and a request without a signature', () => {
    expect(isGenuine(signed(), Buffer.from('{}'), SECRET)).toBe(false);
    expect(isGenuine({ ...signed(), 'webhook-id': 'event-2' }, BODY, SECRET)).toBe(false);
    expect(
      isGenuine(
        signed(new Date(), `whsec_${Buffer.from('another secret of 24 bytes').toString('base64')}`),
        BODY,
        SECRET,
      ),
    ).toBe(false);
    expect(isGenuine(signed(new Date(Date.now() - 6 * 60_000)), BODY, SECRET)).toBe(false);
    expect(isGenuine({}, BODY, SECRET)).toBe(false);
  });
});

/** Python code that checks a JSON list of `[headers, body, secret]` and prints a list of booleans. */
const CHECK_CASES = `
import json, sys
print(json.dumps([is_genuine(headers, body.encode(), secret) for headers, body, secret in json.load(sys.stdin)]))
`;
const hasPython = spawnSync('python3', ['--version']).status === 0;

(hasPython ? describe : describe.skip)('is_genuine of the Python sample in docs/forwarding.md', () => {
  const [, sample = ''] =
    /^```python\n(.*?)^```/ms.exec(
      readFileSync(join(projectRoot, 'docs/forwarding.md'), 'utf8').replaceAll('\r\n', '\n'),
    ) ?? [];

  /** Runs the Python sample. @returns for each case whether the sample accepts it */
  function checkInPython(cases: readonly (readonly [Record<string, string>, Buffer, string])[]): boolean[] {
    const input = JSON.stringify(cases.map(([headers, body, secret]) => [headers, body.toString(), secret]));
    const { stdout, stderr } = spawnSync('python3', ['-c', sample + CHECK_CASES], { input, encoding: 'utf8' });
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  }

  it('accepts and refuses the same requests as isGenuine', () => {
    const several = { ...signed(), 'webhook-signature': `v1,other ${signed()['webhook-signature']}` };
    expect(checkInPython([signed(), several].map((headers) => [headers, BODY, SECRET] as const))).toEqual([true, true]);
    const other = `whsec_${Buffer.from('another secret of 24 bytes').toString('base64')}`;
    expect(
      checkInPython([
        [signed(), Buffer.from('{}'), SECRET],
        [{ ...signed(), 'webhook-id': 'event-2' }, BODY, SECRET],
        [signed(new Date(), other), BODY, SECRET],
        [signed(new Date(Date.now() - 6 * 60_000)), BODY, SECRET],
      ]),
    ).toEqual([false, false, false, false]);
  });

  it('refuses missing and malformed headers without an exception', () => {
    const garbled = ['', 'v1', 'v1,é', 'v1,\ud800', '\0'].map((text) => ({ ...signed(), 'webhook-signature': text }));
    const ids = ['', 'é', '\ud800'].map((text) => ({ ...signed(), 'webhook-id': text }));
    const times = ['', 'now', '-1', '1e9', '²', '٣', '9'.repeat(5_000)].map((text) => ({
      ...signed(),
      'webhook-timestamp': text,
    }));
    const all = [{}, ...garbled, ...ids, ...times];
    expect(checkInPython(all.map((headers) => [headers, BODY, SECRET] as const))).toEqual(all.map(() => false));
  });
});
