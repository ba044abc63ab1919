import { Button, Note, UndoBar } from '@ateneo/ui';
import { Link } from 'react-router';
import { useCodeText, useLanguage } from '../../i18n/language.js';
import { Problem } from '../../shell/problem.js';
import type { EntryView } from '../logbook/entry-words.js';
import type { Activities } from './activities.js';
import type { Validation } from './use-validation.js';

type OutcomeProps = { validation: Validation; known: ReadonlyMap<string, EntryView>; activities: Activities };

/** After a bulk validation: the rows that stayed as they were, entry by entry. */
export const Refusals = ({ validation, known, activities }: OutcomeProps) => {
  const { t, format } = useLanguage();
  const codeText = useCodeText();
  const { refused } = validation;
  if (refused.length === 0) return null;
  return (
    <div role="alert">
      <Note look="caution">
        <div className="at-stack at-stack--tight">
          <strong>{t('validated.some-refused', { n: refused.length })}</strong>
          <p>{t('validated.refused-untouched')}</p>
          <ul aria-label={t('validated.refused-caption')}>
            {refused.map(({ entryId, code }) => {
              const entry = known.get(entryId);
              return (
                <li key={entryId}>
                  <Link to={`/validation/${entryId}`}>
                    {entry ? `${activities.nameOf(entry.activities)}, ${entry.trainee}, ${format.day(entry.performedTo)}` : entryId}
                  </Link>
                  : {codeText('refusal', code)}
                </li>
              );
            })}
          </ul>
          <Button small look="outline" onClick={validation.dismissRefused}>
            {t('validated.read')}
          </Button>
        </div>
      </Note>
    </div>
  );
};

/** What was just validated and can still be taken back. */
export const Undo = ({ validation }: { validation: Validation }) => {
  const { t } = useLanguage();
  const { undoable, undone, undo } = validation;
  return (
    <>
      {undo.error && <Problem problem={undo.error} />}
      <p role="status" className={undone ? undefined : 'visually-hidden'}>
        {undone &&
          [t('validated.undone', { n: undone.reversed }), undone.left > 0 && t('validated.not-undone', { n: undone.left })]
            .filter(Boolean)
            .join('. ')}
      </p>
      {undoable && (
        <UndoBar until={undoable.until} pending={undo.isPending} onUndo={validation.takeBack} onExpire={validation.forget}>
          {t('validated.n', { n: undoable.entryIds.length })}
        </UndoBar>
      )}
    </>
  );
};
