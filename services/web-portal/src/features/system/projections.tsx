import { DataList, type Column } from '@ateneo/ui';
import { useCodeText, useLanguage } from '../../i18n/language.js';
import { projectionsOf, type ProjectionRow } from './status-view.js';
import type { Status } from './system-api.js';

/** What every view has still to take in; those behind first. */
export const Projections = ({ status }: { status: Status }) => {
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
  return (
    <section aria-labelledby="projections">
      <h2 id="projections" className="at-card__title">
        {t('system.projections')}
      </h2>
      <DataList
        dense
        caption={t('system.projections-caption')}
        columns={columns}
        rows={projectionsOf(status)}
        keyOf={({ service, projection }) => `${service} ${projection}`}
      />
    </section>
  );
};
