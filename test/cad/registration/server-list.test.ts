import { describe, expect, it } from '@jest/globals';
import type { ServerEntry } from '../../../src/cad/api/inputs.ts';
import type { ApiErrorKind } from '../../../src/cad/api/results.ts';
import { readServerList } from '../../../src/cad/registration/server-list.ts';
import { errorOf, requestOf } from './pretend-cad.ts';

const TWO = [{ id: 2 }, { id: '3' }];

/** Reads a list whose answer has the given fields beside it. @returns the flaw; null for a complete list */
async function flawOf(servers: readonly ServerEntry[], beside: object = {}): Promise<string | null> {
  const getServers = async () => ({ ok: true, data: { servers, ...beside } }) as const;
  const reading = await readServerList(requestOf({ getServers }), 1);
  return reading.ok ? reading.flaw : 'no answer';
}

const readAfter = (kind: ApiErrorKind) => readServerList(requestOf({ getServers: async () => errorOf(kind) }), 1);

describe('readServerList', () => {
  it.each([
    ['in the documented shape', TWO, {}],
    ['with the field that version 1 of the API sends beside it', TWO, { mapPort: 30121 }],
    ["with two entries of one id that is not this server's", [{ id: 2 }, { id: 2 }], {}],
  ])('finds no flaw in a list %s', async (_what, servers, beside) => {
    expect(await flawOf(servers, beside)).toBeNull();
  });

  it.each([
    ['with any other field beside it', TWO, { total: 2 }, 'the answer has unknown fields beside the list: total'],
    ['with an entry without an id', [...TWO, {}], {}, 'an entry has no number as its id'],
    ['with an id that is not a number', [...TWO, { id: 'main' }], {}, 'an entry has no number as its id'],
    ['with two entries of this server', [{ id: 1 }, { Id: '1' }], {}, '2 entries have the id 1'],
  ])('finds a flaw in a list %s', async (_what, servers, beside, flaw) => {
    expect(await flawOf(servers, beside)).toBe(flaw);
  });

  it.each(['plan', 'refused', 'unreadable', 'limit', 'server'] as const)(
    'finds a flaw when the CAD answers with the error %s',
    async (kind) => {
      expect(await readAfter(kind)).toMatchObject({ ok: true, servers: [], flaw: expect.any(String) });
    },
  );

  it.each(['unreachable', 'key', 'disabled', 'stopped'] as const)(
    'returns the error %s, which is not about the list',
    async (kind) => {
      expect(await readAfter(kind)).toMatchObject({ ok: false, error: { kind } });
    },
  );
});
