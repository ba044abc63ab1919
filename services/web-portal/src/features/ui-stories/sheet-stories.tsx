import { Button, ConfirmSheet, Skeleton, UndoBar } from '@ateneo/ui';
import { useState } from 'react';
import { useLanguage } from '../../i18n/language.js';
import { StoryCard } from './story-card.js';

const tenMinutes = 600_000;

/** Sheets, the bar that undoes, the shape of what is loading. */
export const SheetStories = () => {
  const { t } = useLanguage();
  const [open, setOpen] = useState(false);
  const [until] = useState(() => new Date(Date.now() + tenMinutes).toISOString());
  const close = () => setOpen(false);
  return (
    <StoryCard title={t('stories.sheets')}>
      <div>
        <Button look="outline" onClick={() => setOpen(true)}>
          {t('stories.open-sheet')}
        </Button>
      </div>
      <ConfirmSheet open={open} title={t('entry.discard-ask')} act={t('entry.discard')} look="danger" onConfirm={close} onClose={close}>
        <p>{t('entry.discard-what')}</p>
      </ConfirmSheet>
      <UndoBar until={until} onUndo={close} onExpire={close}>
        {t('stories.sample')}
      </UndoBar>
      <Skeleton rows={2} />
    </StoryCard>
  );
};
