import { z } from 'zod';

/** The environment is wrong: names each variable, what it holds and what it may hold. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

const secret = /KEY|SECRET|PASSWORD|TOKEN/;
const shown = (name: string, value: string | undefined): string =>
  value === undefined
    ? 'is not set'
    : secret.test(name)
      ? 'holds a value that is not shown'
      : `holds "${value.replace(/\/\/[^@/]*@/, '//…@')}"`;

/** Parses the environment once, at start. Throws ConfigurationError with one line a variable. */
export function parseEnvironment<S extends z.ZodType>(schema: S, environment: Readonly<Record<string, string | undefined>>): z.output<S> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0] ?? '');
    return `${name} ${shown(name, environment[name])}: ${issue.message}`;
  });
  throw new ConfigurationError(lines.join('\n'));
}

/** An address whose scheme chooses the adapter; the message lists the schemes that this build has. */
export const address = (schemes: readonly string[], otherwise: string) =>
  z
    .string()
    .default(otherwise)
    .refine((value) => schemes.some((scheme) => value.startsWith(scheme)), { message: `it may start with ${schemes.join(', ')}` });
