import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type LocalServer, openLocally } from '../local-server.ts';
import { KEY, type ServedResource, serveResource } from '../serve-resource.ts';
import { describeWithChromium, type OpenPage, openBrowser, openPage, tokenOf } from './browser.ts';

/** An address of this machine that is not loopback: browsers trust it less, and the game server limits it. */
const ADDRESS =
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
const SILENCE_S = 4;

/** Hands bytes on, until it is told to cut what is open. */
async function openRelay(port: number): Promise<LocalServer & { cut(): void }> {
  const cuts = new Set<() => void>();
  const server = createServer((socket) => {
    const onwards = connect(port, ADDRESS);
    const cut = () => {
      socket.destroy();
      onwards.destroy();
    };
    cuts.add(cut);
    for (const end of [socket, onwards]) end.on('error', cut).on('close', cut);
    socket.pipe(onwards).pipe(socket);
  });
  const local = await openLocally(server);
  return Object.assign(local, {
    cut() {
      for (const cut of cuts) cut();
      cuts.clear();
    },
  });
}

describeWithChromium('the page on the game port, at an address that is not loopback, with the limiter on', () => {
  let browser: Browser;
  let served: ServedResource;
  let opened: OpenPage | null = null;
  let sent = 0;

  beforeAll(async () => {
    browser = await openBrowser();
    served = await serveResource({
      bindHost: ADDRESS,
      convars: {
        sv_proxyIPRanges: '192.0.2.255/32',
        rateLimiter_http_sonorancad_rate: '10',
        rateLimiter_http_sonorancad_burst: '25',
        sv_tcpConnectionTimeoutSeconds: String(SILENCE_S),
      },
    });
    served.host.ensure('sonorancad');
  });
  afterEach(async () => {
    await opened?.close();
    opened = null;
  });
  afterAll(async () => {
    await browser.close();
    await served.close();
  });

  async function open(address = served.host.url, options: Parameters<typeof openPage>[2] = {}): Promise<Page> {
    opened = await openPage(browser, `${address}/sonorancad/#${tokenOf(served)}`, options);
    return opened.page;
  }
  /** Past the sockets, and so past the limiter: the CAD's requests are not what is tried here. */
  async function push(count: number): Promise<void> {
    for (let at = 0; at < count; at += 1) {
      sent += 1;
      const body = Buffer.from(JSON.stringify({ key: KEY, type: 'EVENT_NUMBERED', data: { number: sent } }));
      const headers = { 'content-length': String(body.length) };
      const { status } = await served.host.request('sonorancad', { method: 'POST', path: '/event', headers, body });
      expect(status).toBe(200);
    }
  }
  const connection = (page: Page, says: string) => page.locator('.connection', { hasText: says }).waitFor();
  const rows = (page: Page) => page.locator('.events').getByRole('option');
  /** How many events are listed, and the numbers of the first and the last. */
  async function listed(page: Page): Promise<(string | null)[]> {
    await page.locator('.events').press('Home');
    const first = await rows(page).first().getAttribute('id');
    const count = await rows(page).first().getAttribute('aria-setsize');
    await page.locator('.events').press('End');
    await page.locator('.event[aria-selected="true"]').waitFor();
    return [count, first, await rows(page).last().getAttribute('id')];
  }

  it('keeps its stream through silence, and copies without the clipboard of trusted pages', async () => {
    await push(1);
    const page = await open();
    await connection(page, 'Live');
    expect(await page.evaluate('isSecureContext')).toBe(ADDRESS === '127.0.0.1');
    await sleep(SILENCE_S * 1_000 + 300);
    await push(1);
    await rows(page).nth(1).waitFor();
    expect(opened?.asked.filter((address) => address.includes('/api/stream'))).toHaveLength(1);
    await rows(page).first().click();
    await page.getByRole('button', { name: 'Copy JSON' }).click();
    await page.getByText('The JSON is in your clipboard.').waitFor();
  });

  it('goes on where it was after each cut, without a gap and without a repeat', async () => {
    const relay = await openRelay(served.host.port);
    try {
      await push(5);
      const page = await open(relay.url);
      await page.clock.install();
      await connection(page, 'Live');
      for (let round = 0; round < 4; round += 1) {
        await push(30);
        relay.cut();
        // It tries again after a second, which pushing may take longer than.
        await Promise.all([connection(page, 'Trying again'), push(30)]);
        await page.clock.fastForward(10_000);
        await connection(page, 'Live');
      }
      await push(5);
      await page.locator(`#event-${sent}`).waitFor();
      expect(await listed(page)).toEqual([String(sent), `event-${sent}`, 'event-1']);
    } finally {
      await relay.close();
    }
  });

  it('polls where streaming does not get through', async () => {
    opened = await openPage(browser, 'about:blank');
    const { page } = opened;
    await page.clock.install();
    // A proxy that holds answers back.
    await page.route('**/api/stream*', () => {});
    await page.goto(`${served.host.url}/sonorancad/#${tokenOf(served)}`);
    await connection(page, 'Connecting');
    await page.clock.fastForward(5_000);
    await connection(page, 'Every 2 s');
    await push(3);
    await page.clock.fastForward(3_000);
    await page.locator(`#event-${sent}`).waitFor();
    expect((await listed(page))[0]).toBe(String(sent));
  });

  it('shows the newest of more events than are kept, and stays below the limiter whatever one looks at', async () => {
    const page = await open();
    const refused: string[] = [];
    page.on('response', (response) => void (response.status() === 429 && refused.push(response.url())));
    await connection(page, 'Live');
    const pushing = push(510);
    // Each view asks for something at once.
    const hurry = `(async () => {
      for (let turn = 0; turn < 40; turn += 1) {
        location.hash = '#/' + ['delivery', 'now', 'health', 'live'][turn % 4];
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })()`;
    await page.evaluate(hurry);
    await pushing;
    await page.locator(`#event-${sent}`).waitFor();
    expect(await listed(page)).toEqual(['500', `event-${sent}`, `event-${sent - 499}`]);
    expect(refused).toEqual([]);
    expect(opened?.complaints).toEqual([]);
  });
});
