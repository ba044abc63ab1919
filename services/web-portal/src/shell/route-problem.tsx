import { Button, ProblemPanel } from '@ateneo/ui';
import { useLanguage } from '../i18n/language.js';
import { Page } from './page.js';

/** A page that broke: an update of the portal while it was open, or a defect. Reloading helps with both. */
export const RouteProblem = () => {
  const { t } = useLanguage();
  return (
    <Page title={t('problem.title')}>
      <ProblemPanel
        title={t('problem.page')}
        what={t('problem.page-why')}
        act={
          <Button look="primary" onClick={() => location.reload()}>
            {t('problem.reload')}
          </Button>
        }
      />
    </Page>
  );
};
