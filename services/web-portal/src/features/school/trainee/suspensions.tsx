import { Button, DataList, type Column } from '@ateneo/ui';
import { useState } from 'react';
import { useLanguage } from '../../../i18n/language.js';
import { useViewer } from '../../../shell/viewer.js';
import { CorrectSuspension, RecordSuspension } from './suspension-sheets.js';
import type { Enrolment, Suspension } from './enrolment.js';

const keyOf = (row: Suspension): string => row.suspensionId;

/** Suspensions of a career; secretariats record and correct them, and alone see why. */
export const Suspensions = ({ enrolment }: { enrolment: Enrolment }) => {
  const { t, format } = useLanguage();
  const { role } = useViewer();
  const [recording, setRecording] = useState(false);
  const [correcting, setCorrecting] = useState<Suspension | null>(null);
  const writes = role === 'school-secretariat' || role === 'university-secretariat' || role === 'administrator';
  const end = ({ to, estimatedTo }: Suspension): string => {
    if (to) return format.day(to);
    return estimatedTo ? `${t('career.open-end')}, ${t('career.estimated', { day: format.day(estimatedTo) })}` : t('career.open-end');
  };
  const columns: Column<Suspension>[] = [
    { key: 'from', label: t('career.from'), heading: true, render: ({ from }) => format.day(from) },
    { key: 'to', label: t('career.to'), render: end },
    { key: 'kind', label: t('career.kind'), render: ({ kind }) => (kind ? t(`suspension.${kind}`) : t('career.kind-hidden')) },
  ];
  const acts: Column<Suspension> = {
    key: 'acts',
    label: t('career.column-acts'),
    render: (row) => (
      <Button small onClick={() => setCorrecting(row)}>
        {t('career.correct')}
      </Button>
    ),
  };
  return (
    <section className="at-stack" aria-label={t('career.suspensions')}>
      {enrolment.suspensions.length > 0 ? (
        <DataList
          caption={t('career.suspensions')}
          columns={writes ? [...columns, acts] : columns}
          rows={enrolment.suspensions}
          keyOf={keyOf}
        />
      ) : (
        <div className="at-card">
          <h2>{t('career.suspensions')}</h2>
          <p className="at-soft">{t('career.no-suspensions')}</p>
        </div>
      )}
      {writes && (
        <p>
          <Button look="outline" icon="add" onClick={() => setRecording(true)}>
            {t('career.suspend')}
          </Button>
        </p>
      )}
      {recording && <RecordSuspension enrolmentId={enrolment.enrolmentId} onClose={() => setRecording(false)} />}
      {correcting && <CorrectSuspension enrolmentId={enrolment.enrolmentId} suspension={correcting} onClose={() => setCorrecting(null)} />}
    </section>
  );
};
