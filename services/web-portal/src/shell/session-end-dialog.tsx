import { Button, Dialog } from '@ateneo/ui';
import { useEffect, useState } from 'react';
import { giveUpSigningIn, watchSession } from '../api/session-end.js';
import { useLanguage } from '../i18n/language.js';
import { signInAddress } from './signed-in.js';

/** The session ended: sign in again in a small window and go on, with everything typed still in place. */
export const SessionEndDialog = () => {
  const { t } = useLanguage();
  const [ended, setEnded] = useState(false);
  useEffect(
    () =>
      watchSession(
        () => setEnded(true),
        () => setEnded(false),
      ),
    [],
  );
  const giveUp = () => {
    setEnded(false);
    giveUpSigningIn();
  };
  const signIn = () => window.open(signInAddress('/signed-in-again'), 'ateneo-sign-in', 'popup,width=520,height=720');
  return (
    <Dialog
      open={ended}
      title={t('session.ended')}
      onClose={giveUp}
      foot={
        <Button look="primary" onClick={signIn}>
          {t('session.sign-in-again')}
        </Button>
      }
    >
      <p>{t('session.nothing-lost')}</p>
    </Dialog>
  );
};
