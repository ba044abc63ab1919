import {
  createContext,
  use,
  useId,
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from 'react';
import { Icon } from './icon.js';
import { useUiTexts } from './texts.js';

export type Described = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined };
/** Sentences by field name, as a form got them from a check or from a problem document. */
export type FieldErrors = Readonly<Record<string, string | undefined>>;
export const FormErrors = createContext<FieldErrors>({});
/** The id of the control of a field, which the error summary links to. */
export const fieldId = (form: string, name: string): string => `${form}-${name}`;
export const FormId = createContext('form');

type FieldBase = { name: string; label: ReactNode; hint?: ReactNode; optional?: boolean; error?: string };
export const useField = ({ name, hint, error }: Pick<FieldBase, 'name' | 'hint' | 'error'>) => {
  const form = use(FormId);
  const shown = use(FormErrors)[name] ?? error;
  const id = fieldId(form, name);
  const describedBy = [hint ? `${id}-hint` : '', shown ? `${id}-error` : ''].filter(Boolean).join(' ');
  return {
    id,
    shown,
    described: { id, 'aria-describedby': describedBy || undefined, 'aria-invalid': shown ? true : undefined } satisfies Described,
  };
};

export const FieldError = ({ id, children }: { id: string; children: ReactNode }) => (
  <span id={`${id}-error`} className="at-field__error">
    <Icon name="warning" />
    <span>{children}</span>
  </span>
);
export const FieldHint = ({ id, children }: { id: string; children: ReactNode }) => (
  <span id={`${id}-hint`} className="at-field__hint">
    {children}
  </span>
);
export const FieldLabel = ({ label, optional }: { label: ReactNode; optional?: boolean }) => {
  const texts = useUiTexts();
  return (
    <>
      {label}
      {optional && <span className="at-field__optional"> ({texts.optional})</span>}
    </>
  );
};

/** Label, hint and error around one control. */
export const Field = ({ children, ...base }: FieldBase & { children: (described: Described) => ReactNode }) => {
  const { id, shown, described } = useField(base);
  return (
    <div className="at-field">
      <label className="at-field__label" htmlFor={id}>
        <FieldLabel label={base.label} optional={base.optional} />
      </label>
      {base.hint && <FieldHint id={id}>{base.hint}</FieldHint>}
      {children(described)}
      {shown && <FieldError id={id}>{shown}</FieldError>}
    </div>
  );
};

/** Legend, hint and error around a group of controls. */
export const FieldGroup = ({ children, ...base }: FieldBase & { children: ReactNode }) => {
  const { id, shown, described } = useField(base);
  return (
    <fieldset className="at-field" id={id} aria-describedby={described['aria-describedby']} tabIndex={-1}>
      <legend className="at-field__label">
        <FieldLabel label={base.label} optional={base.optional} />
      </legend>
      {base.hint && <FieldHint id={id}>{base.hint}</FieldHint>}
      {children}
      {shown && <FieldError id={id}>{shown}</FieldError>}
    </fieldset>
  );
};

type Native<T> = Omit<T, 'name' | 'id' | 'className' | 'onChange' | 'value'>;
export const TextField = ({
  value,
  onChange,
  narrow,
  label,
  hint,
  optional,
  error,
  name,
  ...rest
}: FieldBase & { value: string; onChange: (value: string) => void; narrow?: boolean } & Native<InputHTMLAttributes<HTMLInputElement>>) => (
  <Field {...{ name, label, hint, optional, error }}>
    {(described) => (
      <input
        type="text"
        {...rest}
        {...described}
        name={name}
        className={narrow ? 'at-input at-input--narrow' : 'at-input'}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    )}
  </Field>
);
export const TextAreaField = ({
  value,
  onChange,
  label,
  hint,
  optional,
  error,
  name,
  rows = 3,
  ...rest
}: FieldBase & { value: string; onChange: (value: string) => void } & Native<TextareaHTMLAttributes<HTMLTextAreaElement>>) => (
  <Field {...{ name, label, hint, optional, error }}>
    {(described) => (
      <textarea
        {...rest}
        {...described}
        rows={rows}
        name={name}
        className="at-input"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    )}
  </Field>
);
export type SelectOption = { value: string; label: string };
export const SelectField = ({
  value,
  onChange,
  options,
  label,
  hint,
  optional,
  error,
  name,
  ...rest
}: FieldBase & { value: string; onChange: (value: string) => void; options: readonly SelectOption[] } & Native<
    SelectHTMLAttributes<HTMLSelectElement>
  >) => (
  <Field {...{ name, label, hint, optional, error }}>
    {(described) => (
      <select {...rest} {...described} name={name} className="at-input" value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    )}
  </Field>
);
export const CheckField = ({
  label,
  checked,
  onChange,
  disabled,
}: {
  label: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}) => {
  const id = useId();
  return (
    <label className="at-check" htmlFor={id}>
      <input id={id} type="checkbox" checked={checked} disabled={disabled} onChange={(event) => onChange(event.target.checked)} />
      <span>{label}</span>
    </label>
  );
};
