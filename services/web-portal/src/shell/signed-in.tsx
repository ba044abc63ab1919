import { buttonClass, EmptyState } from '@ateneo/ui';
import { Outlet, useLocation } from 'react-router';
import { useLanguage } from '../i18n/language.js';
import { Page } from './page.js';
import { useKnownViewer } from './viewer.js';

/** The address that signs in and comes back to where the person was going. */
export const signInAddress = (back: string, as?: string): string =>
  `/auth/sign-in?${new URLSearchParams({ ...(as ? { as } : {}), return: back })}`;

/** Pages for signed-in people; anyone else is asked to sign in and comes back here. */
export const SignedIn = () => {
  const { t } = useLanguage();
  const { pathname, search } = useLocation();
  const known = useKnownViewer();
  if (known.is === 'person') return <Outlet />;
  return (
    <Page title={t('sign-in.title')}>
      <div className="at-card">
        <EmptyState
          icon="person"
          title={t('sign-in.needed')}
          act={
            <a href={signInAddress(pathname + search)} className={buttonClass({ look: 'primary' })}>
              {t('sign-in.act')}
            </a>
          }
        >
          {t('sign-in.comes-back')}
        </EmptyState>
      </div>
    </Page>
  );
};
