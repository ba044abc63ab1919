/** Places for open streams: so many in all, and of these a few for each account, so that the rest stays for others. */
export class Places {
  #taken = 0;
  readonly #byAccount = new Map<string, number>();

  constructor(
    private readonly most: number,
    private readonly mostOfOne: number,
  ) {}

  /** Gives a place, to be left once; or says whose places are all taken. */
  take(account: string): (() => void) | 'all-taken' | 'own-taken' {
    const own = this.#byAccount.get(account) ?? 0;
    if (own >= this.mostOfOne) return 'own-taken';
    if (this.#taken >= this.most) return 'all-taken';
    this.#taken++;
    this.#byAccount.set(account, own + 1);
    return () => this.#leave(account);
  }

  #leave(account: string): void {
    this.#taken--;
    const own = (this.#byAccount.get(account) ?? 1) - 1;
    if (own === 0) this.#byAccount.delete(account);
    else this.#byAccount.set(account, own);
  }
}
