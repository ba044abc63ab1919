import { useEffect, useId, useRef, type FormEvent, type ReactNode } from 'react';
import { FormErrors, FormId, fieldId, type FieldErrors } from './field.js';
import { useUiTexts } from './texts.js';

type FormProps = { errors?: FieldErrors; onSubmit: () => void; children: ReactNode; label?: string };

/** A form whose error summary takes the focus and leads to each field; `errors` is replaced by a new object at each attempt. */
export const Form = ({ errors = {}, onSubmit, children, label }: FormProps) => {
  const form = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <FormId value={form}>
      <FormErrors value={errors}>
        <form className="at-form" noValidate onSubmit={submit} aria-label={label}>
          <ErrorSummary form={form} errors={errors} />
          {children}
        </form>
      </FormErrors>
    </FormId>
  );
};

const ErrorSummary = ({ form, errors }: { form: string; errors: FieldErrors }) => {
  const texts = useUiTexts();
  const summary = useRef<HTMLDivElement>(null);
  const shown = Object.entries(errors).filter((entry): entry is [string, string] => Boolean(entry[1]));
  useEffect(() => {
    summary.current?.focus();
  }, [errors]);
  if (shown.length === 0) return null;
  const goTo = (name: string) => (event: FormEvent) => {
    const control = document.getElementById(fieldId(form, name));
    if (!control) return;
    event.preventDefault();
    control.scrollIntoView({ block: 'center' });
    control.focus();
  };
  return (
    <div className="at-error-summary" role="alert" tabIndex={-1} ref={summary}>
      <strong>{texts.errorSummary(shown.length)}</strong>
      <ul>
        {shown.map(([name, sentence]) => (
          <li key={name}>
            <a href={`#${fieldId(form, name)}`} onClick={goTo(name)}>
              {sentence}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
};
