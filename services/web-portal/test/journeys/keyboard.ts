import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { otherSystem, secretariat } from './school.js';
import { inputsOf, inWindow, type Journey, type World } from './world.js';

const MOST_TABS = 120;
const holdsFocus = (target: Locator): Promise<boolean> => target.evaluate((element) => element === document.activeElement);

/** Tab until the element holds the focus, which must be seen. */
const reach = async (page: Page, target: Locator): Promise<void> => {
  await target.waitFor();
  for (let tabs = 0; !(await holdsFocus(target)); tabs++) {
    assert.ok(tabs < MOST_TABS, `${String(target)} is not reached with Tab`);
    await page.keyboard.press('Tab');
  }
  const seen = await target.evaluate((element) => {
    const { outlineStyle, boxShadow } = getComputedStyle(element);
    return element.matches(':focus-visible') && (outlineStyle !== 'none' || boxShadow !== 'none');
  });
  assert.ok(seen, `${String(target)} holds the focus and does not show it`);
};
const press = async (page: Page, target: Locator, key = 'Enter'): Promise<void> => {
  await reach(page, target);
  await page.keyboard.press(key);
};
const withoutPointer = async (page: Page): Promise<void> => assert.equal((await inputsOf(page)).taps, 0);
const link = (page: Page, name: string | RegExp) => page.getByRole('link', { name });

const signsInAndLogs = (world: World) =>
  inWindow(world, { at: '/' }, async ({ page }) => {
    await press(page, link(page, /^Anna Caruso/));
    await page.waitForURL('**/home');
    await press(page, page.getByRole('navigation', { name: 'Sezioni' }).getByRole('link', { name: 'Registra' }));
    await reach(page, page.getByRole('combobox', { name: 'Cosa hai fatto?' }));
    await page.keyboard.type('lezione');
    await page.getByRole('option', { name: 'Lezione frontale' }).waitFor();
    await page.keyboard.press('Enter');
    await press(page, page.getByRole('button', { name: 'Salva e invia' }));
    await page.getByRole('heading', { name: 'Il mio libretto' }).waitFor();
    await page.locator('main li', { hasText: 'Lezione frontale' }).filter({ hasText: 'In attesa' }).first().waitFor();
    await withoutPointer(page);
  });

const imports = (world: World) =>
  inWindow(world, { as: secretariat }, async ({ page }) => {
    await press(page, page.getByRole('navigation', { name: 'Sezioni' }).getByRole('link', { name: 'Importa' }));
    const chooser = page.waitForEvent('filechooser');
    await press(page, page.getByRole('button', { name: 'Scegli il file' }));
    await (await chooser).setFiles({ name: 'tastiera.csv', mimeType: 'text/csv', buffer: otherSystem('000000', 'tasti') });
    await page.getByText('Controllo finito').waitFor();
    await press(page, page.getByRole('button', { name: 'Scarica le righe da sistemare (CSV)' }));
    await press(page, link(page, 'Un altro file'));
    await page.getByRole('button', { name: 'Scegli il file' }).waitFor();
    await withoutPointer(page);
  });

/** The main acts without a pointer; validating stands with the tutor's. */
export const keyboardJourneys: readonly Journey[] = [
  { title: 'a trainee signs in and logs an activity with the keyboard alone, the focus always in sight', run: signsInAndLogs },
  { title: 'the secretariat imports with the keyboard alone', run: imports },
];
