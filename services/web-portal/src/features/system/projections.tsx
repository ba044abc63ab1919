import { DataList, Note, type Column } from '@ateneo/ui';
import { useCodeText, useLanguage } from '../../i18n/language.js';
import { projectionsOf, type ProjectionRow } from './status-view.js';
import type { Status } from './system-api.js';

const needsEyes = ({ events, parked }: ProjectionRow): boolean => events > 0 || parked > 0;

/** What every view has still to take in; those in step are folded away. */
export const Projections = ({ status }: { status: Status }) => {
  const { t } = useLanguage();
  const rows = projectionsOf(status);
  const [behind, others] = [rows.filter(needsEyes), rows.filter((row) => !needsEyes(row))];
  return (
    <section aria-labelledby="projections">
      <h2 id="projections" className="at-card__title">
        {t('system.projections')}
      </h2>
      {behind.length > 0 ? (
        <Rows rows={behind} caption={t('system.projections-caption')} />
      ) : (
        <Note look="positive">{t('system.all-folded')}</Note>
      )}
      {others.length > 0 && (
        <details className="at-more">
          <summary>{t('system.other-projections', { n: others.length })}</summary>
          <Rows rows={others} caption={t('system.projections-in-step')} />
        </details>
      )}
    </section>
  );
};

const Rows = ({ rows, caption }: { rows: readonly ProjectionRow[]; caption: string }) => {
  const { t, format } = useLanguage();
  const codeText = useCodeText();
  const columns: Column<ProjectionRow>[] = [
    { key: 'projection', label: t('system.projection'), heading: true, render: ({ projection }) => projection },
    { key: 'service', label: t('system.service'), render: ({ service }) => codeText('service', service) },
    { key: 'events', label: t('system.waiting'), number: true, render: ({ events }) => format.number(events) },
    {
      key: 'seconds',
      label: t('system.behind-for'),
      number: true,
      render: ({ seconds }) => (seconds === 0 ? t('system.up-to-date') : t('system.seconds', { n: Math.ceil(seconds) })),
    },
    { key: 'parked', label: t('system.set-aside'), number: true, render: ({ parked }) => format.number(parked) },
  ];
  return <DataList dense caption={caption} columns={columns} rows={rows} keyOf={({ service, projection }) => `${service} ${projection}`} />;
};
