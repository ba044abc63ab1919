import { DateField, SelectField } from '@ateneo/ui';
import { today } from '../../../i18n/format.js';
import { useLanguage } from '../../../i18n/language.js';
import { useSchool } from '../catalogue.js';
import type { Asked, EntryDraft, Help } from './entry-draft.js';

type Props = { draft: EntryDraft; onChange: (part: Partial<EntryDraft>) => void; shape: Asked['shape']; help: Help };

/** The day (or the period of a rotation) and the unit of the training network. */
export const WhenAndWhere = ({ draft, onChange, shape, help }: Props) => {
  const { t } = useLanguage();
  const { data: school } = useSchool(help.enrolment?.schoolId);
  const days = { today: today(), max: today(), min: help.enrolment?.contractStart };
  const units = (school?.units ?? []).map(({ unitId, name, city, siteType }) => ({
    value: unitId,
    label: `${name} – ${city} (${t(`site.${siteType}`)})`,
  }));
  return (
    <>
      {shape === 'period' ? (
        <div className="at-grid">
          <DateField
            {...days}
            name="periodFrom"
            label={t('entry.period-from')}
            value={draft.periodFrom}
            onChange={(periodFrom) => onChange({ periodFrom })}
          />
          <DateField
            {...days}
            name="periodTo"
            label={t('entry.period-to')}
            value={draft.periodTo}
            onChange={(periodTo) => onChange({ periodTo })}
          />
        </div>
      ) : (
        <DateField
          {...days}
          quick
          name="performedOn"
          label={t('entry.when')}
          value={draft.performedOn}
          onChange={(performedOn) => onChange({ performedOn })}
        />
      )}
      <SelectField
        name="unitId"
        label={t('entry.where')}
        value={draft.unitId}
        options={[{ value: '', label: t('entry.no-unit') }, ...units]}
        onChange={(unitId) => onChange({ unitId })}
      />
    </>
  );
};
