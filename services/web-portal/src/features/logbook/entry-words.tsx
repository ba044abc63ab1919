import { StateBadge, type BadgeLook, type IconName } from '@ateneo/ui';
import type { OutputOf } from '../../api/client.js';
import { useLanguage } from '../../i18n/language.js';
import { useUniversity } from '../school/university.js';

export type EntryView = OutputOf<'logbook.show-entry'>['entry'];
type State = EntryView['state'];

const looks: Record<State, { look: BadgeLook; icon: IconName }> = {
  draft: { look: 'neutral', icon: 'edit' },
  submitted: { look: 'info', icon: 'clock' },
  validated: { look: 'positive', icon: 'check' },
  rejected: { look: 'danger', icon: 'close' },
  discarded: { look: 'neutral', icon: 'close' },
};

/** State of an entry in words; a draft that came back says so. */
export const EntryState = ({ entry }: { entry: Pick<EntryView, 'state' | 'reason'> }) => {
  const { t } = useLanguage();
  if (entry.state === 'draft' && entry.reason)
    return (
      <StateBadge look="caution" icon="undo">
        {t('state.returned')}
      </StateBadge>
    );
  return <StateBadge {...looks[entry.state]}>{t(`state.${entry.state}`)}</StateBadge>;
};

/** Names of levels, roles and other classified values in the language of the page. */
export const useClassWords = () => {
  const { t, format } = useLanguage();
  const { data: university } = useUniversity();
  const level = (key: string | null): string => {
    const found = university?.scale.levels.find((each) => each.key === key);
    return found ? format.local(found.name) : (key ?? t('autonomy.not-stated'));
  };
  const value = (axis: string, key: string): string => {
    const role = axis === 'surgical-role' ? university?.scale.surgicalRoles.find((each) => each.key === key) : undefined;
    if (role) return format.local(role.name);
    return key === 'other' ? t('entry.other-value') : key.replaceAll('-', ' ');
  };
  return { level, value };
};
