import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { type HttpTarget, startHttpTarget } from '../http-target.ts';
import { type LocalServer, openLocally } from '../local-server.ts';
import { KEY, payload, type ServedResource, serveResource } from '../serve-resource.ts';
import { until } from '../until.ts';
import { axeFindings, describeWithChromium, type OpenPage, openBrowser, openPage, tokenOf, WIDE } from './browser.ts';

/** Subscribes to all events, and fails at one of them. */
const CONSUMER = `exports.sonorancad.onPushEvent('*', (event) => {
  if (event.type === 'EVENT_TONE') throw new Error('no <b>speaker</b>');
});`;
const OFFICER = { name: 'Jim Reed', identifiers: ['license:000000000000000000000000000000000000000c'] };

const event = (type: string, data: unknown): string => JSON.stringify({ key: KEY, type, data });
const numbered = (number: number): string => event('EVENT_NUMBERED', { number });

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

const go = (page: Page, view: string) => page.getByRole('link', { name: view, exact: true }).click();
const rows = (page: Page) => page.locator('.events').getByRole('option');
const row = (page: Page, text: string) => rows(page).filter({ hasText: text }).first();
const textOf = async (place: Locator): Promise<string> => (await place.textContent()) ?? '';

describeWithChromium('in a browser,', () => {
  let browser: Browser;
  /** One window for all that need no other: opening one takes the machine a second. */
  let desktop: OpenPage;
  beforeAll(async () => {
    browser = await openBrowser();
    desktop = await openPage(browser, 'about:blank', { permissions: ['clipboard-read', 'clipboard-write'] });
  });
  beforeEach(async () => {
    // With another link alone the page would stay, and what it says.
    await desktop.page.goto('about:blank');
    for (const list of [desktop.asked, desktop.complaints]) list.length = 0;
  });
  afterAll(() => browser.close());

  /** Opens the page with a new link. */
  async function openIn({ page }: OpenPage, served: ServedResource, address = served.host.url): Promise<Page> {
    await page.goto(`${address}/sonorancad/#${tokenOf(served)}`);
    return page;
  }

  describe('the page', () => {
    let served: ServedResource;
    let bot: HttpTarget;

    beforeAll(async () => {
      bot = await startHttpTarget((_request, response, { body }) => {
        const isRefused = body.includes('"EVENT_TONE"');
        response
          .writeHead(isRefused ? 422 : 200)
          .end(isRefused ? '<img src=x onerror=alert(1)> no tones here' : 'thanks');
      });
      served = await serveResource({
        config: {
          enablePushEventForwarding: true,
          pushEventForwardTargets: [{ name: 'bot', url: bot.url, secret: `whsec_${'c2VjcmV0'.repeat(4)}` }],
        },
      });
      served.add('consumer', CONSUMER);
      served.host.ensure('sonorancad');
      served.host.ensure('consumer');
      served.host.addPlayer(OFFICER);
    });
    afterAll(async () => {
      await served.close();
      await bot.close();
    });

    const open = () => openIn(desktop, served);
    async function post(...bodies: string[]): Promise<void> {
      for (const body of bodies) expect((await served.post(body))[0]).toBe(200);
    }

    it('says how to get a link, asks nothing and tells nothing, when it is opened without one', async () => {
      const { page, asked, complaints } = desktop;
      await page.goto(`${served.host.url}/sonorancad/`);
      await page.getByRole('heading', { name: 'Open this page with a link' }).waitFor();
      expect(await textOf(page.locator('pre'))).toBe('sonorancad inspect');
      expect(asked).toEqual([`${served.host.url}/sonorancad/`]);
      expect(complaints).toEqual([]);
      expect(await axeFindings(page)).toEqual([]);
    });

    it('keeps the token in memory only, and forgets everything when the link is over', async () => {
      await post(event('EVENT_911', { call: { callId: 7, caller: 'Ann Onymous' } }));
      const page = await open();
      await row(page, 'Ann Onymous').waitFor();
      const kept =
        'JSON.stringify([location.href, document.cookie, localStorage.length, sessionStorage.length, history.state])';
      expect(await page.evaluate(kept)).toBe(JSON.stringify([`${served.host.url}/sonorancad/`, '', 0, 0, null]));
      served.host.execute('sonorancad inspect off');
      await page.getByRole('heading', { name: 'This link is over' }).waitFor();
      expect(await textOf(page.locator('#page'))).not.toContain('Ann Onymous');
      // A link of a moment later is taken up without a reload.
      await page.evaluate(`location.hash = '${tokenOf(served)}'`);
      await row(page, 'Ann Onymous').waitFor();
      expect(desktop.asked.every((address) => address.startsWith(`${served.host.url}/sonorancad/`))).toBe(true);
    });

    it('shows an event as it comes, its payload, who got it, and what targets answered', async () => {
      const page = await open();
      await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
      await post(payload('EVENT_UNIT_LOGIN'), payload('EVENT_TONE'));
      await row(page, 'Tone played').click();
      const details = page.getByRole('region', { name: 'The chosen event' });
      await details.getByText('no <b>speaker</b>').waitFor();
      await details.getByText('422').waitFor();
      expect(await textOf(details.getByRole('region', { name: 'Targets' }))).toContain(
        '<img src=x onerror=alert(1)> no tones here',
      );
      const inTheGame = await textOf(details.getByRole('region', { name: 'In the game' }));
      expect(inTheGame).toMatch(/consumer\s*failed: no <b>speaker<\/b>[\s\S]*subscription/);

      await details.getByRole('button', { name: 'JSON', exact: true }).click();
      const json = JSON.parse(await textOf(details.locator('pre.json')));
      const { key: _, ...sent } = JSON.parse(payload('EVENT_TONE'));
      expect(json).toEqual(sent);
      await details.getByRole('button', { name: 'Copy JSON' }).click();
      await page.getByText('The JSON is in your clipboard.').waitFor();
      expect(JSON.parse(await page.evaluate('navigator.clipboard.readText()'))).toEqual(sent);
      await details.getByRole('button', { name: 'Copy curl' }).click();
      await page.getByText('YOUR_API_KEY in place of the key').waitFor();
      const curl = await page.evaluate<string>('navigator.clipboard.readText()');
      expect(curl).toContain('"key":"YOUR_API_KEY"');
      expect(curl).not.toContain(KEY);

      await details.getByRole('button', { name: 'Send again as simulated' }).click();
      await page.getByText('goes to subscribers as a simulated event').waitFor();
      await row(page, 'simulated').waitFor();
      expect(desktop.complaints).toEqual([]);
    });

    it('says why an event was not understood', async () => {
      await post(event('EVENT_UNIT_STATUS', { identIds: 'nobody' }));
      const page = await open();
      await row(page, 'not understood').click();
      const details = page.getByRole('region', { name: 'The chosen event' });
      await details.getByText('Its data was not understood').waitFor();
      await details
        .getByText(/identIds/)
        .first()
        .waitFor();
      expect(await details.getByRole('button', { name: 'Send again as simulated' }).isDisabled()).toBe(true);
    });

    it('copies a command that sends the key by https where the page came by that', async () => {
      await post(numbered(50));
      const { page } = desktop;
      // A proxy that speaks TLS.
      await page.route('https://cad.example/**', async (route) => {
        const headers = { ...route.request().headers(), host: 'cad.example' };
        const url = route.request().url().replace('https://cad.example', served.host.url);
        if (url.includes('/api/stream')) await route.fulfill({ status: 503, body: '{"error":{"code":"busy"}}' });
        else await route.fulfill({ response: await route.fetch({ url, headers }) });
      });
      await openIn(desktop, served, 'https://cad.example');
      await row(page, 'EVENT_NUMBERED').click();
      await page.getByRole('button', { name: 'Copy curl' }).click();
      await page.getByText('YOUR_API_KEY in place of the key').waitFor();
      const curl = await page.evaluate<string>('navigator.clipboard.readText()');
      expect(curl).toMatch(/^curl -X POST 'https:\/\/cad\.example\/sonorancad\/event'/);
      await page.unroute('https://cad.example/**');
    });

    it('filters by type, text, valid or not, and source', async () => {
      await post(numbered(1), event('EVENT_911', { call: { callId: 8, description: 'needle in a haystack' } }));
      const page = await open();
      const listed = async () => (await rows(page).allInnerTexts()).join();
      await row(page, 'EVENT_NUMBERED').waitFor();
      await page.getByLabel('Text in the payload').fill('NEEDLE');
      await row(page, 'EVENT_NUMBERED').waitFor({ state: 'detached' });
      await row(page, '911 call 8').waitFor();
      expect(await rows(page).count()).toBe(1);
      await page.getByRole('button', { name: 'Reset' }).click();
      await page.locator('[aria-label="Text in the payload"]:focus').waitFor();
      await page.getByLabel('Understood or not').selectOption('false');
      await row(page, '911 call 8').waitFor({ state: 'detached' });
      await row(page, 'not understood').waitFor();
      expect((await rows(page).allInnerTexts()).every((text) => text.includes('not understood'))).toBe(true);
      await page.getByRole('button', { name: 'Reset' }).click();
      await page.getByLabel('Type', { exact: true }).selectOption('EVENT_911');
      await page.getByLabel('Source').selectOption('websocket');
      await page.getByText('No event fits this filter.').waitFor();
      await page.getByLabel('Source').selectOption('http');
      await row(page, '911 call 8').waitFor();
      expect(await listed()).not.toContain('EVENT_NUMBERED');
    });

    it('stands still while it is paused, and goes on where it was', async () => {
      await post(numbered(20));
      const page = await open();
      await row(page, 'EVENT_NUMBERED').waitFor();
      const before = await textOf(rows(page).first());
      await page.getByRole('button', { name: 'Pause' }).click();
      await post(event('EVENT_911', { call: { callId: 9 } }));
      await page.getByRole('button', { name: 'Resume 1 event' }).waitFor();
      expect(await textOf(rows(page).first())).toBe(before);
      await page.getByRole('button', { name: 'Resume' }).click();
      await row(page, '911 call 9').waitFor();
    });

    it('shows how a target is doing, and replays and drops dead letters when one is sure', async () => {
      await post(payload('EVENT_TONE'), payload('EVENT_TONE'));
      const page = await open();
      await go(page, 'Delivery');
      const letters = page.getByRole('region', { name: 'List of dead letters' });
      await letters.getByRole('row').nth(2).waitFor();
      const target = page.getByRole('region', { name: 'Target bot' });
      expect(await textOf(target)).toContain('<img src=x onerror=alert(1)> no tones here');
      expect(
        await target.getByRole('img', { name: /^Attempts a minute, last hour: taken \d+, refused \d+/ }).count(),
      ).toBe(1);
      await target.getByText('Numbers').first().click();
      const rows = target.getByRole('table').first().getByRole('row');
      await rows.nth(60).waitFor();
      expect(await rows.count()).toBe(61);

      const taken = bot.received.length;
      await letters
        .getByRole('button', { name: /^Replay/ })
        .first()
        .click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await letters
        .getByRole('button', { name: /^Replay/ })
        .first()
        .click();
      await dialog.getByRole('button', { name: 'Replay' }).click();
      await bot.count(taken + 1);
      expect(bot.received.length).toBe(taken + 1);
      // The focus does not go with the row.
      await page.locator('[aria-label="Dead letters"]:focus').waitFor();
      await page.getByRole('button', { name: 'Drop all' }).click();
      await dialog.getByRole('button', { name: 'Drop' }).click();
      await page.getByText('None. An event that could not be delivered is kept here').waitFor();
      expect(await axeFindings(page)).toEqual([]);
    });

    it('shows units and calls as they change', async () => {
      const page = await open();
      await go(page, 'Now');
      await post(payload('EVENT_UNIT_LOGIN'), payload('EVENT_DISPATCH_NEW'), payload('EVENT_911'));
      const units = page.getByRole('region', { name: 'List of units' });
      await units.getByText('1-ADAM-12').waitFor();
      await units.getByText('501').waitFor();
      expect(await textOf(units)).toMatch(/Jim Reed\s*AVAILABLE\s*LSPD\s*501\s*1$/);
      await page.getByRole('region', { name: 'Dispatch calls' }).getByText('Two cars, one on its roof').waitFor();
      await post(event('EVENT_UNIT_STATUS', { identIds: [12], status: 3 }));
      await units.getByText('ENROUTE').waitFor();
      await page.getByRole('img', { name: /^Events a minute, by type/ }).waitFor();
    });

    it('shows what doctor, status and the configuration say, without secrets', async () => {
      const page = await open();
      await go(page, 'Health');
      await page.getByText(/found something wrong|Nothing is wrong/).waitFor();
      await page.getByRole('region', { name: 'Status' }).getByText('forwarding to bot').waitFor();
      const config = page.getByRole('region', { name: 'List of keys' });
      expect(await textOf(config)).toMatch(/apiKey[\s\S]*\*\*\*config\.json/);
      await page.getByLabel('without defaults').uncheck();
      await config.getByText('statusLabels').waitFor();
      const all = await page.content();
      for (const secret of [KEY, 'c2VjcmV0c2VjcmV0']) expect(all).not.toContain(secret);
      expect(await axeFindings(page)).toEqual([]);
    });

    it('shows hostile texts as they were typed', async () => {
      const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
      const bidi = 'safe\u202Egnp.exe\u2066\u2067 end';
      const long = 'y'.repeat(990_000);
      const snowflake = '175928847299117063';
      await post(
        event('EVENT_911', { call: { callId: 66, caller: markup, description: bidi, discord: 0 } }).replace(
          '"discord":0',
          `"discord":${snowflake}`,
        ),
        event(`EVENT_LONG`, { [markup]: [bidi, long] }),
      );
      const page = await open();
      await row(page, 'Call: 66').click();
      const tree = page.locator('.tree');
      await tree.getByText(markup).waitFor();
      await tree.locator('bdi', { hasText: bidi }).waitFor();
      await tree.getByText(snowflake).waitFor();
      const isolation = 'getComputedStyle(document.querySelector(".tree bdi.typed")).unicodeBidi';
      expect(await page.evaluate(isolation)).toBe('isolate');
      await row(page, 'EVENT_LONG').click();
      await tree.getByText(markup).waitFor();
      await tree.getByRole('button', { name: /more characters/ }).click();
      await page.getByRole('button', { name: 'JSON', exact: true }).click();
      expect(await textOf(page.locator('pre.json'))).toContain('safe\\u202egnp.exe');
      expect(await page.evaluate('document.images.length + document.scripts.length')).toBe(1);
      expect(await page.title()).toBe('Live · sonorancad');
      expect(desktop.complaints).toEqual([]);
      expect(await axeFindings(page)).toEqual([]);
    });

    it('can be used by keys alone', async () => {
      await post(numbered(31), event('EVENT_911', { call: { callId: 9, caller: 'Ann Other' } }));
      const page = await open();
      // The last to come: what came later would push the chosen one down.
      await row(page, 'Ann Other').waitFor();
      const focused = () =>
        page.evaluate<string>('document.activeElement.ariaLabel || document.activeElement.innerText');
      const tabTo = async (name: string) => {
        for (let presses = 0; (await focused()).trim() !== name; presses += 1) {
          expect(presses).toBeLessThan(40);
          await page.keyboard.press('Tab');
        }
      };
      await page.keyboard.press('Tab');
      expect(await focused()).toBe('Skip to the content');
      await tabTo('Events, newest first');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      const active = 'document.getElementById(document.activeElement.getAttribute("aria-activedescendant"))';
      expect(await page.evaluate(`${active}.ariaPosInSet + ${active}.ariaSelected`)).toBe('2true');
      await page.locator('.tree').getByText('31').waitFor();
      await tabTo('Send again as simulated');
      await page.keyboard.press('Enter');
      await page.getByText('goes to subscribers as a simulated event').waitFor();
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Shift+Tab');
      expect(await focused()).toBe('Close');
      await page.keyboard.press('Enter');
      await page.locator('.events:focus').waitFor();
    });

    it('fits on a phone, light and dark', async () => {
      const closed = [payload('EVENT_DISPATCH_NEW'), payload('EVENT_DISPATCH_CLOSED')];
      await post(payload('EVENT_UNIT_LOGIN'), ...closed, payload('EVENT_TONE'));
      const page = await open();
      await page.setViewportSize({ width: 360, height: 740 });
      await page.emulateMedia({ colorScheme: 'dark' });
      await row(page, 'Tone played').click();
      await page.locator('.tree').waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.locator('[aria-label="Close"]:focus').press('Enter');
      await page.locator('.events:focus').waitFor();
      const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
      const dark = await background();
      for (const view of ['Live', 'Delivery', 'Health', 'Now']) {
        await go(page, view);
        await page.getByRole('heading', { name: view, level: 1 }).waitFor({ state: 'attached' });
        const widths =
          'JSON.stringify([document.documentElement.scrollWidth, document.querySelector("main").scrollWidth])';
        if (view === 'Now') await page.getByText('0 and 1 closed').waitFor();
        expect([view, await page.evaluate(widths)]).toEqual([view, '[360,360]']);
        expect([view, await axeFindings(page)]).toEqual([view, []]);
      }
      await page.emulateMedia({ colorScheme: 'light' });
      expect(await background()).not.toBe(dark);
      expect(await axeFindings(page)).toEqual([]);
      await page.setViewportSize(WIDE);
    });
  });

  describe('on the game port, at an address that is not loopback, with the limiter on, the page', () => {
    let served: ServedResource;
    let sent = 0;

    beforeAll(async () => {
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
    afterAll(() => served.close());

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
    /** How many events are listed, and the numbers of the first and the last. */
    async function listed(page: Page): Promise<(string | null)[]> {
      await page.locator('.events').press('Home');
      const first = await rows(page).first().getAttribute('id');
      const count = await rows(page).first().getAttribute('aria-setsize');
      await page.locator('.events').press('End');
      await page.locator('.event[aria-selected="true"]').waitFor();
      return [count, first, await rows(page).last().getAttribute('id')];
    }

    /** As `listed`: all that were sent, as far as they are kept. */
    const kept = () => {
      const count = Math.min(sent, 500);
      return [String(count), `event-${sent}`, `event-${sent - count + 1}`];
    };

    it('keeps its stream through silence, and copies without the clipboard of trusted pages', async () => {
      await push(1);
      const page = await openIn(desktop, served);
      await connection(page, 'Live');
      expect(await page.evaluate('isSecureContext')).toBe(ADDRESS === '127.0.0.1');
      await sleep(SILENCE_S * 1_000 + 300);
      await push(1);
      await rows(page).nth(1).waitFor();
      expect(desktop.asked.filter((address) => address.includes('/api/stream'))).toHaveLength(1);
      await rows(page).first().click();
      await page.getByRole('button', { name: 'Copy JSON' }).click();
      await page.getByText('The JSON is in your clipboard.').waitFor();
    });

    it('can be scrolled by keys where nothing on it can be chosen', async () => {
      const page = await openIn(desktop, served);
      await page.setViewportSize({ width: 360, height: 500 });
      await go(page, 'Now');
      await page.getByText('No unit is signed in').waitFor();
      await page.getByRole('link', { name: 'Health' }).press('Tab');
      await page.keyboard.press('End');
      await until(() => page.evaluate<boolean>('document.querySelector("main").scrollTop > 0'));
      await page.setViewportSize(WIDE);
    });

    it('shows the newest of more events than are kept, and stays below the limiter whatever one looks at', async () => {
      const page = await openIn(desktop, served);
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
      expect(await listed(page)).toEqual(kept());
      expect(refused).toEqual([]);
      expect(desktop.complaints).toEqual([]);
    });

    it('polls where streaming does not get through', async () => {
      // From here on, time is the tests': the window has no other to lose.
      const { page } = desktop;
      await page.clock.install();
      // A proxy that holds answers back.
      await page.route('**/api/stream*', () => {});
      await openIn(desktop, served);
      await connection(page, 'Connecting');
      await page.clock.fastForward(5_000);
      await connection(page, 'Every 2 s');
      await push(3);
      await page.clock.fastForward(3_000);
      await page.locator(`#event-${sent}`).waitFor();
      expect(await listed(page)).toEqual(kept());
      await page.unroute('**/api/stream*');
    });

    it('goes on where it was after each cut, without a gap and without a repeat', async () => {
      const relay = await openRelay(served.host.port);
      try {
        await push(5);
        const page = await openIn(desktop, served, relay.url);
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
        expect(await listed(page)).toEqual(kept());
      } finally {
        await relay.close();
      }
    });
  });
});
