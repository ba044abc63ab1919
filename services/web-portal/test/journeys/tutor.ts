import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { recent, trainee } from './trainee.js';
import { inWindow, open, type Journey, type Window, type World } from './world.js';

export const tutor = 'elia.barbieri';
const traineeName = 'Marchetti Chiara';
const reason = 'Manca il ruolo esatto: correggi e invia di nuovo';

const figures = { definitive: '.at-counter__figures strong', provisional: '.at-counter__figures .at-rows__note' };
type Figures = keyof typeof figures;
const texts = (page: Page, which: Figures): Promise<string[]> => page.locator(figures[which]).allTextContents();
/** Waits until the figures on the page differ from, or are again, the ones given; the page moves by itself. */
const become = (page: Page, which: Figures, given: readonly string[], same: boolean) =>
  page.waitForFunction(
    ({ selector, old, wanted }) =>
      (JSON.stringify([...document.querySelectorAll(selector)].map((each) => each.textContent)) === old) === wanted,
    { selector: figures[which], old: JSON.stringify(given), wanted: same },
  );

/** The counters page of the trainee, left open; `check` asserts that it was never loaded again. */
const openCounters = async (world: World): Promise<Window & { check(): Promise<void> }> => {
  const window = await open(world, { as: trainee });
  const { page } = window;
  await page.getByRole('navigation', { name: 'Sezioni' }).getByRole('link', { name: 'Contatori' }).click();
  await page.locator(figures.definitive).first().waitFor();
  await page.evaluate(() => Object.assign(globalThis, { sameLoad: true }));
  return { ...window, check: async () => assert.equal(await page.evaluate(() => 'sameLoad' in globalThis), true) };
};

const sendsOne = (world: World) =>
  inWindow(world, { as: trainee, at: '/logbook/new' }, async ({ page }) => {
    await page.getByRole('button', { name: recent }).click();
    await page.getByRole('button', { name: 'Salva e invia' }).click();
    await page.getByRole('heading', { name: 'Il mio libretto' }).waitFor();
  });

const ticks = (page: Page) => page.getByRole('checkbox', { name: new RegExp(`^Seleziona: .*${traineeName}`) });
const validatesTwoAndUndoes = async (page: Page, moved: () => Promise<unknown>) => {
  await ticks(page).first().waitFor();
  const waiting = await ticks(page).count();
  for (const line of [0, 1]) await ticks(page).nth(line).check();
  await page.getByRole('button', { name: 'Convalida 2' }).click();
  const sheet = page.getByRole('dialog', { name: 'Convalidare 2 registrazioni?' });
  await sheet.getByText(`${traineeName} (2)`).waitFor();
  await sheet.getByText('Quali giorni').waitFor();
  await sheet.getByText(/insolito|da guardare meglio/).waitFor();
  await sheet.getByRole('button', { name: 'Convalida 2' }).click();
  await page.getByText('2 registrazioni convalidate').waitFor();
  await moved();
  await page.getByRole('button', { name: 'Annulla' }).click();
  await page.getByText('2 registrazioni aspettano di nuovo').waitFor();
  await ticks(page)
    .nth(waiting - 1)
    .waitFor();
};

const movesOpenCounters = async (world: World) => {
  const counters = await openCounters(world);
  const sent = await texts(counters.page, 'provisional');
  await sendsOne(world);
  await become(counters.page, 'provisional', sent, false);
  const validated = await texts(counters.page, 'definitive');
  await inWindow(world, { as: tutor, at: '/validation' }, ({ page }) =>
    validatesTwoAndUndoes(page, () => become(counters.page, 'definitive', validated, false)),
  );
  await become(counters.page, 'definitive', validated, true);
  await counters.check();
  await counters.close();
};

const byKeys = async (world: World) => {
  const counters = await openCounters(world);
  const before = await texts(counters.page, 'definitive');
  await inWindow(world, { as: tutor, at: '/validation' }, async ({ page }) => {
    await ticks(page).first().waitFor();
    const total = await page.locator('.at-line').count();
    for (let line = 0; line < total; line++) {
      await page.keyboard.press('j');
      if (await page.evaluate((name) => document.activeElement?.getAttribute('aria-label')?.includes(name), traineeName)) break;
    }
    await page.keyboard.press('v');
    await page.getByText('1 registrazione convalidata').waitFor();
    await become(counters.page, 'definitive', before, false);
  });
  await counters.check();
  await counters.close();
};

