export type RunningKeycloak = {
  readonly url: string;
  readonly issuer: string;
  readonly pid: number;
  /** Of its administrator. */
  readonly password: string;
  /** Below /admin/realms/ateneo, as the administrator. Rejects where Keycloak refuses. */
  administer(method: string, path: string, body?: unknown): Promise<unknown>;
  /** To the server and what it started: SIGCONT wakes it. */
  signal(signal: NodeJS.Signals): void;
  /** Hangs it with what it started; resolves when it stands still. */
  pause(): Promise<void>;
  stop(): Promise<void>;
};
export type KeycloakOptions = { readonly port?: number; readonly publicUrl?: string; readonly anyHost?: boolean };
export function keycloakMissing(): string | undefined;
export function prepareKeycloak(): { readonly available: boolean; readonly because?: string };
export function startKeycloak(options?: KeycloakOptions): Promise<RunningKeycloak>;
