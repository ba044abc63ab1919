import {
  Button,
  Chart,
  DataList,
  EmptyState,
  Icon,
  IconButton,
  LevelSplit,
  LiveDot,
  Note,
  ProblemPanel,
  ProgressLegend,
  ProgressPair,
  StateBadge,
  Story,
  useToast,
  type BadgeLook,
  type ButtonLook,
  type NoteLook,
} from '@ateneo/ui';
import { useLanguage } from '../../i18n/language.js';
import { Page } from '../../shell/page.js';
import { FormStories } from './form-stories.js';
import { SheetStories } from './sheet-stories.js';
import { StoryCard } from './story-card.js';
import { levels, people, registrations, steps } from './samples.js';

const buttons: readonly ButtonLook[] = ['primary', 'outline', 'plain', 'danger'];
const badges: readonly BadgeLook[] = ['neutral', 'info', 'positive', 'caution', 'danger'];
const notes: readonly NoteLook[] = ['info', 'positive', 'caution', 'danger'];

/** `/admin/ui`: every component, to be looked at and tried with the keyboard. */
export const Component = () => {
  const { t } = useLanguage();
  return (
    <Page title={t('stories.title')} lead={t('stories.lead')}>
      <div className="at-stack at-stack--wide">
        <ActStories />
        <FormStories />
        <SheetStories />
        <FigureStories />
        <ListStories />
      </div>
    </Page>
  );
};

const ActStories = () => {
  const { t } = useLanguage();
  const toast = useToast();
  return (
    <StoryCard title={t('stories.acts')}>
      <div className="at-row">
        {buttons.map((look) => (
          <Button key={look} look={look} onClick={() => toast({ text: t('stories.sample') })}>
            {t('stories.act')}
          </Button>
        ))}
        <Button look="primary" pending>
          {t('stories.act')}
        </Button>
        <IconButton icon="star" label={t('stories.act')} />
        <LiveDot on />
        <LiveDot on={false} />
      </div>
      <div className="at-row">
        {badges.map((look) => (
          <StateBadge key={look} look={look} icon="check">
            {t('state.validated')}
          </StateBadge>
        ))}
      </div>
      {notes.map((look) => (
        <Note key={look} look={look}>
          {t('stories.sample')}
        </Note>
      ))}
      <ProblemPanel title={t('problem.title')} what={t('problem.unreachable')} correlationId="0198c0de" />
    </StoryCard>
  );
};

const FigureStories = () => {
  const { t, format } = useLanguage();
  const bars = registrations.map(({ day, n }) => ({ key: day, label: format.day(day), value: n }));
  return (
    <StoryCard title={t('stories.figures')}>
      <ProgressPair definitive={0.4} provisional={0.6} minimum={1} />
      <ProgressPair definitive={1.2} provisional={1.3} minimum={1} />
      <ProgressLegend />
      <LevelSplit levels={levels.map(({ label, ...level }) => ({ ...level, name: format.local(label) }))} format={format.number} />
      <Chart
        title={t('stories.chart')}
        bars={bars}
        labelLabel={t('entry.when')}
        valueLabel={t('entry.quantity')}
        format={format.number}
        labelEvery={4}
      />
    </StoryCard>
  );
};

const ListStories = () => {
  const { t, format } = useLanguage();
  return (
    <StoryCard title={t('stories.lists')}>
      <DataList
        caption={t('nav.trainees')}
        keyOf={({ key }) => key}
        rows={people}
        columns={[
          { key: 'name', label: t('me.name'), heading: true, render: ({ name }) => name, sort: 'name' },
          { key: 'n', label: t('entry.quantity'), number: true, render: ({ n }) => format.number(n), sort: 'n' },
        ]}
        sorting={{ by: 'name', descending: false }}
        onSort={() => undefined}
      />
      <Story steps={steps.map(({ key, type, who, at }) => ({ key, what: t(`story.${type}`), who, when: format.instant(at) }))} />
      <EmptyState icon="book" title={t('entries.none')} act={<Icon name="add" />}>
        {t('entries.none-why')}
      </EmptyState>
    </StoryCard>
  );
};
