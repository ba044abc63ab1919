import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { inputsOf, inWindow, type Journey, type World } from './world.js';

export const trainee = 'chiara.marchetti';
export const recent = 'Casistica operatoria di alta chirurgia';
const searched = 'Colecistectomia videolaparoscopica (VLS)';
const onPhone = { as: trainee, phone: true, slowed: 4 } as const;

const place = (page: Page, name: string) => page.getByRole('navigation', { name: 'Sezioni' }).getByRole('link', { name });
const search = (page: Page) => page.getByRole('combobox', { name: /Cosa hai fatto|Aggiungi un’altra/ });
const send = (page: Page) => page.getByRole('button', { name: 'Salva e invia' });

/** The toast after sending names the requirement and how far it moved. */
const toldMove = async (page: Page): Promise<{ requirement: string; from: number; to: number }> => {
  const toast = page.locator('.at-toast__text', { hasText: 'provvisori' });
  await toast.waitFor();
  const [, requirement = '', from, to] = /^(.*): (\d+) → (\d+) provvisori$/.exec((await toast.textContent()) ?? '') ?? [];
  return { requirement, from: Number(from), to: Number(to) };
};

const provisionalOnScreen = async (page: Page, requirement: string): Promise<number> => {
  await place(page, 'Contatori').tap();
  const figures = page.getByRole('button', { name: requirement }).locator('.at-counter__figures .at-rows__note');
  await figures.waitFor();
  return Number(/^Provvisorio: (\d+)/.exec((await figures.textContent()) ?? '')?.[1]);
};

const isSent = async (page: Page, activity: string) => {
  await page.getByRole('heading', { name: 'Il mio libretto' }).waitFor();
  const row = page.locator('main li', { hasText: activity }).filter({ hasText: 'In attesa' }).first();
  await row.waitFor();
};

const sendsRecent = (world: World) =>
  inWindow(world, onPhone, async ({ page }) => {
    await place(page, 'Registra').tap();
    await page.getByRole('button', { name: recent }).tap();
    await send(page).tap();
    await isSent(page, recent);
    const counted = await inputsOf(page);
    const moved = await toldMove(page);
    assert.ok(counted.taps <= 4 && counted.letters + counted.keys === 0, JSON.stringify(counted));
    assert.equal(moved.to, moved.from + 1);
    assert.equal(await provisionalOnScreen(page, moved.requirement), moved.to);
  });

const sendsSearched = (world: World) =>
  inWindow(world, onPhone, async ({ page }) => {
    await place(page, 'Registra').tap();
    await search(page).tap();
    await page.keyboard.type('coleci');
    await page.getByRole('option', { name: searched }).tap();
    await page.getByRole('radio', { name: 'Secondo operatore' }).tap();
    await send(page).tap();
    await isSent(page, searched);
    const counted = await inputsOf(page);
    const moved = await toldMove(page);
    assert.ok(counted.taps + counted.keys <= 8 && counted.letters <= 6, JSON.stringify(counted));
    assert.equal(counted.letters, 6);
    assert.equal(await provisionalOnScreen(page, moved.requirement), moved.to);
  });

const typos = [
  ['apendicectomia', 'Appendicectomia'],
  ['colecs', searched],
  ['tiroidetc', 'Tiroidectomia totale'],
  ['ernia', 'Ernioplastica inguinale'],
] as const;
const forgivesTypos = (world: World) =>
  inWindow(world, { as: trainee, phone: true, at: '/logbook/new' }, async ({ page }) => {
    for (const [typed, meant] of typos) {
      await search(page).fill(typed);
      await page.getByRole('option', { name: meant }).waitFor();
    }
  });

const keepsDraft = (world: World) =>
  inWindow(world, { as: trainee, phone: true, at: '/logbook/new' }, async ({ page }) => {
    await search(page).fill('appendi');
    await page.getByRole('option', { name: 'Appendicectomia' }).tap();
    await page.getByText('Altri dettagli').tap();
    await page.getByRole('textbox', { name: 'Nota' }).fill('urgenza notturna');
    await page.reload();
    await page.getByRole('group', { name: 'Attività scelte' }).getByText('Appendicectomia').waitFor();
    if (!(await page.getByRole('textbox', { name: 'Nota' }).isVisible())) await page.getByText('Altri dettagli').tap();
    assert.equal(await page.getByRole('textbox', { name: 'Nota' }).inputValue(), 'urgenza notturna');
    await page.getByRole('radio', { name: 'Primo operatore' }).tap();
    await page.getByRole('button', { name: 'Bozza', exact: true }).tap();
    await page.getByText('Bozza salvata.').waitFor();
    await page.getByRole('link', { name: /^Bozze/ }).tap();
    await page.locator('main li', { hasText: 'Appendicectomia' }).first().tap();
    await page.getByText('urgenza notturna').waitFor();
  });

const readsWhyRejected = (world: World) =>
  inWindow(world, { as: trainee, phone: true, at: '/logbook?state=rejected' }, async ({ page }) => {
    await page.locator('main li', { hasText: 'Manca il ruolo esatto' }).tap();
    await page.getByText('Perché è stata rifiutata:').waitFor();
    await page.getByText('Manca il ruolo esatto').first().waitFor();
    await assert.rejects(page.getByRole('link', { name: 'Modifica' }).waitFor({ timeout: 500 }));
  });

/** A phone of 390 px whose processor is four times slower. */
export const traineeJourneys: readonly Journey[] = [
  { title: 'a trainee sends a recent activity in at most 4 taps and sees the provisional counter move [issue:1]', run: sendsRecent },
  { title: 'a trainee sends a searched activity in at most 8 actions and 6 letters [issue:1]', run: sendsSearched },
  { title: 'a search forgives typos, also in a word that is not finished', run: forgivesTypos },
  { title: 'what a trainee typed survives a reload and becomes a draft', run: keepsDraft },
  { title: 'a rejected entry says why and cannot be edited', run: readsWhyRejected },
];
