import { Button, ProblemPanel, Skeleton } from '@ateneo/ui';
import type { UseQueryResult } from '@tanstack/react-query';
import { useCallback, type ReactNode } from 'react';
import { fieldOfPointer, type ProblemError } from '../api/problem.js';
import { useCodeText, useLanguage } from '../i18n/language.js';

/** The sentence of a problem: the portal's own words for its code, else the server's. */
export const useProblemText = (): ((problem: ProblemError) => string) => {
  const codeText = useCodeText();
  return useCallback(
    (problem) => {
      const status = problem.status >= 500 ? codeText('problem', 'server') : problem.detail || codeText('problem', 'other');
      return codeText('refusal', problem.code, codeText('problem', problem.code, status), problem.details);
    },
    [codeText],
  );
};

/** Sentences by field for a form: from the entries of a 400, or from the field that a refusal names. */
export const useFieldErrors = (): ((problem: ProblemError | null) => Record<string, string>) => {
  const codeText = useCodeText();
  const sentence = useProblemText();
  return useCallback(
    (problem) => {
      if (!problem) return {};
      const named = problem.errors.map(({ pointer, code, detail }) => [fieldOfPointer(pointer), codeText('field', code, detail)] as const);
      if (named.length > 0) return Object.fromEntries(named);
      return problem.field ? { [problem.field]: sentence(problem) } : {};
    },
    [codeText, sentence],
  );
};

/** A problem as a panel, with «try again» where that may help. */
export const Problem = ({ problem, onRetry }: { problem: ProblemError; onRetry?: () => void }) => {
  const { t } = useLanguage();
  const sentence = useProblemText();
  return (
    <ProblemPanel
      title={t(problem.status === 0 || problem.status >= 500 ? 'problem.title' : 'problem.refused')}
      what={sentence(problem)}
      correlationId={problem.correlationId}
      act={
        onRetry && (
          <Button look="outline" small onClick={onRetry}>
            {t('problem.retry')}
          </Button>
        )
      }
    />
  );
};

/** Shows what a query answered: a skeleton while it is new, the problem if there is one, else the content. */
export const Answer = <T,>({
  of,
  children,
  rows,
}: {
  of: UseQueryResult<T, ProblemError>;
  children: (data: T) => ReactNode;
  rows?: number;
}) => {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.error) return <Problem problem={of.error} onRetry={() => void of.refetch()} />;
  return <Skeleton rows={rows} />;
};
