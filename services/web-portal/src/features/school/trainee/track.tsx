import { Button, ChoiceGroup, ConfirmSheet, Form, Note, useToast } from '@ateneo/ui';
import { useState } from 'react';
import { useAct, useAsk } from '../../../api/hooks.js';
import { useLanguage } from '../../../i18n/language.js';
import { Problem } from '../../../shell/problem.js';
import { useViewer } from '../../../shell/viewer.js';
import type { Enrolment } from './enrolment.js';

const longLived = 10 * 60_000;

/** The elective track of a trainee, for schools whose requirements have some (counting.md 14). */
export const Track = ({ enrolment, setId }: { enrolment: Enrolment; setId: string }) => {
  const { t, format } = useLanguage();
  const { role } = useViewer();
  const [asking, setAsking] = useState(false);
  const { data } = useAsk('school-network.show-requirement-set', { setId }, { staleTime: longLived });
  const tracks = data?.set.tracks?.filter(({ mode }) => mode === 'elective') ?? [];
  if (tracks.length === 0) return null;
  const chosen = tracks.find(({ key }) => key === enrolment.track);
  const choices = tracks.map(({ key, label, note }) => ({
    value: key,
    label: format.local(label),
    definition: note && format.local(note),
  }));
  const records = role === 'school-secretariat' || role === 'university-secretariat' || role === 'administrator';
  return (
    <>
      {chosen ? (
        <p>
          {t('career.track')}: <strong>{format.local(chosen.label)}</strong>
        </p>
      ) : (
        <Note look="caution">{t('career.track-missing')}</Note>
      )}
      {records && (
        <p>
          <Button small look={chosen ? 'outline' : 'primary'} onClick={() => setAsking(true)}>
            {t(chosen ? 'career.track-change' : 'career.track-choose')}
          </Button>
        </p>
      )}
      {asking && <TrackSheet enrolment={enrolment} choices={choices} onClose={() => setAsking(false)} />}
    </>
  );
};

type SheetProps = { enrolment: Enrolment; choices: readonly { value: string; label: string; definition?: string }[]; onClose: () => void };

const TrackSheet = ({ enrolment, choices, onClose }: SheetProps) => {
  const { t } = useLanguage();
  const toast = useToast();
  const [track, setTrack] = useState(enrolment.track ?? '');
  const choose = useAct('career.choose-track');
  const done = () => {
    toast({ text: t('career.track-done') });
    onClose();
  };
  const confirm = () => track && choose.mutate({ enrolmentId: enrolment.enrolmentId, track }, { onSuccess: done });
  return (
    <ConfirmSheet
      open
      title={t('career.track-choose')}
      act={t('career.track-choose')}
      pending={choose.isPending}
      disabled={track === ''}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Form onSubmit={confirm} label={t('career.track-choose')}>
        <p>{t('career.track-what')}</p>
        {choose.error && <Problem problem={choose.error} />}
        <ChoiceGroup name="track" label={t('career.track')} choices={choices} value={track} onChange={setTrack} />
      </Form>
    </ConfirmSheet>
  );
};
