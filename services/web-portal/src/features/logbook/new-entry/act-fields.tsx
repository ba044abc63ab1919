import type { Activity } from '@ateneo/contracts';
import { AutonomyScale, ChoiceGroup, RoleChoice, TextField, type Choice } from '@ateneo/ui';
import { useLanguage } from '../../../i18n/language.js';
import { useUniversity } from '../../school/university.js';
import type { Asked, EntryDraft } from './entry-draft.js';

type Props = { draft: EntryDraft; onChange: (part: Partial<EntryDraft>) => void; asked: Asked };
type AxisAsked = Activity['requires'][number];

/** Role, level, quantity, credits and the classified fields, each when the requirement asks for it. */
export const ActFields = ({ draft, onChange, asked }: Props) => {
  const { t, format } = useLanguage();
  const { data: university } = useUniversity();
  const steps = (university?.scale.levels ?? [])
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ key, name, description }) => ({ value: key, name: format.local(name), description: format.local(description) }));
  return (
    <>
      {asked.axes.map((axis) => (
        <ClassifiedField
          key={axis.axis}
          asked={axis}
          value={draft.classified[axis.axis] ?? null}
          onChange={(value) => onChange({ classified: { ...draft.classified, [axis.axis]: value } })}
        />
      ))}
      {asked.autonomy && steps.length > 0 && (
        <AutonomyScale
          name="autonomy"
          label={t('autonomy.label')}
          steps={steps}
          value={draft.autonomy}
          onChange={(autonomy) => onChange({ autonomy })}
        />
      )}
      {asked.bulk && <QuantityField draft={draft} onChange={onChange} />}
      {asked.shape === 'credits' && (
        <TextField
          name="credits"
          narrow
          inputMode="decimal"
          label={t('entry.credits')}
          hint={t('entry.credits-hint')}
          value={draft.credits}
          onChange={(credits) => onChange({ credits })}
        />
      )}
    </>
  );
};

export const QuantityField = ({ draft, onChange }: Omit<Props, 'asked'>) => {
  const { t } = useLanguage();
  return (
    <TextField
      name="quantity"
      narrow
      inputMode="numeric"
      label={t('entry.quantity')}
      hint={t('entry.quantity-hint')}
      value={draft.quantity}
      onChange={(quantity) => onChange({ quantity })}
    />
  );
};

const ClassifiedField = ({
  asked: { axis, values },
  value,
  onChange,
}: {
  asked: AxisAsked;
  value: string | null;
  onChange: (value: string) => void;
}) => {
  const { t, format } = useLanguage();
  const { data: university } = useUniversity();
  const field = { name: `classified.${axis}`, label: t(`axis.${axis}`), value, onChange };
  if (axis === 'surgical-role') {
    const roles = (university?.scale.surgicalRoles ?? []).map(({ key, name, description }): Choice => ({
      value: key,
      label: format.local(name),
      definition: format.local(description),
    }));
    return <RoleChoice {...field} choices={roles} />;
  }
  const known = values.map((each): Choice => ({ value: each.value, label: capital(format.local(each.label)) }));
  return <ChoiceGroup {...field} choices={[...known, { value: 'other', label: t('entry.other-value') }]} />;
};
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
