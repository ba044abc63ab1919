import { DataList, StateBadge, type Column } from '@ateneo/ui';
import { useCodeText, useLanguage } from '../../i18n/language.js';
import type { Status } from './system-api.js';
import { useSince } from './use-since.js';

type Instance = Status['instances'][number];
type Row = { service: string; instance: Instance | undefined };
const megabyte = 1_000_000;

/** Each process, or that a service has none. */
export const Instances = ({ status }: { status: Status }) => {
  const { t, format } = useLanguage();
  const codeText = useCodeText();
  const since = useSince(status.at);
  const rows: Row[] = [
    ...status.absent.map((service) => ({ service, instance: undefined })),
    ...status.instances.map((instance) => ({ service: instance.service, instance })),
  ];
  const columns: Column<Row>[] = [
    { key: 'service', label: t('system.service'), heading: true, render: ({ service }) => codeText('service', service) },
    {
      key: 'instance',
      label: t('system.instance'),
      render: ({ instance }) => <span className="at-instance">{instance?.instance ?? '–'}</span>,
    },
    { key: 'state', label: t('system.state'), render: ({ instance }) => <State of={instance} /> },
    { key: 'since', label: t('system.since'), render: ({ instance }) => (instance ? since(instance.startedAt) : '–') },
    {
      key: 'memory',
      label: t('system.memory'),
      number: true,
      render: ({ instance }) => (instance ? t('system.megabytes', { n: format.number(Math.round(instance.memoryBytes / megabyte)) }) : '–'),
    },
    { key: 'publisher', label: t('system.publishing'), render: ({ instance }) => <Publishing of={instance} /> },
  ];
  const versions = [...new Set(status.instances.map(({ version }) => version))];
  if (versions.length > 1) columns.push({ key: 'version', label: t('system.version'), render: ({ instance }) => instance?.version ?? '–' });
  return (
    <section aria-labelledby="instances">
      <h2 id="instances" className="at-card__title">
        {t('system.services')}
      </h2>
      <DataList
        dense
        caption={versions.length > 1 ? t('system.services-caption') : t('system.services-of-version', { version: String(versions[0]) })}
        columns={columns}
        rows={rows}
        keyOf={({ service, instance }) => `${service} ${instance?.instance ?? ''}`}
      />
    </section>
  );
};

const State = ({ of }: { of: Instance | undefined }) => {
  const { t } = useLanguage();
  if (!of)
    return (
      <StateBadge look="danger" icon="warning">
        {t('system.absent')}
      </StateBadge>
    );
  if (!of.answers)
    return (
      <StateBadge look="danger" icon="warning">
        {t('system.silent')}
      </StateBadge>
    );
  if (of.ready)
    return (
      <StateBadge look="positive" icon="check">
        {t('system.ready')}
      </StateBadge>
    );
  return (
    <>
      <StateBadge look="caution" icon="clock">
        {t('system.not-ready')}
      </StateBadge>
      <span className="at-rows__note">{of.waitingFor.join(', ')}</span>
    </>
  );
};

const Publishing = ({ of }: { of: Instance | undefined }) => {
  const { t } = useLanguage();
  if (!of?.publisher) return <>–</>;
  const { events, reason } = of.publisher;
  return (
    <>
      {events === 0 ? t('system.up-to-date') : <strong>{t('system.n-to-publish', { n: events })}</strong>}
      {reason && <span className="at-rows__note">{reason}</span>}
    </>
  );
};
