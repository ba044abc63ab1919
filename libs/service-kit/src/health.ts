export type Readiness = { readonly ready: boolean; readonly waitingFor: readonly string[] };

/** What must be well before this process is ready: each probe answers why it is not, or nothing. */
export class Health {
  readonly #probes = new Map<string, () => string | undefined>();

  watch(name: string, probe: () => string | undefined): void {
    this.#probes.set(name, probe);
  }

  readiness(): Readiness {
    const waitingFor: string[] = [];
    for (const [name, probe] of this.#probes) {
      const reason = probe();
      if (reason !== undefined) waitingFor.push(`${name}: ${reason}`);
    }
    return { ready: waitingFor.length === 0, waitingFor };
  }
}
