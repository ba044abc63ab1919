import { Note } from '@ateneo/ui';
import { useEffect } from 'react';
import { announceSignIn } from '../../api/session-end.js';
import { useLanguage } from '../../i18n/language.js';
import { Page } from '../../shell/page.js';

/** Where the small window of a renewed sign-in ends: it tells the page that waits, and closes. */
export const Component = () => {
  const { t } = useLanguage();
  useEffect(() => {
    announceSignIn();
    window.close();
  }, []);
  return (
    <Page title={t('session.back')}>
      <Note look="positive">{t('session.close-this')}</Note>
    </Page>
  );
};
