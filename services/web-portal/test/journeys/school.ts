import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { trainee } from './trainee.js';
import { inWindow, type Journey, type World } from './world.js';

export const secretariat = 'beatrice.galli';
const place = (page: Page, name: string) => page.getByRole('navigation', { name: 'Sezioni' }).getByRole('link', { name });
const columns =
  'external_id,student_number,kind,performed_on,activities,unit,quantity,autonomy,surgical_role,participation,setting,purpose,diagnosis,procedure,simulated,period_from,period_to,credits,credited_to,state,validator,note';

/** One row of another system's logbook. */
const row = (id: string, student: string, day: string, activity: string): string =>
  `${id},${student},professional,${day},${activity},,1,guided,second-operator,,,,,,no,,,,,submitted,,"riga, ${id}"`;
export const otherSystem = (student: string, system = 'altro'): Buffer =>
  Buffer.from(
    [
      columns,
      row(`${system}-1`, student, '2026-03-02', 'CHIR-402-02'),
      row(`${system}-2`, student, '2026-03-03', 'CHIR/appendicectomia'),
      row(`${system}-3`, student, '2026-03-04', 'NON-ESISTE'),
      row(`${system}-4`, student, '2019-03-05', 'CHIR-402-02'),
      row(`${system}-5`, student, '06/03/2026', 'CHIR/ernia-inguinale'),
    ].join('\n'),
  );

const studentNumber = async (world: World): Promise<string> => {
  let found = '';
  await inWindow(world, { as: trainee }, async ({ page }) => {
    const value = page.locator('dt', { hasText: 'Matricola' }).locator('xpath=following-sibling::dd[1]');
    await value.waitFor();
    found = ((await value.textContent()) ?? '').trim();
  });
  return found;
};

const importsGoodRows = async (world: World) => {
  const buffer = otherSystem(await studentNumber(world));
  await inWindow(world, { as: secretariat }, async ({ page }) => {
    await place(page, 'Importa').click();
    await page.locator('.at-drop input[type=file]').setInputFiles({ name: 'altro-libretto.csv', mimeType: 'text/csv', buffer });
    await page.getByText('Controllo finito: non è ancora stato scritto nulla').waitFor();
    const bad = page.getByRole('table', { name: '2 righe da sistemare' });
    await bad.getByRole('row', { name: /^4 altro-3 activities/ }).waitFor();
    await bad.getByRole('row', { name: /^5 altro-4 performed_on/ }).waitFor();
    await page.getByRole('button', { name: 'Importa solo le 3 righe buone' }).click();
    await page.getByText('Importazione finita').waitFor();
    await page.getByRole('link', { name: 'Apri le registrazioni importate' }).click();
    const list = page.getByRole('table');
    await list.getByRole('row', { name: 'Marchetti Chiara' }).nth(2).waitFor();
    assert.equal(await list.getByRole('row', { name: 'Marchetti Chiara' }).count(), 3);
  });
};

const generatesReports = async (world: World) =>
  inWindow(world, { as: secretariat }, async ({ page, context }) => {
    await place(page, 'Report').click();
    for (const name of ['Marchetti Chiara', 'Caruso Anna']) await page.getByRole('checkbox', { name }).check();
    await page.getByRole('button', { name: 'Genera 2 report' }).click();
    await page.getByRole('progressbar', { name: 'Generazione dei report' }).waitFor();
    await page.getByRole('status').filter({ hasText: 'Finita' }).waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Scarica lo ZIP' }).click()]);
    const files = Object.entries(unzipSync(await readFile(await download.path())));
    assert.deepEqual(
      files.map(([name]) => name.endsWith('.pdf')),
      [true, true],
    );
    const link = await page.getByRole('link', { name: /^Apri il PDF di Marchetti Chiara/ }).getAttribute('href');
    const opened = await context.request.get(link ?? '');
    assert.equal(opened.headers()['content-type'], 'application/pdf');
    const pdf = await opened.body();
    assert.equal(pdf.subarray(0, 5).toString('latin1'), '%PDF-');
    const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
    assert.ok(files.some(([, bytes]) => hash(bytes) === hash(pdf)));
  });

type Issued = { pdf: Buffer; code: string };
/** The trainee's own report, as issued, with the code that is printed on it. */
const ownReport = async (world: World): Promise<Issued> => {
  let issued: Issued | undefined;
  await inWindow(world, { as: trainee }, async ({ page, context }) => {
    await place(page, 'Contatori').click();
    await page.getByRole('button', { name: 'Genera il PDF' }).click();
    const report = page.getByRole('region', { name: 'Report in PDF' }).getByRole('listitem').first();
    const link = await report.getByRole('link', { name: 'Apri il PDF' }).getAttribute('href');
    const [, code = ''] = /codice (\S+)/.exec((await report.textContent()) ?? '') ?? [];
    issued = { code, pdf: await (await context.request.get(link ?? '')).body() };
  });
  assert.ok(issued);
  return issued;
};

const dropOn = async (page: Page, pdf: Buffer) => {
  const dataTransfer = await page.evaluateHandle((bytes) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(atob(bytes), (byte) => byte.charCodeAt(0))], 'report.pdf', { type: 'application/pdf' }));
    return transfer;
  }, pdf.toString('base64'));
  await page.locator('.at-drop').dispatchEvent('drop', { dataTransfer });
};

const verifies = async (world: World) => {
  const { pdf, code } = await ownReport(world);
  const altered = Buffer.from(pdf);
  altered[altered.length >> 1] = (altered[altered.length >> 1] ?? 0) ^ 1;
  await inWindow(world, { at: '/verify', phone: true }, async ({ page }) => {
    const outcome = page.getByRole('status').getByRole('heading');
    const says = (words: string) => outcome.filter({ hasText: words }).waitFor();
    await dropOn(page, pdf);
    await says('Il documento è autentico');
    await dropOn(page, altered);
    await says('Il file non è uno di quelli generati qui');
    await page.getByRole('textbox', { name: 'Codice del report' }).fill(code);
    await page.getByRole('button', { name: 'Verifica', exact: true }).tap();
    await says('Il documento è autentico');
    assert.doesNotMatch((await page.locator('main').textContent()) ?? '', /Marchetti|Chiara/);
    await dropOn(page, altered);
    await says('Il file è stato modificato');
    await page.goto('/verify/NONESISTE');
    await says('Nessun documento con questo codice');
  });
};

export const schoolJourneys: readonly Journey[] = [
  {
    title: 'the secretariat looks at the fate of every row of another logbook, imports the good ones alone and opens them',
    run: importsGoodRows,
  },
  { title: 'the secretariat generates reports of several trainees, downloads them together and opens one', run: generatesReports },
  { title: 'anyone verifies a report by its file or its code, is told of a changed byte and sees no name', run: verifies },
];
