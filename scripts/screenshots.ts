import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { type FakeCad, startFakeCad, unregisteredServer } from '../packages/fakecad/src/index.ts';
import type { ForwardingStatus } from '../src/forward/forwarding-status.ts';
import { startHttpTarget } from '../test/http-target.ts';
import { type ServedResource, serveResource } from '../test/serve-resource.ts';
import { until } from '../test/until.ts';
import { build } from './build.ts';
import { isProgram } from './is-program.ts';
import { findProgram } from './jest/programs.ts';
import { projectRoot } from './project-root.ts';
import {
  callOf,
  emergencyCallOf,
  evening,
  licenseOf,
  OFFICERS,
  type SentEvent,
  unitOf,
} from './screenshots/evening.ts';

const KEY = 'a-key-for-pictures';
const FOLDER = join(projectRoot, 'docs', 'images');
const MINUTE_MS = 60_000;
const BOT_PORT = 30_150;
const ARCHIVE_PORT = 30_151;
const WIDE = { width: 1200, height: 750 };
const PHONE = { width: 360, height: 640 };

/** An hour passes in a few seconds: the dates of the resource move along with its time. */
const MOVED_DATES = `{
  const { now } = Date;
  let ahead = -60 * ${MINUTE_MS};
  Date.now = () => now() + ahead;
  on('test:later', (milliseconds) => { ahead += milliseconds; });
}`;
/** A script that listens, and one that is not well. */
const CONSUMERS = {
  'dispatch-board': `exports.sonorancad.onPushEvent('*', () => {});`,
  mdt: `exports.sonorancad.onPushEvent(['EVENT_911', 'EVENT_DISPATCH_NEW'], () => {});`,
};

