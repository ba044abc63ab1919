import { useId, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Field } from './field.js';
import { Icon } from './icon.js';
import { useUiTexts } from './texts.js';

type SearchSelectProps<T> = {
  name: string;
  label: string;
  hint?: string;
  placeholder?: string;
  /** called at each letter; best match first */
  search: (text: string) => readonly T[];
  keyOf: (item: T) => string;
  render: (item: T) => ReactNode;
  onChoose: (item: T) => void;
};

/** Search as you type in a list that drops below the field (WAI-ARIA combobox with a list box); choosing empties the field for the next one. */
export const SearchSelect = <T,>({ search, keyOf, render, onChoose, placeholder, ...field }: SearchSelectProps<T>) => {
  const texts = useUiTexts();
  const list = useId();
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const found = text.trim() === '' ? [] : search(text);
  const shown = open && text.trim() !== '';
  const choose = (item: T | undefined) => {
    if (item === undefined) return;
    onChoose(item);
    setText('');
    setOpen(false);
  };
  const moves: Record<string, () => void> = {
    ArrowDown: () => (shown ? setActive((active + 1) % Math.max(found.length, 1)) : setOpen(true)),
    ArrowUp: () => setActive((active - 1 + found.length) % Math.max(found.length, 1)),
    Enter: () => shown && choose(found[active]),
    Escape: () => (shown ? setOpen(false) : setText('')),
  };
  const press = (event: KeyboardEvent) => {
    const move = moves[event.key];
    if (!move || text.trim() === '') return;
    event.preventDefault();
    move();
  };
  return (
    <Field {...field}>
      {(described) => (
        <div className="at-search" onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}>
          <div className="at-search__box">
            <Icon name="search" />
            <input
              {...described}
              className="at-input"
              type="text"
              role="combobox"
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              placeholder={placeholder}
              aria-expanded={shown}
              aria-controls={list}
              aria-autocomplete="list"
              aria-activedescendant={shown && found[active] !== undefined ? `${list}-${active}` : undefined}
              value={text}
              onChange={(event) => {
                setText(event.target.value);
                setActive(0);
                setOpen(true);
              }}
              onFocus={() => setOpen(true)}
              onKeyDown={press}
            />
          </div>
          <span className="visually-hidden" role="status">
            {shown ? texts.results(found.length) : ''}
          </span>
          <div className="at-search__list" hidden={!shown}>
            <div id={list} role="listbox" aria-label={field.label}>
              {shown &&
                found.map((item, index) => (
                  <div
                    key={keyOf(item)}
                    id={`${list}-${index}`}
                    role="option"
                    aria-selected={index === active}
                    className="at-search__option"
                    onMouseDown={(event) => event.preventDefault()}
                    onClick={() => choose(item)}
                  >
                    {render(item)}
                  </div>
                ))}
            </div>
            {shown && found.length === 0 && <p className="at-search__empty">{texts.noResults(text)}</p>}
          </div>
        </div>
      )}
    </Field>
  );
};
