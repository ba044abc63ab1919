type Checker = 'compose-check' | 'mongosh' | 'kustomize' | 'hadolint' | 'kubernetes-validate' | 'promtool';
export function checkerMissing(...names: readonly Checker[]): string | undefined;
export function check(
  name: Checker,
  args: readonly string[],
  input?: string,
): { readonly code: number; readonly out: string; readonly said: string };
export function checkerFile(name: Checker): string;
