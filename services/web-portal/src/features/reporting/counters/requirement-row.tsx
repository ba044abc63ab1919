import { ProgressPair, StateBadge } from '@ateneo/ui';
import { useId, useState } from 'react';
import { useLanguage } from '../../../i18n/language.js';
import { RequirementDetail } from './requirement-detail.js';
import { rowInWords } from './row-in-words.js';
import { barOf, requirementState, type Counters, type Elapsed, type Requirement, type SetCounter } from './requirement-state.js';

type RowProps = { requirement: Requirement; set: SetCounter; counters: Counters; elapsed: Elapsed };

/** One requirement: two thin bars with the minimum, the figures, the state in words; it opens to what stands behind. */
export const RequirementRow = ({ requirement, set, counters, elapsed }: RowProps) => {
  const { format } = useLanguage();
  const [open, setOpen] = useState(false);
  const detail = useId();
  const counted = requirement.applicable && requirement.definitive.progress !== null && requirement.kind !== 'qualitative';
  return (
    <li>
      <h3>
        <button
          type="button"
          className={requirement.parent ? 'at-counter at-counter--child' : 'at-counter'}
          aria-expanded={open}
          aria-controls={detail}
          onClick={() => setOpen(!open)}
        >
          <span className="at-counter__name">{format.local(requirement.label)}</span>
          {counted && <Figures requirement={requirement} />}
          {counted && (
            <span className="at-counter__bars">
              <ProgressPair definitive={barOf(requirement.definitive)} provisional={barOf(requirement.provisional)} minimum={1} />
            </span>
          )}
          <span className="at-counter__foot">
            <StateInWords requirement={requirement} elapsed={elapsed} />
          </span>
        </button>
      </h3>
      <div id={detail} hidden={!open}>
        {open && <RequirementDetail requirement={requirement} set={set} counters={counters} />}
      </div>
    </li>
  );
};

const Figures = ({ requirement: { definitive, provisional } }: { requirement: Requirement }) => {
  const { t, format } = useLanguage();
  return (
    <span className="at-counter__figures">
      <strong>{rowInWords(definitive, t, format)}</strong>
      <span className="at-rows__note">{t('counter.provisional', { row: rowInWords(provisional, t, format) })}</span>
    </span>
  );
};

const StateInWords = ({ requirement, elapsed }: { requirement: Requirement; elapsed: Elapsed }) => {
  const { t, format } = useLanguage();
  const { words, look, icon } = requirementState(requirement, elapsed);
  const text =
    'part' in words
      ? t(words.key, { n: words.n, part: format.local(words.part) })
      : 'n' in words
        ? t(words.key, { n: words.n })
        : t(words.key);
  return (
    <StateBadge look={look} icon={icon}>
      {text}
    </StateBadge>
  );
};
