import { Button, Note, StateBadge, useToast, type BadgeLook } from '@ateneo/ui';
import { useId, useState } from 'react';
import { useCodeText, useLanguage } from '../../i18n/language.js';
import { Problem } from '../../shell/problem.js';
import { GiveUpSheet } from './give-up-sheet.js';
import { parkedOf, type ParkedRow } from './status-view.js';
import { useRetry, useSkip, type Status } from './system-api.js';

const looks: Record<ParkedRow['why'], BadgeLook> = { poison: 'danger', 'not-known-yet': 'caution', 'behind-another': 'neutral' };

/** What waits aside, by key: tried again, or given up for a reason. */
export const Parked = ({ status }: { status: Status }) => {
  const { t } = useLanguage();
  const [skipped, setSkipped] = useState<ParkedRow>();
  const rows = parkedOf(status);
  return (
    <section aria-labelledby="parked">
      <h2 id="parked" className="at-card__title">
        {t('system.parked')}
      </h2>
      {rows.length === 0 ? (
        <Note look="positive">{t('system.nothing-parked')}</Note>
      ) : (
        <ul className="at-card at-card--flush at-rows">
          {rows.map((row) => (
            <Key key={`${row.service} ${row.projection} ${row.key}`} row={row} onSkip={() => setSkipped(row)} />
          ))}
        </ul>
      )}
      {skipped && <SkipSheet row={skipped} onClose={() => setSkipped(undefined)} />}
    </section>
  );
};

const Key = ({ row, onSkip }: { row: ParkedRow; onSkip: () => void }) => {
  const { t, format } = useLanguage();
  const codeText = useCodeText();
  const toast = useToast();
  const retry = useRetry();
  const name = useId();
  const { service, projection, key, why, reason, waiting, at } = row;
  const tryAgain = () =>
    retry.mutate(
      { service, projection, key },
      {
        onSuccess: ({ left }) =>
          toast({
            text: left === 0 ? t('system.retried') : t('system.still-waits', { n: left }),
            look: left === 0 ? 'positive' : 'danger',
          }),
      },
    );
  return (
    <li className="at-parked">
      <div className="at-stack at-stack--tight">
        <div className="at-row">
          <StateBadge look={looks[why]}>{t(`system.why-${why}`)}</StateBadge>
          <strong id={name}>
            {codeText('service', service)} · {projection}
          </strong>
        </div>
        <p className="at-anywhere">{reason}</p>
        <p className="at-rows__note at-anywhere">
          {[t('system.key', { key }), t('system.n-wait', { n: waiting }), at && t('system.fact-of', { at: format.instant(at) })]
            .filter(Boolean)
            .join(' · ')}
        </p>
        {retry.error && <Problem problem={retry.error} />}
      </div>
      <div className="at-row">
        <Button small look="outline" icon="again" pending={retry.isPending} aria-describedby={name} onClick={tryAgain}>
          {t('system.retry')}
        </Button>
        <Button small look="danger" aria-describedby={name} onClick={onSkip}>
          {t('system.skip')}
        </Button>
      </div>
    </li>
  );
};

const SkipSheet = ({ row, onClose }: { row: ParkedRow; onClose: () => void }) => {
  const { t } = useLanguage();
  const skip = useSkip();
  const { service, projection, key, origin, position } = row;
  return (
    <GiveUpSheet
      title={t('system.skip-title')}
      act={t('system.skip-act')}
      what={t('system.skip-what')}
      why={row.reason}
      done={t('system.skipped')}
      pending={skip.isPending}
      problem={skip.error}
      onConfirm={(reason, onSuccess) => skip.mutate({ service, projection, key, origin, position, reason }, { onSuccess })}
      onClose={onClose}
    />
  );
};
