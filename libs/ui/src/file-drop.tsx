import { useId, useRef, useState, type DragEvent } from 'react';
import { Button } from './button.js';
import { Icon } from './icon.js';

type FileDropProps = { label: string; hint: string; choose: string; accept: string; disabled?: boolean; onFile: (file: File) => void };

/** Takes one file, dropped or chosen; the button does all that dropping does. */
export const FileDrop = ({ label, hint, choose, accept, disabled, onFile }: FileDropProps) => {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file && !disabled) onFile(file);
  };
  const hover = (event: DragEvent) => {
    event.preventDefault();
    setOver(!disabled);
  };
  return (
    <div
      className={over ? 'at-drop at-drop--over' : 'at-drop'}
      role="group"
      aria-labelledby={id}
      onDragOver={hover}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Icon name="upload" />
      <p id={id} className="at-strong">
        {label}
      </p>
      <p className="at-soft">{hint}</p>
      <Button look="primary" icon="upload" disabled={disabled} onClick={() => input.current?.click()}>
        {choose}
      </Button>
      <input
        ref={input}
        type="file"
        accept={accept}
        hidden
        aria-label={choose}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) onFile(file);
        }}
      />
    </div>
  );
};
