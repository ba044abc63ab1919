import { useId, useState } from 'react';
import { FieldGroup } from './field.js';
import { IconButton } from './button.js';
import { useUiTexts } from './texts.js';

export type Choice = { value: string; label: string; definition?: string };
type ChoiceGroupProps = {
  name: string;
  label: string;
  hint?: string;
  optional?: boolean;
  choices: readonly Choice[];
  value: string | null;
  onChange: (value: string) => void;
};

/** One of a few, as radio buttons; a definition opens in place under its choice. */
export const ChoiceGroup = ({ choices, value, onChange, ...field }: ChoiceGroupProps) => {
  const texts = useUiTexts();
  const group = useId();
  const [open, setOpen] = useState<string | null>(null);
  return (
    <FieldGroup {...field}>
      <div className="at-choices">
        {choices.map((choice) => (
          <div className="at-choice" key={choice.value}>
            <label className="at-radio">
              <input
                type="radio"
                name={group}
                value={choice.value}
                checked={value === choice.value}
                onChange={() => onChange(choice.value)}
              />
              <span>{choice.label}</span>
            </label>
            {choice.definition && (
              <IconButton
                icon="info"
                small
                label={texts.showDefinition(choice.label)}
                aria-expanded={open === choice.value}
                aria-controls={`${group}-${choice.value}`}
                onClick={() => setOpen(open === choice.value ? null : choice.value)}
              />
            )}
            {choice.definition && (
              <p id={`${group}-${choice.value}`} className="at-choice__definition" hidden={open !== choice.value}>
                {choice.definition}
              </p>
            )}
          </div>
        ))}
      </div>
    </FieldGroup>
  );
};
/** Surgical role and the like: the school's own names, each with its definition. */
export const RoleChoice = ChoiceGroup;
