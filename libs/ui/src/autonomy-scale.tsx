import { useId } from 'react';
import { FieldGroup } from './field.js';

export type ScaleStep = { value: string; name: string; description: string };
type AutonomyScaleProps = {
  name: string;
  label: string;
  optional?: boolean;
  steps: readonly ScaleStep[];
  value: string | null;
  onChange: (value: string) => void;
};

/** The university's levels of autonomy in their order; arrows move, the description of the chosen one stands below. */
export const AutonomyScale = ({ steps, value, onChange, ...field }: AutonomyScaleProps) => {
  const group = useId();
  const chosen = steps.find((step) => step.value === value);
  return (
    <FieldGroup {...field}>
      <div className="at-scale">
        {steps.map((step, index) => (
          <label className="at-scale__step" key={step.value}>
            <input type="radio" name={group} value={step.value} checked={value === step.value} onChange={() => onChange(step.value)} />
            <span className="at-scale__dot" aria-hidden="true">
              {index + 1}
            </span>
            <span className="at-scale__name">{step.name}</span>
          </label>
        ))}
      </div>
      {chosen && <p className="at-field__hint">{chosen.description}</p>}
    </FieldGroup>
  );
};
