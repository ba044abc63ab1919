import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { administrator } from './administrator.js';
import { secretariat } from './school.js';
import { trainee } from './trainee.js';
import { tutor } from './tutor.js';
import { desk, inWindow, type Journey, type World } from './world.js';

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** It shows a skeleton for ever, among the components. */
const storyPage = '/admin/ui';
const widths = [390, 1280];
const themes = ['light', 'dark'] as const;
/** WCAG 1.4.10: a page of 1280 px at 400 % zoom. */
const narrowest = 320;

type Ids = { me: string; school: string };
type Get = (path: string) => Promise<unknown>;
/** An address, and what is opened there before it is looked at. */
type Stop = string | { path: string; opened: (page: Page) => Promise<unknown> };
type Visitor = { who: string; as?: string; stops: (get: Get, ids: Ids) => Promise<Stop[]> };

type Entries = { entries: { entryId: string; traineeId: string }[] };
const entryOf = async (get: Get, query: string) => {
  const { entries } = (await get(`/logbook/entries?size=1&${query}`)) as Entries;
  assert.ok(entries[0], `no entry for ${query}`);
  return entries[0];
};

const firstRow = (page: Page) =>
  page
    .locator('.at-counter')
    .first()
    .click()
    .then(() => page.locator('.at-counter[aria-expanded=true]').waitFor());
const filledForm = (page: Page) =>
  page
    .locator('section[aria-labelledby=recent] button')
    .first()
    .click()
    .then(() => page.locator('.at-picked').waitFor());
const sheet = async (page: Page): Promise<void> => {
  await page.locator('.at-line input').first().check();
  await page.locator('.at-chosen .at-btn--primary').click();
  await page.locator('dialog[open] .at-facts').waitFor();
};
const eventVersions = (page: Page) => page.locator('section[aria-labelledby=versions] summary').first().click();
const chosenBar = (page: Page) => page.locator('tbody input[type=checkbox]').first().check();

const visitors: readonly Visitor[] = [
  { who: 'anyone', stops: async () => ['/', '/verify', '/verify/NONESISTE', '/home', '/nothing-here', '/signed-in-again'] },
  {
    who: 'a trainee',
    as: trainee,
    stops: async (get, { me }) => {
      const [draft, rejected] = [await entryOf(get, 'state=draft'), await entryOf(get, 'state=rejected')];
      return [
        '/home',
        '/logbook',
        '/logbook?state=rejected',
        '/logbook/new',
        { path: '/logbook/new', opened: filledForm },
        `/logbook/${rejected.entryId}`,
        `/logbook/${draft.entryId}/edit`,
        { path: `/counters/${me}`, opened: firstRow },
        '/me',
        '/admin/ui',
      ];
    },
  },
  {
    who: 'a tutor',
    as: tutor,
    stops: async (get) => {
      const { entryId, traineeId } = await entryOf(get, 'state=submitted');
      return ['/home', '/validation', { path: '/validation', opened: sheet }, `/validation/${entryId}`, `/counters/${traineeId}`];
    },
  },
  {
    who: 'a director',
    as: 'agnese.sala',
    stops: async (_, { school }) => ['/home', '/validation?kind=all', `/school/${school}/trainees`, `/school/${school}/dashboard`],
  },
  {
    who: 'a school secretariat',
    as: secretariat,
    stops: async (get, { school }) => {
      const { entryId, traineeId } = await entryOf(get, `schoolId=${school}&state=validated`);
      const pages = [
        'trainees',
        `trainees/${traineeId}`,
        `entries?trainee=${traineeId}`,
        `entries/${entryId}`,
        'reports',
        'import',
        'dashboard',
      ];
      return ['/home', ...pages.map((page) => `/school/${school}/${page}`), { path: `/school/${school}/reports`, opened: chosenBar }];
    },
  },
  { who: 'the university secretariat', as: 'elia.ottl', stops: async () => ['/home'] },
  { who: 'an administrator', as: administrator, stops: async () => ['/home', '/me', { path: '/admin/system', opened: eventVersions }] },
];

const idsOf = async (get: Get): Promise<Ids> => {
  const { personId, profiles } = (await get('/me')) as { personId: string; profiles: { schoolId: string | null }[] };
  return { me: personId, school: profiles[0]?.schoolId ?? '' };
};

/** Until what the page asked for is on it. */
const settled = async (page: Page, path: string): Promise<void> => {
  await page.locator('main h1').waitFor();
  if (path === storyPage) return;
  await page.waitForFunction(() => document.querySelector('.at-skeleton, [aria-busy="true"]') === null);
};

const rulesOfColour = ['color-contrast', 'link-in-text-block'];
/** Every rule in the light theme; in the dark one the same page differs in its colours alone. */
const violations = (page: Page, theme: (typeof themes)[number]): Promise<string[]> =>
  page.evaluate(
    async (rules) => {
      const { axe: checker } = window as unknown as { axe: typeof axe };
      const found = await checker.run(document, {
        resultTypes: ['violations'],
        preload: false,
        ...(rules && { runOnly: { type: 'rule', values: rules } }),
      });
      return found.violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${(failureSummary ?? '').replaceAll('\n', ' ')}`),
      );
    },
    theme === 'dark' ? rulesOfColour : null,
  );

const findings = async (page: Page, path: string): Promise<string[]> => {
  const found: string[] = [];
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme });
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      found.push(...(await violations(page, theme)).map((each) => `${path} ${theme} ${width}: ${each}`));
    }
  }
  await page.setViewportSize({ width: narrowest, height: 900 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  if (wide > narrowest) found.push(`${path}: scrolls sideways at ${narrowest} px (${wide} px wide)`);
  return found;
};

const policyOf = async (context: BrowserContext): Promise<void> => {
  const policy = (await context.request.get('/')).headers()['content-security-policy'] ?? '';
  for (const directive of [/default-src 'self'|default-src 'none'/, /frame-ancestors 'none'/, /object-src 'none'|default-src 'none'/])
    assert.match(policy, directive);
  assert.doesNotMatch(policy, /unsafe-(inline|eval)/);
};

const visits = (world: World, { as, stops }: Visitor, locale: 'it' | 'en') =>
  inWindow(world, { as, at: as ? '/home' : '/', locale }, async ({ page, context }) => {
    await policyOf(context);
    await page.addInitScript({ path: axeFile });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const get: Get = async (path) => (await context.request.get(`/api${path}`)).json();
    const found: string[] = [];
    for (const stop of await stops(get, as ? await idsOf(get) : { me: '', school: '' })) {
      const { path, opened } = typeof stop === 'string' ? { path: stop, opened: undefined } : stop;
      await page.setViewportSize(desk);
      await page.goto(path);
      await settled(page, path);
      await opened?.(page);
      found.push(...(await findings(page, `${locale} ${path}`)));
    }
    assert.deepEqual(found, []);
  });

/** WCAG 2.2 AA and the browser's own complaints on every page of a person. */
export const pageJourneys: readonly Journey[] = visitors.map((visitor) => ({
  title: `the pages of ${visitor.who} have no accessibility violation, no console error, no foreign request; both languages and themes, 390 and 1280 px [portal:4]`,
  run: async (world) => {
    await Promise.all([visits(world, visitor, 'it'), visits(world, visitor, 'en')]);
  },
}));
