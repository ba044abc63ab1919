import { buttonClass, EmptyState } from '@ateneo/ui';
import { Link } from 'react-router';
import { useLanguage } from '../i18n/language.js';
import { Page } from './page.js';

export const NotFound = () => {
  const { t } = useLanguage();
  return (
    <Page title={t('not-found.title')}>
      <div className="at-card">
        <EmptyState
          icon="search"
          title={t('not-found.what')}
          act={
            <Link to="/" className={buttonClass({ look: 'primary' })}>
              {t('not-found.act')}
            </Link>
          }
        >
          {t('not-found.why')}
        </EmptyState>
      </div>
    </Page>
  );
};
