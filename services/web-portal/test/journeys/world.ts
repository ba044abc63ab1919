import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { startPlatform, type RunningPlatform } from '@ateneo/workspace/platform';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** One platform with the demo data and one browser; each journey opens windows of its own. */
export type World = { readonly platform: RunningPlatform; readonly browser: Browser; stop(): Promise<void> };
export type Journey = { readonly title: string; run(world: World): Promise<void> };
export type Window = { readonly page: Page; readonly context: BrowserContext; close(): Promise<void> };
type WindowOptions = { as?: string; at?: string; phone?: boolean; locale?: 'it' | 'en'; slowed?: number };

const PATIENCE_MS = 30_000;
export const phone = { width: 390, height: 844 };
export const desk = { width: 1280, height: 900 };

/** Where Chromium is on this machine; undefined where there is none. */
export const chromiumPath = (): string | undefined =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/bin']
    .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
    .find(existsSync);

export const startWorld = async (): Promise<World> => {
  const platform = await startPlatform({ seed: 'demo' });
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  return {
    platform,
    browser,
    stop: async () => {
      await browser.close();
      await platform.stop();
    },
  };
};

/** Collects what a page must never do: errors on its console, refused content, requests to another host. */
const watch = (page: Page, origin: string): string[] => {
  const faults: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`thrown: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (/^(https?|wss?):/.test(url) && new URL(url).origin !== origin) faults.push(`another host: ${url}`);
  });
  return faults;
};

/** Counts what a hand does: taps, letters typed, other keys. */
const countInputs = () => {
  const count = { taps: 0, letters: 0, keys: 0 };
  Object.assign(window, { inputs: count });
  const seen = (event: Event, note: () => void) => event.isTrusted && note();
  addEventListener('pointerdown', (event) => seen(event, () => (count.taps += 1)), true);
  addEventListener('keydown', (event) => seen(event, () => (event.key.length === 1 ? (count.letters += 1) : (count.keys += 1))), true);
};
export const inputsOf = (page: Page) =>
  page.evaluate(() => (window as unknown as { inputs: { taps: number; letters: number; keys: number } }).inputs);

/** A browser window of a demo person (nobody without `as`), open at a page; it fails the journey on close for anything that `watch` saw. */
export const open = async (
  world: World,
  { as, at = '/home', phone: small = false, locale = 'it', slowed = 1 }: WindowOptions,
): Promise<Window> => {
  const { url } = world.platform;
  const context = await world.browser.newContext({
    baseURL: url,
    locale: locale === 'it' ? 'it-IT' : 'en-GB',
    timezoneId: 'Europe/Rome',
    viewport: small ? phone : desk,
    hasTouch: small,
    isMobile: small,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const faults = watch(page, new URL(url).origin);
  await page.addInitScript(countInputs);
  if (slowed > 1) await (await context.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: slowed });
  await page.goto(as ? `/auth/sign-in?${new URLSearchParams({ as, return: at })}` : at);
  await page.locator('main h1').waitFor();
  const close = async () => {
    await context.close();
    assert.deepEqual(faults, []);
  };
  return { page, context, close };
};

/** Runs a journey in a window and closes it, whatever happens. */
export const inWindow = async (world: World, options: WindowOptions, journey: (window: Window) => Promise<void>): Promise<void> => {
  const window = await open(world, options);
  try {
    await journey(window);
  } catch (error) {
    await window.context.close();
    throw error;
  }
  await window.close();
};
