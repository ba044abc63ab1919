import { Button, buttonClass, DataList, Icon, Meter, StateBadge, type BadgeLook, type Column, type IconName } from '@ateneo/ui';
import { useState } from 'react';
import { Link } from 'react-router';
import { linkTo, type OutputOf } from '../../../api/client.js';
import { useAct, useAsk } from '../../../api/hooks.js';
import { useLive } from '../../../api/live.js';
import { useCodeText, useLanguage } from '../../../i18n/language.js';
import { Page } from '../../../shell/page.js';
import { Answer, Problem } from '../../../shell/problem.js';
import { RegisterReport } from './register-report.js';

type Run = OutputOf<'reporting.show-report-run'>;
type Row = Run['rows'][number];
const everySecond = 1_000;
const keyOf = (row: Row): string => row.traineeId;

/** A run of reports: how far, how long, each report as it gets ready, then one download for all. */
export const ReportRun = ({ runId }: { runId: string }) => {
  const { t } = useLanguage();
  const [running, setRunning] = useState(true);
  const run = useAsk('reporting.show-report-run', { runId }, { every: running ? everySecond : undefined, staleTime: 0 });
  useLive([{ key: `run:${runId}`, refreshes: ['reporting.show-report-run'] }]);
  if (run.data && (run.data.is === 'running') !== running) setRunning(run.data.is === 'running');
  const another = (
    <Link to="?" className={buttonClass({ look: 'outline' })}>
      {t('reports.new-run')}
    </Link>
  );
  return (
    <Page
      title={t('reports.run')}
      lead={running ? t('reports.run-lead') : undefined}
      back={{ to: '?', label: t('reports.title') }}
      acts={!running && another}
    >
      <Answer of={run}>
        {(data) => (
          <div className="at-stack">
            <Progress run={data} />
            <Rows run={data} />
          </div>
        )}
      </Answer>
    </Page>
  );
};

const Progress = ({ run }: { run: Run }) => {
  const { t } = useLanguage();
  const cancel = useAct('reporting.cancel-report-run');
  const { runId, total, failed, secondsLeft } = run;
  const done = run.done + failed;
  const left =
    secondsLeft !== null &&
    (secondsLeft < 90
      ? t('reports.left-seconds', { n: Math.ceil(secondsLeft) })
      : t('reports.left-minutes', { n: Math.round(secondsLeft / 60) }));
  const words = [t('reports.progress', { done, total }), run.is === 'running' && left, failed > 0 && t('reports.failed', { n: failed })]
    .filter(Boolean)
    .join(' · ');
  return (
    <section className="at-card at-stack at-stack--tight" aria-label={t('reports.run')}>
      <div className="at-row at-row--between">
        <strong role="status">{t(`reports.is-${run.is}`)}</strong>
        <span className="at-numbers">{words}</span>
      </div>
      <Meter label={t('reports.run')} value={done} max={total} />
      {cancel.error && <Problem problem={cancel.error} />}
      {run.is === 'running' ? (
        <div className="at-row">
          <Button small look="danger" icon="close" pending={cancel.isPending} onClick={() => cancel.mutate({ runId })}>
            {t('reports.cancel')}
          </Button>
        </div>
      ) : (
        run.done > 0 && <Downloads runId={runId} />
      )}
    </section>
  );
};

const Downloads = ({ runId }: { runId: string }) => {
  const { t } = useLanguage();
  return (
    <>
      <div className="at-row">
        <a className={buttonClass({ look: 'primary' })} href={linkTo('reporting.download-report-run', { runId, as: 'zip' })} download>
          <Icon name="download" /> {t('reports.zip')}
        </a>
        <a className={buttonClass({ look: 'outline' })} href={linkTo('reporting.download-report-run', { runId, as: 'print' })} download>
          <Icon name="print" /> {t('reports.print')}
        </a>
      </div>
      <p className="at-soft at-small">{t('reports.print-hint')}</p>
    </>
  );
};

type Shown = Row['is'] | 'cancelled';
const looks: Record<Shown, { look: BadgeLook; icon: IconName }> = {
  waiting: { look: 'neutral', icon: 'clock' },
  done: { look: 'positive', icon: 'check' },
  failed: { look: 'danger', icon: 'warning' },
  cancelled: { look: 'neutral', icon: 'close' },
};

const Rows = ({ run }: { run: Run }) => {
  const { t } = useLanguage();
  const codeText = useCodeText();
  const [protocols, setProtocols] = useState<Readonly<Record<string, string>>>({});
  const shownAs = (row: Row): Shown => (row.is === 'waiting' && run.is === 'cancelled' ? 'cancelled' : row.is);
  const protocolOf = ({ reportId, name }: Row) => {
    if (!reportId) return '–';
    return (
      protocols[reportId] ?? (
        <RegisterReport
          reportId={reportId}
          name={name}
          onRegistered={(protocol) => setProtocols((now) => ({ ...now, [reportId]: protocol }))}
        />
      )
    );
  };
  const columns: Column<Row>[] = [
    { key: 'name', label: t('reports.name'), heading: true, render: ({ name }) => name },
    {
      key: 'state',
      label: t('reports.state'),
      render: (row) => (
        <>
          <StateBadge {...looks[shownAs(row)]}>{t(`reports.row-${shownAs(row)}`)}</StateBadge>
          {row.reason && <span className="at-rows__note">{codeText('refusal', row.reason)}</span>}
        </>
      ),
    },
    { key: 'file', label: t('reports.file'), render: (row) => <PdfLink row={row} /> },
    { key: 'protocol', label: t('reports.protocol'), render: protocolOf },
  ];
  return <DataList caption={t('reports.rows', { n: run.total })} columns={columns} rows={run.rows} keyOf={keyOf} />;
};

const PdfLink = ({ row: { reportId, name } }: { row: Row }) => {
  const { t } = useLanguage();
  if (!reportId) return <>–</>;
  return (
    <a href={linkTo('reporting.download-report', { reportId })} target="_blank" rel="noopener" aria-label={t('reports.open-of', { name })}>
      {t('reports.open')} <Icon name="external" />
    </a>
  );
};
