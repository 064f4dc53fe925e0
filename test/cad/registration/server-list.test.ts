import { describe, expect, it } from '@jest/globals';
import { readServerList } from '../../../src/cad/registration/server-list.ts';
import { requestOf } from './pretend-cad.ts';

const TWO = [{ id: 2 }, { id: 3 }];

/** Reads a list of two servers that comes in one answer with these fields beside it. */
async function readWith(beside: object, isThorough = false) {
  let asked = 0;
  const answer = async () => {
    asked += 1;
    return { ok: true, data: { servers: TWO, ...beside } } as const;
  };
  const reading = await readServerList(requestOf({ getServers: answer }), { isThorough });
  return { isWhole: reading.ok && reading.partial === null, asked };
}

describe('an answer with two servers', () => {
  it.each([
    [{ total: 3 }],
    [{ totalCount: '3' }],
    [{ hasMore: true }],
    [{ HasMore: 'true' }],
    [{ has_next_page: true }],
    [{ nextOffset: 2 }],
    [{ nextPageToken: 'abc' }],
    [{ next: 'https://cad.example/v2/general/servers?offset=2' }],
    [{ links: { next: '/v2/general/servers?offset=2' } }],
    [{ pagination: { limit: 2, offset: 0 } }],
    [{ pagination: { limit: 100, offset: 0, total: 3 } }],
    [{ page: 1, pages: 2 }],
    [{ totalPages: 2 }],
    [{ count: 3 }],
    [{ truncated: true }],
    [{ total: 2, hasMore: true }],
  ])('is not the whole list with %j', async (beside) => {
    expect(await readWith(beside)).toMatchObject({ isWhole: false });
  });

  it.each([
    [{}],
    [{ total: 2 }],
    [{ hasMore: false }],
    [{ next: null, count: 2 }],
    [{ pagination: { limit: 100, offset: 0, total: 2 } }],
    [{ pagination: { limit: 100, offset: 0 } }],
    [{ totalPages: 1 }],
    [{ addedLater: { version: 9, labels: ['new'] } }],
  ])('is the whole list with %j', async (beside) => {
    expect(await readWith(beside)).toEqual({ isWhole: true, asked: 1 });
  });

  it('is not believed without a hint where something is to be written', async () => {
    expect(await readWith({}, true)).toEqual({ isWhole: true, asked: 2 });
    expect(await readWith({ total: 2 }, true)).toEqual({ isWhole: true, asked: 1 });
  });

  it('is the whole list where the CAD refuses to be asked for a page', async () => {
    const error = { kind: 'refused', status: 400, message: 'No.', traceId: null } as const;
    const reading = await readServerList(
      requestOf({
        getServers: async ({ offset }) => (offset ? { ok: false, error } : { ok: true, data: { servers: TWO } }),
      }),
      { isThorough: true },
    );
    expect(reading).toMatchObject({ ok: true, servers: TWO, partial: null });
  });

  it('ends after ten pages, however many there are', async () => {
    let asked = 0;
    const reading = await readServerList(
      requestOf({ getServers: async () => ({ ok: true, data: { servers: [{ id: ++asked }], hasMore: true } }) }),
    );
    expect([reading.ok && reading.partial, asked]).toEqual(['the CAD gave only 10 servers of its list', 10]);
  });

  it('is not the whole list when it changes while it is read', async () => {
    const pages = [TWO, [{ id: 3 }, { id: 4 }]];
    const reading = await readServerList(
      requestOf({ getServers: async () => ({ ok: true, data: { servers: pages.shift() ?? [], total: 3 } }) }),
    );
    expect(reading).toMatchObject({ ok: true, partial: expect.any(String) });
  });
});
