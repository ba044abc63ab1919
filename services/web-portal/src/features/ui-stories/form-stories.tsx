import {
  AutonomyScale,
  CheckField,
  DateField,
  Form,
  RoleChoice,
  SearchSelect,
  SelectField,
  TextAreaField,
  TextField,
  Button,
} from '@ateneo/ui';
import { useState } from 'react';
import { today } from '../../i18n/format.js';
import { useLanguage } from '../../i18n/language.js';
import { levels, people } from './samples.js';
import { StoryCard } from './story-card.js';

/** The fields of a form, with an error summary that moves the focus. */
export const FormStories = () => {
  const { t, format } = useLanguage();
  const [text, setText] = useState('');
  const [level, setLevel] = useState<string | null>('guided');
  const [day, setDay] = useState<string | null>(today());
  const [checked, setChecked] = useState(false);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const named = levels.map(({ key, label }) => ({
    value: key,
    label: format.local(label),
    name: format.local(label),
    definition: t('stories.sample'),
    description: t('stories.sample'),
  }));
  const search = (typed: string) => people.filter(({ name }) => name.toLowerCase().includes(typed.toLowerCase()));
  return (
    <StoryCard title={t('stories.forms')}>
      <Form errors={errors} onSubmit={() => setErrors({ text: t('field.required'), day: t('field.day') })}>
        <SearchSelect
          name="person"
          label={t('entry.search')}
          search={search}
          keyOf={({ key }) => key}
          render={({ name }) => <span>{name}</span>}
          onChoose={({ name }) => setText(name)}
        />
        <TextField name="text" label={t('me.name')} value={text} onChange={setText} optional />
        <DateField quick name="day" label={t('entry.when')} value={day} today={today()} onChange={setDay} />
        <SelectField name="select" label={t('entry.where')} value={level ?? ''} options={named} onChange={setLevel} />
        <RoleChoice name="role" label={t('axis.surgical-role')} choices={named} value={level} onChange={setLevel} />
        <AutonomyScale name="level" label={t('autonomy.label')} steps={named} value={level} onChange={setLevel} />
        <CheckField label={t('entry.simulated')} checked={checked} onChange={setChecked} />
        <TextAreaField name="note" label={t('entry.note')} hint={t('entry.note-hint')} value={text} onChange={setText} />
        <div>
          <Button type="submit" look="primary">
            {t('stories.act')}
          </Button>
        </div>
      </Form>
    </StoryCard>
  );
};
