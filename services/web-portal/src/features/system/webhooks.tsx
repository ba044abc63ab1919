import { DataList, StateBadge, type BadgeLook, type Column } from '@ateneo/ui';
import { useLanguage } from '../../i18n/language.js';
import { Problem } from '../../shell/problem.js';
import { useWebhooks, type Webhook } from './system-api.js';

const looks: Record<Webhook['state'], BadgeLook> = { active: 'positive', paused: 'neutral', disabled: 'danger' };

/** Where events are delivered to other systems, and how that goes. */
export const Webhooks = () => {
  const { t, format } = useLanguage();
  const { data, error } = useWebhooks();
  if (error?.status === 404 || (!data && !error)) return null;
  const columns: Column<Webhook>[] = [
    { key: 'url', label: t('system.webhook'), heading: true, render: ({ url, clientId }) => <Target url={url} clientId={clientId} /> },
    { key: 'state', label: t('system.state'), render: ({ state, reason }) => <State state={state} reason={reason} /> },
    { key: 'waiting', label: t('system.waiting'), number: true, render: ({ waiting }) => format.number(waiting) },
    { key: 'dead', label: t('system.dead-letters'), number: true, render: ({ deadLetters }) => format.number(deadLetters) },
    {
      key: 'last',
      label: t('system.last-delivered'),
      render: ({ lastDeliveredAt }) => (lastDeliveredAt ? format.instant(lastDeliveredAt) : '–'),
    },
    {
      key: 'failure',
      label: t('system.last-failure'),
      render: ({ lastFailure }) => (
        <span className="at-anywhere">{lastFailure ? `${format.instant(lastFailure.at)}: ${lastFailure.reason}` : '–'}</span>
      ),
    },
  ];
  return (
    <section aria-labelledby="webhooks">
      <h2 id="webhooks" className="at-card__title">
        {t('system.webhooks')}
      </h2>
      {error && <Problem problem={error} />}
      {data?.webhooks.length === 0 && <p className="at-card at-soft">{t('system.no-webhooks')}</p>}
      {data && data.webhooks.length > 0 && (
        <DataList
          dense
          caption={t('system.webhooks-caption')}
          columns={columns}
          rows={data.webhooks}
          keyOf={({ webhookId }) => webhookId}
        />
      )}
    </section>
  );
};

const Target = ({ url, clientId }: Pick<Webhook, 'url' | 'clientId'>) => (
  <span className="at-anywhere">
    {URL.canParse(url) ? new URL(url).host : url}
    <span className="at-rows__note">{clientId}</span>
  </span>
);

const State = ({ state, reason }: Pick<Webhook, 'state' | 'reason'>) => {
  const { t } = useLanguage();
  return (
    <>
      <StateBadge look={looks[state]}>{t(`system.webhook-${state}`)}</StateBadge>
      {reason && <span className="at-rows__note">{reason}</span>}
    </>
  );
};
