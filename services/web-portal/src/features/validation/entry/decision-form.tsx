import type { Activity } from '@ateneo/contracts';
import { AutonomyScale, Button, ChoiceGroup, Form, RoleChoice } from '@ateneo/ui';
import { useMemo, useState } from 'react';
import { useAct } from '../../../api/hooks.js';
import { useLanguage } from '../../../i18n/language.js';
import { Problem, useFieldErrors } from '../../../shell/problem.js';
import { useUniversity } from '../../school/university.js';
import type { EntryView } from '../../logbook/entry-words.js';
import { claimOf, corrects, useCreditTargets, type Decision } from './decision.js';

type Props = { entry: EntryView; activities: readonly Activity[]; onDone: () => void; children: React.ReactNode };

/** Certifies an entry as it stands or corrected; where a cross credit is due, its target is decided here. */
export const DecisionForm = ({ entry, activities, onDone, children }: Props) => {
  const { t } = useLanguage();
  const fieldErrors = useFieldErrors();
  const [decision, setDecision] = useState(() => claimOf(entry));
  const [missing, setMissing] = useState<Record<string, string>>({});
  const validate = useAct('logbook.validate-entry');
  const targets = useCreditTargets(activities);
  const named = useMemo(() => fieldErrors(validate.error), [fieldErrors, validate.error]);
  const change = (part: Partial<Decision>) => setDecision({ ...decision, ...part });
  const corrected = corrects(entry, decision);
  const save = () => {
    if (targets.length > 0 && decision.creditedTo === null) return setMissing({ creditedTo: t('decide.credit-missing') });
    setMissing({});
    const certified = corrected ? { autonomy: decision.autonomy, classified: decision.classified } : {};
    validate.mutate(
      { entryId: entry.entryId, revision: entry.revision, creditedTo: decision.creditedTo, ...certified },
      { onSuccess: onDone },
    );
  };
  return (
    <Form errors={missing.creditedTo ? missing : named} onSubmit={save} label={t('decide.validate')}>
      {validate.error && Object.keys(named).length === 0 && <Problem problem={validate.error} />}
      {targets.length > 0 && (
        <ChoiceGroup
          name="creditedTo"
          label={t('decide.credit')}
          hint={t('decide.credit-hint')}
          choices={targets}
          value={decision.creditedTo}
          onChange={(creditedTo) => change({ creditedTo })}
        />
      )}
      {(Object.keys(entry.classified).length > 0 || entry.autonomy !== null) && (
        <details className="at-more">
          <summary>{t('decide.correct')}</summary>
          <div className="at-stack">
            <p className="at-soft">{t('decide.correct-hint')}</p>
            <Corrections activities={activities} decision={decision} onChange={change} />
          </div>
        </details>
      )}
      <div className="at-sheet-actions">
        <Button type="submit" look="primary" icon="check" pending={validate.isPending}>
          {t(corrected ? 'decide.corrected' : 'decide.validate')}
        </Button>
        {children}
      </div>
    </Form>
  );
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
type CorrectionsProps = { activities: readonly Activity[]; decision: Decision; onChange: (part: Partial<Decision>) => void };

const Corrections = ({ activities, decision, onChange }: CorrectionsProps) => {
  const { t, format } = useLanguage();
  const { data: university } = useUniversity();
  const scale = university?.scale;
  const steps = (scale?.levels ?? [])
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ key, name, description }) => ({ value: key, name: format.local(name), description: format.local(description) }));
  const choicesOf = (axis: string, claimed: string) => {
    if (axis === 'surgical-role')
      return (scale?.surgicalRoles ?? []).map(({ key, name, description }) => ({
        value: key,
        label: format.local(name),
        definition: format.local(description),
      }));
    const known = activities
      .flatMap(({ requires }) => requires.find((each) => each.axis === axis)?.values ?? [])
      .map(({ value, label }) => ({ value, label: capital(format.local(label)) }));
    const all = [...known, { value: 'other', label: t('entry.other-value') }];
    return all.some(({ value }) => value === claimed) ? all : [{ value: claimed, label: claimed }, ...all];
  };
  return (
    <>
      {Object.entries(decision.classified).map(([axis, value]) => (
        <RoleChoice
          key={axis}
          name={`classified.${axis}`}
          label={t(`axis.${axis as 'setting'}`)}
          choices={choicesOf(axis, value)}
          value={value}
          onChange={(next) => onChange({ classified: { ...decision.classified, [axis]: next } })}
        />
      ))}
      {decision.autonomy !== null && steps.length > 0 && (
        <AutonomyScale
          name="autonomy"
          label={t('autonomy.label')}
          steps={steps}
          value={decision.autonomy}
          onChange={(autonomy) => onChange({ autonomy })}
        />
      )}
    </>
  );
};
