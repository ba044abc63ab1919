import { DataList, type Column } from '@ateneo/ui';
import { useId } from 'react';
import { useCodeText, useLanguage } from '../../i18n/language.js';
import { sharedOf, type Cell, type Shared } from './status-view.js';
import type { Status } from './system-api.js';

const twoDigits = (partition: number): string => String(partition).padStart(2, '0');

/** Who folds which of the 64 partitions, and how far each is behind: a picture and the same as a table. */
export const Partitions = ({ status }: { status: Status }) => {
  const { t } = useLanguage();
  const shared = sharedOf(status);
  return (
    <section aria-labelledby="partitions">
      <h2 id="partitions" className="at-card__title">
        {t('system.partitions')}
      </h2>
      {shared.length === 0 ? (
        <p className="at-card at-soft">{t('system.nothing-shared')}</p>
      ) : (
        <div className="at-stack">
          {shared.map((one) => (
            <Grid key={`${one.service} ${one.projection}`} of={one} />
          ))}
        </div>
      )}
    </section>
  );
};

const Grid = ({ of }: { of: Shared }) => {
  const { t, format } = useLanguage();
  const codeText = useCodeText();
  const heading = useId();
  const { owners, cells } = of;
  const nobody = cells.filter(({ owner }) => !owner).length;
  return (
    <section className="at-card at-stack" aria-labelledby={heading}>
      <h3 id={heading}>
        {codeText('service', of.service)} · {of.projection}
      </h3>
      <ul className="at-row at-small">
        {owners.map(({ instance, letter, units, events }, index) => (
          <li key={instance} className="at-unit-owner">
            <span className={`at-unit at-unit--${(index % 8) + 1}`} aria-hidden="true">
              {letter}
            </span>
            <span>
              <span className="at-anywhere">{instance}</span>
              <span className="at-rows__note">
                {t('system.owner-line', { units: format.number(units), events: format.number(events) })}
              </span>
            </span>
          </li>
        ))}
        {nobody > 0 && (
          <li className="at-unit-owner">
            <span className="at-unit at-unit--nobody" aria-hidden="true">
              –
            </span>
            <span>{t('system.units-of-nobody', { n: nobody })}</span>
          </li>
        )}
      </ul>
      <div className="at-units" aria-hidden="true">
        {cells.map((cell) => (
          <Unit key={cell.partition} cell={cell} shared={of} />
        ))}
      </div>
      <details className="at-more">
        <summary>{t('system.as-table')}</summary>
        <UnitTable of={of} />
      </details>
    </section>
  );
};

const Unit = ({ cell: { partition, owner, events }, shared }: { cell: Cell; shared: Shared }) => {
  const { t, format } = useLanguage();
  const look = owner ? String((shared.owners.indexOf(owner) % 8) + 1) : 'nobody';
  const words = t('system.unit-words', { partition: twoDigits(partition), owner: owner?.instance ?? '–', n: format.number(events) });
  return (
    <span className={`at-unit at-unit--${look}${events > 0 ? ' at-unit--behind' : ''}`} title={words}>
      <span className="at-unit__number">{twoDigits(partition)}</span>
      <span>{owner?.letter ?? '–'}</span>
      {events > 0 && <span className="at-unit__lag">{events > 999 ? '999+' : events}</span>}
    </span>
  );
};

const UnitTable = ({ of: { cells, projection } }: { of: Shared }) => {
  const { t, format } = useLanguage();
  const columns: Column<Cell>[] = [
    { key: 'partition', label: t('system.partition'), heading: true, render: ({ partition }) => twoDigits(partition) },
    { key: 'owner', label: t('system.instance'), render: ({ owner }) => owner?.instance ?? t('system.nobody') },
    { key: 'events', label: t('system.waiting'), number: true, render: ({ events }) => format.number(events) },
    {
      key: 'seconds',
      label: t('system.behind-for'),
      number: true,
      render: ({ seconds }) => t('system.seconds', { n: Math.round(seconds) }),
    },
  ];
  return (
    <DataList
      dense
      caption={t('system.partitions-of', { projection })}
      columns={columns}
      rows={cells}
      keyOf={({ partition }) => String(partition)}
    />
  );
};
