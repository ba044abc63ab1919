import { Button, Note, StateBadge, useToast } from '@ateneo/ui';
import { useId, useState } from 'react';
import { useCodeText, useLanguage } from '../../i18n/language.js';
import { Problem } from '../../shell/problem.js';
import { GiveUpSheet } from './give-up-sheet.js';
import { problemsOf, reactionsOf, type ProblemRow, type ReactionRow } from './status-view.js';
import { useGiveUp, useRetryReaction, type Status } from './system-api.js';
import { useSince } from './use-since.js';

/** What fails where nobody waits for an answer, and what should have followed from a fact and did not. */
export const Problems = ({ status }: { status: Status }) => {
  const { t } = useLanguage();
  const [given, setGiven] = useState<ReactionRow>();
  const [reactions, problems] = [reactionsOf(status), problemsOf(status)];
  return (
    <section aria-labelledby="problems">
      <h2 id="problems" className="at-card__title">
        {t('system.problems')}
      </h2>
      {reactions.length + problems.length === 0 ? (
        <Note look="positive">{t('system.no-problems')}</Note>
      ) : (
        <ul className="at-card at-card--flush at-rows">
          {reactions.map((row) => (
            <NotActedOn key={`${row.service} ${row.reaction} ${row.origin} ${row.position}`} row={row} onGiveUp={() => setGiven(row)} />
          ))}
          {problems.map((row) => (
            <Failing key={`${row.service} ${row.instance} ${row.part} ${row.what}`} row={row} now={status.at} />
          ))}
        </ul>
      )}
      {given && <GiveUp row={given} onClose={() => setGiven(undefined)} />}
    </section>
  );
};

const Failing = ({ row, now }: { row: ProblemRow; now: string }) => {
  const { t, format } = useLanguage();
  const codeText = useCodeText();
  const since = useSince(now);
  const { service, part, what, reason, times, goesOn } = row;
  return (
    <li className="at-parked">
      <div className="at-stack at-stack--tight">
        <div className="at-row">
          <StateBadge look={goesOn ? 'danger' : 'neutral'}>{goesOn ? t('system.goes-on') : t('system.was')}</StateBadge>
          <strong>
            {codeText('service', service)} · {codeText('part', part)}
          </strong>
        </div>
        <p className="at-anywhere">{reason}</p>
        <p className="at-rows__note at-anywhere">
          {[
            what,
            goesOn ? t('system.for', { for: since(row.since) }) : t('system.last-at', { at: format.instant(row.last) }),
            t('system.n-times', { n: times }),
            t('system.in-the-runbook', { part }),
          ].join(' · ')}
        </p>
      </div>
    </li>
  );
};

const NotActedOn = ({ row, onGiveUp }: { row: ReactionRow; onGiveUp: () => void }) => {
  const { t, format } = useLanguage();
  const codeText = useCodeText();
  const toast = useToast();
  const retry = useRetryReaction();
  const name = useId();
  const { service, reaction, origin, position, reason, since } = row;
  const done = ({ left }: { left: number }) =>
    toast(left === 0 ? { text: t('system.acted'), look: 'positive' as const } : { text: t('system.fails-again'), look: 'danger' as const });
  return (
    <li className="at-parked">
      <div className="at-stack at-stack--tight">
        <div className="at-row">
          <StateBadge look="danger">{t('system.not-acted-on')}</StateBadge>
          <strong id={name}>
            {codeText('service', service)} · {reaction}
          </strong>
        </div>
        <p className="at-anywhere">{reason}</p>
        <p className="at-rows__note at-anywhere">
          {[
            t('system.event-of', { type: row.type ?? row.eventId, origin: codeText('service', origin), n: format.number(position) }),
            since && t('system.since-when', { at: format.instant(since) }),
            t('system.in-the-runbook', { part: 'AteneoReactionsParked' }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
        {retry.error && <Problem problem={retry.error} />}
      </div>
      <div className="at-row">
        <Button
          small
          look="outline"
          icon="again"
          pending={retry.isPending}
          aria-describedby={name}
          onClick={() => retry.mutate({ service, reaction, origin, position }, { onSuccess: done })}
        >
          {t('system.retry')}
        </Button>
        <Button small look="danger" aria-describedby={name} onClick={onGiveUp}>
          {t('system.give-up')}
        </Button>
      </div>
    </li>
  );
};

const GiveUp = ({ row, onClose }: { row: ReactionRow; onClose: () => void }) => {
  const { t } = useLanguage();
  const act = useGiveUp();
  const { service, reaction, origin, position, reason } = row;
  return (
    <GiveUpSheet
      title={t('system.give-up-title')}
      act={t('system.give-up')}
      what={t('system.give-up-what')}
      why={reason}
      done={t('system.given-up')}
      pending={act.isPending}
      problem={act.error}
      onConfirm={(given, onSuccess) => act.mutate({ service, reaction, origin, position, reason: given }, { onSuccess })}
      onClose={onClose}
    />
  );
};
