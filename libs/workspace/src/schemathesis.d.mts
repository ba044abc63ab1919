export function prepareSchemathesis(): { available: true } | { available: false; because: string };
export function checkAnswers(asked: {
  /** address of the OpenAPI document */ document: string;
  headers: Readonly<Record<string, string>>;
  examples: number;
  seed: number;
  /** paths that are left alone */ excluded: readonly string[];
}): Promise<{ passed: boolean; output: string }>;
