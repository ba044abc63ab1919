import { createBrowserRouter } from 'react-router';
import { FEATURES } from './features.generated.js';
import { Layout } from './shell/layout.js';
import { NotFound } from './shell/not-found.js';
import { RouteProblem } from './shell/route-problem.js';
import { SignedIn } from './shell/signed-in.js';

/** Every screen: a chunk of its own that exports `Component`. */
export const router = createBrowserRouter([
  {
    element: <Layout />,
    HydrateFallback: () => null,
    errorElement: <RouteProblem />,
    children: [
      {
        errorElement: <RouteProblem />,
        children: [
          { path: '/', lazy: () => import('./features/identity/front-page.js') },
          { path: '/verify', lazy: () => import('./features/reporting/verify.js') },
          { path: '/verify/:code', lazy: () => import('./features/reporting/verify.js') },
          { path: '/signed-in-again', lazy: () => import('./features/identity/signed-in-again.js') },
          {
            element: <SignedIn />,
            children: [
              { path: '/home', lazy: () => import('./features/home/home.js') },
              { path: '/logbook', lazy: () => import('./features/logbook/my-entries.js') },
              { path: '/logbook/new', lazy: () => import('./features/logbook/new-entry/new-entry.js') },
              { path: '/logbook/:entryId', lazy: () => import('./features/logbook/entry/entry-page.js') },
              { path: '/logbook/:entryId/edit', lazy: () => import('./features/logbook/new-entry/amend-entry.js') },
              { path: '/counters/:traineeId', lazy: () => import('./features/reporting/counters/counters-page.js') },
              { path: '/validation', lazy: () => import('./features/validation/waiting.js') },
              { path: '/validation/:entryId', lazy: () => import('./features/validation/entry/waiting-entry.js') },
              { path: '/school/:school/trainees', lazy: () => import('./features/school/trainees/trainees.js') },
              { path: '/school/:school/trainees/:trainee', lazy: () => import('./features/school/trainee/trainee-page.js') },
              { path: '/school/:school/entries', lazy: () => import('./features/school/entries.js') },
              { path: '/school/:school/entries/:entryId', lazy: () => import('./features/validation/entry/waiting-entry.js') },
              { path: '/school/:school/reports', lazy: () => import('./features/school/reports/reports.js') },
              { path: '/school/:school/import', lazy: () => import('./features/school/import/import-page.js') },
              { path: '/school/:school/dashboard', lazy: () => import('./features/school/dashboard.js') },
              ...FEATURES.flatMap(({ routes }) => routes),
              { path: '/me', lazy: () => import('./features/identity/me.js') },
              { path: '/admin/system', lazy: () => import('./features/system/system-page.js') },
              { path: '/admin/ui', lazy: () => import('./features/ui-stories/ui-stories.js') },
            ],
          },
          { path: '*', element: <NotFound /> },
        ],
      },
    ],
  },
]);
