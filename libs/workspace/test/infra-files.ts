import { execFileSync } from 'node:child_process';
import assert from 'node:assert/strict';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { deployedServices } from '../src/secrets.mjs';

export type ComposeService = {
  readonly image: string;
  readonly build?: { readonly dockerfile: string; readonly args?: { readonly SERVICE: string }; readonly target?: string };
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: unknown;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly container_name?: string;
  readonly ports?: readonly string[];
  readonly restart?: string;
  readonly volumes?: readonly (string | { readonly source: string; readonly volume?: { readonly subpath: string } })[];
  readonly deploy: { readonly resources: { readonly limits: Readonly<Record<string, string>> } };
};
type Compose = { readonly services: Readonly<Record<string, ComposeService>>; readonly networks: Readonly<Record<string, unknown>> };

export const root = resolve(import.meta.dirname, '../../..');
export const text = (file: string): string => readFileSync(join(root, file), 'utf8');
export const filesOf = (...patterns: readonly string[]): string[] => globSync(patterns, { cwd: root }).sort();
export const composeText = text('docker-compose.yml');
export const compose = parse(composeText, { merge: true }) as Compose;
export const services = deployedServices();

export const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();
/** What the first group of `pattern` finds. */
export const matches = (pattern: RegExp, source: string): string[] => [...source.matchAll(pattern)].map(([, found = '']) => found);

export function composeOf(name: string): ComposeService {
  const found = compose.services[name];
  assert.ok(found, `docker-compose.yml has no service ${name}`);
  return found;
}

/** `NAME=value` lines. */
export const variablesIn = (content: string): Record<string, string> =>
  Object.fromEntries(matches(/^(.+)$/gm, content).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));

/** Secrets made for one test file. */
export class MadeSecrets {
  readonly folder = mkdtempSync(join(tmpdir(), 'ateneo-secrets-'));

  constructor() {
    this.make();
  }

  make(...args: readonly string[]): void {
    execFileSync(process.execPath, [join(root, 'libs/workspace/src/secrets.mjs'), '--out', this.folder, ...args], { stdio: 'ignore' });
  }

  read(...path: readonly string[]): string {
    return readFileSync(join(this.folder, ...path), 'utf8');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
