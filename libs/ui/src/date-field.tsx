import { useRef, useState } from 'react';
import { FieldGroup, useField } from './field.js';
import { IconButton } from './button.js';
import { useUiTexts } from './texts.js';
import { dayPlus, parseTypedDay, writtenDay } from './typed-day.js';

type DateFieldProps = {
  name: string;
  label: string;
  hint?: string;
  optional?: boolean;
  error?: string;
  /** `YYYY-MM-DD` or nothing yet */
  value: string | null;
  today: string;
  max?: string;
  min?: string;
  /** «today» and «yesterday» as one-tap choices */
  quick?: boolean;
  onChange: (day: string | null) => void;
};

/** A day: typed first, in any usual form; the browser's calendar is one button away. */
export const DateField = ({ value, today, max, min, quick, onChange, ...field }: DateFieldProps) => {
  const texts = useUiTexts();
  const { id } = useField(field);
  const native = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const unreadable = typed !== null && typed.trim() !== '' && parseTypedDay(typed, today) === null;
  const leave = () => {
    if (typed === null || unreadable) return;
    setTyped(null);
    onChange(typed.trim() === '' ? null : parseTypedDay(typed, today));
  };
  const type = (text: string) => {
    setTyped(text);
    const day = parseTypedDay(text, today);
    if (day && text.trim().length >= 8) onChange(day);
  };
  const pick = (day: string) => {
    setTyped(null);
    onChange(day || null);
  };
  return (
    <FieldGroup {...field} error={unreadable ? texts.dayNotUnderstood : field.error}>
      <div className="at-date">
        {quick &&
          [0, -1].map((offset) => (
            <button
              key={offset}
              type="button"
              className="at-chip"
              aria-pressed={value === dayPlus(today, offset)}
              onClick={() => pick(dayPlus(today, offset))}
            >
              {offset === 0 ? texts.today : texts.yesterday}
            </button>
          ))}
        <span className="at-date__typed">
          <input
            className="at-input"
            id={`${id}-typed`}
            inputMode="numeric"
            autoComplete="off"
            placeholder={texts.dayFormat}
            aria-label={field.label}
            aria-invalid={unreadable || Boolean(field.error) || undefined}
            value={typed ?? (value ? writtenDay(value) : '')}
            onChange={(event) => type(event.target.value)}
            onBlur={leave}
          />
          <span className="at-date__open">
            <IconButton icon="calendar" label={texts.openCalendar} onClick={() => native.current?.showPicker()} />
          </span>
          <input
            ref={native}
            className="at-date__native"
            type="date"
            tabIndex={-1}
            aria-hidden="true"
            value={value ?? ''}
            min={min}
            max={max}
            onChange={(event) => pick(event.target.value)}
          />
        </span>
      </div>
    </FieldGroup>
  );
};
