import { Icon } from '@ateneo/ui';
import { useId, useState, type DragEvent } from 'react';
import { useLanguage } from '../../i18n/language.js';

/** A file, dropped or chosen; the whole area is the label of the file field. */
export const FileDrop = ({ accept, label, onFile }: { accept: string; label: string; onFile: (file: File) => void }) => {
  const { t } = useLanguage();
  const field = useId();
  const [over, setOver] = useState(false);
  const [name, setName] = useState('');
  const take = (file: File | undefined) => {
    if (!file) return;
    setName(file.name);
    onFile(file);
  };
  const drag = (inside: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(inside);
  };
  const drop = (event: DragEvent) => {
    drag(false)(event);
    take(event.dataTransfer.files[0]);
  };
  return (
    <label
      className={over ? 'at-drop at-drop--over' : 'at-drop'}
      htmlFor={field}
      onDragOver={drag(true)}
      onDragLeave={drag(false)}
      onDrop={drop}
    >
      <Icon name="upload" />
      <span>
        <strong>{label}</strong>
        <span className="at-rows__note">{name || t('verify.or-choose')}</span>
      </span>
      <input id={field} type="file" accept={accept} onChange={(event) => take(event.target.files?.[0])} />
    </label>
  );
};
