import { type Column, DataList, StateBadge } from '@ateneo/ui';
import type { OutputOf } from '../../api/client.js';
import { useAsk } from '../../api/hooks.js';
import { useLanguage } from '../../i18n/language.js';
import { Page } from '../../shell/page.js';
import { Answer } from '../../shell/problem.js';

type Row = OutputOf<'{{context}}.list'>['{{things}}'][number];

/** `/{{context}}`: what is open and what is closed. */
export const Component = () => {
  const { t, format } = useLanguage();
  const list = useAsk('{{context}}.list', {});
  const columns: Column<Row>[] = [
    { key: 'title', label: t('{{context}}.name'), heading: true, render: ({ title }) => title },
    { key: 'closes', label: t('{{context}}.closes-on'), render: ({ closesOn }) => format.day(closesOn) },
    {
      key: 'state',
      label: t('{{context}}.state'),
      render: ({ state }) => <StateBadge look={state === 'open' ? 'positive' : 'neutral'}>{t(`{{context}}.state-${state}`)}</StateBadge>,
    },
  ];
  return (
    <Page title={t('nav.{{context}}')}>
      <Answer of={list}>
        {({ {{things}} }) =>
          {{things}}.length === 0 ? (
            <p className="at-card at-soft">{t('{{context}}.none')}</p>
          ) : (
            <DataList caption={t('nav.{{context}}')} columns={columns} rows={ {{things}} } keyOf={({ {{thing}}Id }) => {{thing}}Id} />
          )
        }
      </Answer>
    </Page>
  );
};
