/** Every service that runs as a process of its own. */
export function deployedServices(): string[];
type Client = { readonly clientId: string; readonly secret?: string; readonly redirectUris?: readonly string[] };
/** The realm with the portal’s address and identity’s secret; outside the demo without people and clients whose passwords stand in the repository. */
export function realmFor(options: { readonly publicUrl: string; readonly demo: boolean; readonly realmKeeper?: string }): {
  readonly clients: readonly Client[];
  readonly users: readonly { readonly username: string; readonly credentials?: readonly unknown[] }[];
};
