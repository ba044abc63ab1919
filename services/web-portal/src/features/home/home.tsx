import type { Role } from '@ateneo/contracts';
import { Note } from '@ateneo/ui';
import { lazy, Suspense, type ComponentType } from 'react';
import { useLanguage } from '../../i18n/language.js';
import { Page } from '../../shell/page.js';
import { useViewer } from '../../shell/viewer.js';

const homes: Partial<Record<Role, ComponentType>> = {
  trainee: lazy(() => import('./trainee-home.js')),
  tutor: lazy(() => import('./tutor-home.js')),
  director: lazy(() => import('./school-home.js')),
  'school-secretariat': lazy(() => import('./school-home.js')),
  'university-secretariat': lazy(() => import('./university-home.js')),
  administrator: lazy(() => import('./university-home.js')),
};

/** `/home`: for each role the next thing to do first. */
export const Component = () => {
  const { t } = useLanguage();
  const { me, role } = useViewer();
  const Home = role && homes[role];
  return (
    <Page title={t('home.hello', { name: me.givenName })} lead={role && t(`home.${role}`)}>
      {Home ? (
        <Suspense>
          <Home />
        </Suspense>
      ) : (
        <Note look="caution">{t('home.no-profile')}</Note>
      )}
    </Page>
  );
};
