import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe } from '@jest/globals';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findProgram } from '../../scripts/jest/programs.ts';
import type { ServedResource } from '../serve-resource.ts';

const CHROMIUM = findProgram('chromium');

/** As `describe`, where there is a Chromium; `npm test` says what was left out without one. */
export const describeWithChromium = CHROMIUM === null ? describe.skip : describe;

/** Starts Chromium with a profile of its own, and without what it does by itself over the network. */
export function openBrowser(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
  return chromium.launch({
    executablePath: CHROMIUM ?? '',
    args: [...args, '--disable-component-update', '--disable-sync'],
  });
}

/** @returns the token of a link that the server's console has printed just now */
export function tokenOf({ host }: ServedResource): string {
  host.execute('sonorancad inspect');
  const token = host.lines.map((line) => /\/#([\w-]{43})$/.exec(line)?.[1]).findLast((found) => found !== undefined);
  if (token === undefined) throw new Error('"sonorancad inspect" printed no link.');
  return token;
}

/** A page in a window of its own, and what went wrong in it. */
export interface OpenPage {
  readonly page: Page;
  /** Uncaught errors, and what the browser's console said. */
  readonly complaints: string[];
  /** Addresses that were asked, without the token: it is in none. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** Of a window, unless another one is wanted. */
export const WIDE = { width: 1280, height: 800 };

/** Opens the page with a link. */
export async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: WIDE, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(address);
  return { page, complaints, asked, close: () => context.close() };
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** @returns what axe-core finds wrong with what is shown, a line each */
export async function axeFindings(page: Page): Promise<string[]> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(AXE);
  const run = `axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html }) => id + ': ' + help + ': ' + html.slice(0, 200))))`;
  return page.evaluate<string[]>(run);
}