/** Runs an evening of a made-up community, and takes a picture of each view of the operator's page. */
async function takePictures(): Promise<void> {
  await build({ quiet: true });
  mkdirSync(FOLDER, { recursive: true });
  const bot = await answer(BOT_PORT, () => [200, 'ok']);
  let isArchiveWell = true;
  const archive = await answer(ARCHIVE_PORT, (body) => {
    if (!isArchiveWell)
      return [503, '{"error":"maintenance","message":"The archive is being moved. Try again at 22:00."}'];
    return body.includes('"EVENT_TONE"') ? [422, '{"error":"no such table: tones"}'] : [200, 'ok'];
  });
  const config = {
    apiKey: KEY,
    communityID: 'lossantos',
    enablePushEventForwarding: true,
    pushEventForwardTargets: [
      { name: 'archive', url: `${archive.url}/cad`, includeKey: false },
      { name: 'bot', url: bot.url },
    ],
  };
  const served = await serveResource({ config, movableTime: true, before: { 'moved-dates.js': MOVED_DATES } });
  const address = { mapIp: 'localhost', listenerPort: String(served.host.port) };
  const cad = await startFakeCad({
    apiKey: KEY,
    communityId: 'lossantos',
    servers: [{ ...unregisteredServer(1), ...address }],
  });
  const browser = await chromium.launch({
    executablePath: findProgram('chromium') ?? '',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    served.host.ensure('sonorancad');
    for (const [name, script] of Object.entries(CONSUMERS)) {
      served.add(name, script);
      served.host.ensure(name);
    }
    for (const { id, name } of OFFICERS.slice(0, 6)) served.host.addPlayer({ name, identifiers: [licenseOf(id)] });
    const hour = evening();
    for (const [minute, events] of hour.entries()) {
      isArchiveWell = minute < 56;
      for (const event of events) {
        await post(served, event);
        await until(() => waiting(served, 'bot') === 0 && (!isArchiveWell || waiting(served, 'archive') === 0));
        // An attempt that is on its way would seem to take long.
        if (!isArchiveWell) await sleep(60);
        served.later(MINUTE_MS / events.length);
      }
      if (minute % 17 === 9) await served.post(JSON.stringify({ key: 'wrong', type: 'EVENT_911', data: {} }));
    }
    await connect(served, cad, config);
    await post(served, { type: 'EVENT_UNIT_STATUS', data: { identIds: ['12'], status: 'on scene' } });
    await cad.fire({ type: 'EVENT_911', data: { call: emergencyCallOf(9) } });
    await cad.fire({ type: 'EVENT_DISPATCH_NEW', data: { eventOriginIdent: 40, dispatch: callOf(10, 1) } });
    await cad.fire({ type: 'EVENT_UNIT_STATUS', data: { identIds: [12], status: 3 } });

    const open = (options: BrowserContextOptions) => openPage(browser, served, options);
    const light = await open({ viewport: WIDE });
    await light.locator('.event', { hasText: 'Call: 309' }).click();
    await light.locator('.tree').waitFor();
    await save(light, 'inspector-live');
    for (const view of ['Delivery', 'Now', 'Health']) {
      await light.getByRole('link', { name: view, exact: true }).click();
      await light.getByRole('heading', { name: view, level: 1 }).waitFor();
      await save(light, `inspector-${view.toLowerCase()}`);
    }
    const dark = await open({ viewport: WIDE, colorScheme: 'dark' });
    await dark.locator('.event', { hasText: 'not understood' }).click();
    await dark.locator('.tree').waitFor();
    await save(dark, 'inspector-dark');
    await save(await open({ viewport: PHONE, deviceScaleFactor: 1.5 }), 'inspector-phone');
  } finally {
    await browser.close();
    await served.close();
    await cad.close();
    await bot.close();
    await archive.close();
  }
}

/** A web server of the community's on this machine. @param say what it answers to a body */
function answer(port: number, say: (body: string) => readonly [status: number, text: string]) {
  return startHttpTarget((_request, response, { body }) => {
    const [status, text] = say(body.toString());
    setTimeout(() => response.writeHead(status).end(text), 8 + (body.length % 40));
  }, port);
}

async function post({ post }: ServedResource, { type, data }: SentEvent): Promise<void> {
  await post(JSON.stringify({ key: KEY, type, data }));
}

/** @returns how many events wait for a target */
function waiting({ host }: ServedResource, name: string): number {
  const { recovering, targets } = host.callExport('sonorancad', 'getForwardingStatus') as ForwardingStatus;
  return recovering ? 1 : (targets.find(({ target }) => target === name)?.queued ?? 0);
}

/** Opens the session with a CAD that believes what this server believes. */
async function connect({ host, configure }: ServedResource, cad: FakeCad, config: object): Promise<void> {
  const world = cad.world.at(1);
  world.units = OFFICERS.map((officer, index) => unitOf(officer, [3, 4, 2, 1, 4, 2, 0][index] ?? 2));
  world.dispatchCalls = [callOf(9, 1), callOf(7, 1), callOf(8, 0, [])];
  world.emergencyCalls = [emergencyCallOf(8)];
  configure({ ...config, apiSendEnabled: true, apiUrl: cad.url, publicHost: 'localhost' });
  host.execute('sonorancad reload');
  await until(
    () => cad.sessions.length > 0 && host.lines.some((line) => line.includes('The session with the CAD is open')),
  );
}

async function openPage(browser: Browser, { host }: ServedResource, options: BrowserContextOptions): Promise<Page> {
  host.execute('sonorancad inspect');
  const token = /\/#([\w-]{43})$/m.exec(host.lines.toReversed().join('\n'))?.[1] ?? '';
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(`${host.url}/sonorancad/#${token}`);
  await page.locator('.event').first().waitFor();
  return page;
}

async function save(page: Page, name: string): Promise<void> {
  // What is asked for when a view is opened has come, and plots have found their width.
  await page.waitForLoadState('domcontentloaded');
  await sleep(1_500);
  const png = (await page.screenshot()).toString('base64');
  // Half the size of a PNG. Not in the page itself, which takes no pictures.
  const encoder = await page.context().newPage();
  const webp = await encoder.evaluate<string>(`(async () => {
    const image = new Image();
    image.src = 'data:image/png;base64,${png}';
    await image.decode();
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width: image.width, height: image.height });
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', 0.45).split(',')[1];
  })()`);
  await encoder.close();
  const path = join(FOLDER, `${name}.webp`);
  writeFileSync(path, Buffer.from(webp, 'base64'));
  console.log(`${relative(projectRoot, path)}  ${Math.ceil(statSync(path).size / 1000)} kB`);
}

if (isProgram(import.meta.url)) await takePictures();
