export type KeycloakRealm = {
  /** The realm's own address of the server: a way to it that can be hung and closed. */
  readonly url: string;
  readonly issuer: string;
  /** Where identity keeps accounts. */
  readonly adminUrl: string;
  /** Below /admin/realms/<name>, as the administrator, whatever becomes of the way. Rejects where Keycloak refuses. */
  administer(method: string, path: string, body?: unknown): Promise<unknown>;
  /** From here on what is sent to `url` arrives nowhere, as at a server that hangs. */
  hang(): void;
  /** What was sent meanwhile arrives. */
  wake(): void;
  /** From here on nothing listens at `url`. */
  stop(): Promise<void>;
};
/** `name`: each spec has another; «ateneo» alone holds people under the ids of infra/keycloak. `publicUrl`: where the portal is. */
export type RealmOptions = { readonly name?: string; readonly port?: number; readonly publicUrl?: string };
export function openRealm(options?: RealmOptions): Promise<KeycloakRealm>;
