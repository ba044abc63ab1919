export type FieldProblem = { pointer: string; code: string; detail?: string };

/** A problem document (RFC 9457) as the API answers it, or the lack of an answer (`status` 0). */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    /** refusal code; `unreachable` when there was no answer */
    readonly code: string,
    readonly detail: string,
    readonly errors: readonly FieldProblem[],
    readonly correlationId: string | undefined,
    readonly details: Readonly<Record<string, unknown>>,
  ) {
    super(`${status} ${code}`);
  }
  /** The field that a refusal names in its details, if any. */
  get field(): string | undefined {
    return typeof this.details.field === 'string' ? fieldOfPointer(this.details.field) : undefined;
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const isFieldProblem = (value: unknown): value is FieldProblem =>
  typeof value === 'object' && value !== null && 'pointer' in value && 'code' in value;

/** Reads the problem document of an answer that is not 2xx. */
export const problemOf = async (response: Response): Promise<ProblemError> => {
  const body: unknown = await response.json().catch(() => ({}));
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const errors = Array.isArray(problem.errors) ? problem.errors.filter(isFieldProblem) : [];
  const correlationId = response.headers.get('x-correlation-id') ?? (textOf(problem.correlationId) || undefined);
  return new ProblemError(
    response.status,
    textOf(problem.code) || `http-${response.status}`,
    textOf(problem.detail) || textOf(problem.title),
    errors,
    correlationId,
    problem,
  );
};

export const unreachable = (): ProblemError => new ProblemError(0, 'unreachable', '', [], undefined, {});

/** `/classified/surgical-role` → `classified.surgical-role`, the name of the field in a form. */
export const fieldOfPointer = (pointer: string): string => pointer.replace(/^#?\//, '').replaceAll('/', '.');
