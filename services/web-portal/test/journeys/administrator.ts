import assert from 'node:assert/strict';
import { inWindow, type Journey, type World } from './world.js';

export const administrator = 'tommaso.rizzi';
const services = ['Gateway', 'Identità', 'Rete delle scuole', 'Carriere', 'Libretto', 'Contatori e report'];

const looksAtTheSystem = (world: World) =>
  inWindow(world, { as: administrator }, async ({ page }) => {
    await page.getByRole('link', { name: /^Stato del sistema/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Stato del sistema' }).waitFor();
    const table = page.getByRole('table', { name: /^Le istanze di ogni servizio/ });
    for (const service of services) await table.getByRole('row', { name: service }).getByText('Pronta').waitFor();
    await page.getByText('Niente è messo da parte').waitFor();
    await page.getByText('Tutte le viste sono in pari').waitFor();
    const asked = await page.waitForResponse((response) => response.url().endsWith('/api/operator/status'));
    assert.equal(asked.status(), 200);
    await page.locator('section[aria-labelledby=versions] summary', { hasText: 'Libretto' }).press('Enter');
    await page.getByText('entry-recorded v1').waitFor();
  });

export const administratorJourneys: readonly Journey[] = [
  { title: 'the administrator sees every service, what is behind and what waits, kept up to date [issue4:5]', run: looksAtTheSystem },
];
