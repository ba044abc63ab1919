import type { Activity } from '@ateneo/contracts';
import { IconButton, Icon, FieldGroup, SearchSelect } from '@ateneo/ui';
import { useAct } from '../../../api/hooks.js';
import { useLanguage } from '../../../i18n/language.js';
import type { Catalogue } from '../catalogue.js';
import { withRecent, type EntryDraft, type Help } from './entry-draft.js';

type PickerProps = { draft: EntryDraft; onChange: (draft: EntryDraft) => void; catalogue: Catalogue; help: Help };
const recentsShown = 6;

/** What was done: search, or one tap on a recent or favourite activity; several may stand in one entry. */
export const ActivityPicker = ({ draft, onChange, catalogue, help }: PickerProps) => {
  const { t } = useLanguage();
  const add = ({ code }: Activity) => !draft.activities.includes(code) && onChange({ ...draft, activities: [...draft.activities, code] });
  return (
    <div className="at-stack">
      {draft.activities.length > 0 && <Chosen draft={draft} onChange={onChange} catalogue={catalogue} favourites={help.favourites} />}
      <SearchSelect
        name={draft.activities.length > 0 ? 'more-activities' : 'activities'}
        label={t(draft.activities.length > 0 ? 'entry.another-activity' : 'entry.what')}
        placeholder={t('entry.search')}
        search={catalogue.search}
        keyOf={({ code }) => code}
        render={(activity) => <Option activity={activity} starred={help.favourites.includes(activity.code)} />}
        onChoose={add}
      />
      {draft.activities.length === 0 && <Shortcuts draft={draft} onChange={onChange} catalogue={catalogue} help={help} />}
    </div>
  );
};

const Option = ({ activity, starred }: { activity: Activity; starred: boolean }) => {
  const { format } = useLanguage();
  return (
    <>
      <span>{format.local(activity.label)}</span>
      {starred && <Icon name="star" filled />}
      <small className="at-soft at-nowrap">{activity.code}</small>
    </>
  );
};

const Chosen = ({ draft, onChange, catalogue, favourites }: Omit<PickerProps, 'help'> & { favourites: readonly string[] }) => {
  const { t } = useLanguage();
  const star = useAct('logbook.star-activity');
  const remove = (code: string) => onChange({ ...draft, activities: draft.activities.filter((other) => other !== code) });
  return (
    <FieldGroup name="activities" label={t('entry.chosen')}>
      <ul className="at-choices at-rows">
        {draft.activities.map((code) => {
          const starred = favourites.includes(code);
          const activity = catalogue.labelOf(code);
          return (
            <li key={code} className="at-picked">
              <strong>{activity}</strong>
              <IconButton
                icon="star"
                filled={starred}
                label={t(starred ? 'entry.unstar' : 'entry.star', { activity })}
                onClick={() => star.mutate({ activity: code, starred: !starred })}
              />
              <IconButton icon="close" label={t('entry.remove', { activity })} onClick={() => remove(code)} />
            </li>
          );
        })}
      </ul>
    </FieldGroup>
  );
};

const Shortcuts = ({ draft, onChange, catalogue, help }: PickerProps) => {
  const { t } = useLanguage();
  const recent = help.recent.filter(({ activities }) => activities.every((code) => catalogue.byCode.has(code))).slice(0, recentsShown);
  const single = new Set(recent.filter(({ activities }) => activities.length === 1).flatMap(({ activities }) => activities));
  const favourites = help.favourites.filter((code) => catalogue.byCode.has(code) && !single.has(code));
  return (
    <>
      {recent.length > 0 && (
        <section className="at-stack at-stack--tight" aria-labelledby="recent">
          <h2 id="recent" className="at-small at-soft">
            {t('entry.recent')}
          </h2>
          <ul className="at-row">
            {recent.map((each) => (
              <li key={each.activities.join()}>
                <button type="button" className="at-chip" onClick={() => onChange(withRecent(draft, each))}>
                  {each.activities.map(catalogue.labelOf).join(' + ')}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {favourites.length > 0 && (
        <section className="at-stack at-stack--tight" aria-labelledby="favourites">
          <h2 id="favourites" className="at-small at-soft">
            <Icon name="star" filled /> {t('entry.favourites')}
          </h2>
          <ul className="at-row">
            {favourites.map((code) => (
              <li key={code}>
                <button type="button" className="at-chip" onClick={() => onChange({ ...draft, activities: [code] })}>
                  {catalogue.labelOf(code)}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
};
