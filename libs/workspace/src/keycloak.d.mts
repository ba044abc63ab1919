export type RunningKeycloak = { readonly url: string; readonly issuer: string; readonly pid: number; stop(): Promise<void> };
export function keycloakMissing(): string | undefined;
export function prepareKeycloak(): { readonly available: boolean; readonly because?: string };
export function startKeycloak(): Promise<RunningKeycloak>;
