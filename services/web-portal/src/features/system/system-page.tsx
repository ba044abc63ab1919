import { LiveDot, StateBadge } from '@ateneo/ui';
import { useLanguage } from '../../i18n/language.js';
import { Page } from '../../shell/page.js';
import { Answer, Problem } from '../../shell/problem.js';
import { Instances } from './instances.js';
import { Parked } from './parked.js';
import { Partitions } from './partitions.js';
import { Problems } from './problems.js';
import { Projections } from './projections.js';
import { parkedOf, problemsOf, projectionsOf, reactionsOf } from './status-view.js';
import { useStatus, type Status } from './system-api.js';
import { Versions } from './versions.js';
import { Webhooks } from './webhooks.js';

/** `/admin/system`: every process of the platform as it is now, and what waits for an operator. */
export const Component = () => {
  const { t } = useLanguage();
  const status = useStatus();
  const stale = status.isError && status.data !== undefined;
  const live = stale ? (
    <StateBadge look="caution" icon="warning">
      {t('system.not-live')}
    </StateBadge>
  ) : (
    <LiveDot on />
  );
  return (
    <Page title={t('system.title')} lead={t('system.lead')} acts={status.data && live}>
      {stale && <Problem problem={status.error} onRetry={() => void status.refetch()} />}
      <Answer of={status} rows={6}>
        {(data) => (
          <div className="at-stack at-stack--wide">
            <Summary status={data} />
            <Problems status={data} />
            <Parked status={data} />
            <Instances status={data} />
            <Partitions status={data} />
            <Projections status={data} />
            <Webhooks />
            <Versions status={data} />
          </div>
        )}
      </Answer>
    </Page>
  );
};

const Summary = ({ status }: { status: Status }) => {
  const { t, format } = useLanguage();
  const there = status.instances.filter(({ answers }) => answers);
  const behind = projectionsOf(status).reduce((sum, { events }) => sum + events, 0);
  const unpublished = there.reduce((sum, { publisher }) => sum + (publisher?.events ?? 0), 0);
  const figures = [
    ['system.instances-ready', `${format.number(there.filter(({ ready }) => ready).length)} / ${format.number(status.instances.length)}`],
    ['system.to-fold', format.number(behind)],
    ['system.to-publish', format.number(unpublished)],
    ['system.set-aside', format.number(parkedOf(status).length)],
    ['system.problems', format.number(reactionsOf(status).length + problemsOf(status).filter(({ goesOn }) => goesOn).length)],
  ] as const;
  return (
    <dl className="at-card at-figures">
      {figures.map(([key, value]) => (
        <div key={key}>
          <dt className="at-figure__label">{t(key)}</dt>
          <dd className="at-figure__value">{value}</dd>
        </div>
      ))}
    </dl>
  );
};