const givesBack = async (world: World) => {
  await inWindow(world, { as: tutor, at: '/validation' }, async ({ page }) => {
    await page
      .locator('.at-line', { has: ticks(page) })
      .first()
      .getByRole('link')
      .click();
    await page.getByRole('button', { name: 'Rimanda' }).click();
    const sheet = page.getByRole('dialog', { name: 'Rimandare allo specializzando?' });
    await sheet.getByRole('button', { name: 'Rimanda' }).click();
    await sheet.getByText('Scrivi il motivo').first().waitFor();
    await sheet.getByRole('textbox', { name: 'Motivo' }).fill(reason);
    await sheet.getByRole('button', { name: 'Rimanda' }).click();
    await page.getByText('Rimandata allo specializzando.').waitFor();
  });
  await inWindow(world, { as: trainee, phone: true, at: '/logbook?state=draft' }, async ({ page }) => {
    await page.locator('main li', { hasText: reason }).getByRole('link').tap();
    await page.getByText('Perché è tornata:').waitFor();
    await page.getByRole('link', { name: 'Modifica' }).tap();
    await page.getByRole('heading', { name: 'Modifica' }).waitFor();
    await page.getByText(`Perché è tornata: ${reason}`).waitFor();
    await page.getByRole('button', { name: 'Salva e invia' }).tap();
    await page.getByText('In attesa').first().waitFor();
  });
};

const focused = (page: Page) => page.evaluate(() => document.activeElement !== document.body);

/** The words hold J, K, X, V and R: each acts on the page where it is not a letter of a text. */
const typesAReason = (world: World) =>
  inWindow(world, { as: tutor, at: '/validation' }, async ({ page }) => {
    const words = 'manca il verbale, xke? riveda jk vr';
    const lines = page.locator('.at-line');
    await ticks(page).first().waitFor();
    const waiting = await lines.count();
    await page.keyboard.press('j');
    await page.keyboard.press('r');
    const sheet = page.getByRole('dialog', { name: 'Rimandare allo specializzando?' });
    await sheet.waitFor();
    await page.keyboard.type(words);
    const field = sheet.getByRole('textbox', { name: 'Motivo' });
    assert.equal(await field.inputValue(), words);
    await page.keyboard.press('Escape');
    await sheet.getByRole('alertdialog').waitFor();
    await page.keyboard.press('Enter');
    assert.equal(await field.inputValue(), words);
    await page.keyboard.press('Escape');
    await sheet.getByRole('button', { name: 'Chiudi senza salvare' }).click();
    await sheet.waitFor({ state: 'detached' });
    await page.keyboard.type('vrv');
    assert.ok(await focused(page), 'the focus is lost after a sheet was left');
    assert.equal(await page.getByRole('dialog').count(), 0);
    assert.equal(await lines.count(), waiting);
    await page.waitForTimeout(1_000);
    await page.keyboard.press('r');
    await page.keyboard.type(words);
    await page.keyboard.press('Control+Enter');
    await page.getByText('Rimandata allo specializzando.').waitFor();
    await page.waitForFunction((before) => document.querySelectorAll('.at-line').length < before, waiting);
    assert.ok(await focused(page), 'the focus is lost after the row left');
  });

export const tutorJourneys: readonly Journey[] = [
  {
    title: 'an entry is sent, validated with others after a preview and given back to wait: the counters page left open follows each step',
    run: movesOpenCounters,
  },
  { title: 'a tutor validates with the keyboard alone, and the counters page left open moves', run: byKeys },
  { title: 'an entry comes back with its reason, which stands above the form until it is sent again', run: givesBack },
  {
    title:
      'a reason that holds the letters of the shortcuts is text and nothing else; leaving it asks, Ctrl+Enter sends it, and the focus is never lost [issue10:1]',
    run: typesAReason,
  },
];
