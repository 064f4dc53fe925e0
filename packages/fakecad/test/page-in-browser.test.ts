import { afterEach, describe, expect, it } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';
import { findProgram } from '../../../scripts/jest/programs.ts';
import { until } from '../../../test/until.ts';
import { closeCads, startCad } from './started-cads.ts';

const CHROMIUM = findProgram('chromium');
let browser: Browser | null = null;
afterEach(async () => {
  await browser?.close();
  await closeCads();
});

describe('the page of the pretend CAD in a browser', () => {
  (CHROMIUM === null ? it.skip : it)(
    'fires the sample of each type by one click, and says what came of it',
    async () => {
      const cad = await startCad();
      browser = await chromium.launch({ executablePath: String(CHROMIUM), args: ['--no-sandbox'] });
      const page = await browser.newPage();
      await page.goto(cad.url);
      for (const { type } of cad.samples) await page.getByRole('button', { name: type, exact: true }).click();
      await until(() => cad.pushes.length === cad.samples.length);
      expect(cad.pushes.map(({ type }) => type)).toEqual(cad.samples.map(({ type }) => type));
      await page.getByRole('status').getByText('did not get through').waitFor();
    },
  );
});
