/** The other language says the same things: same keys, same kinds. */
export type Same<Italian> = {
  readonly [K in keyof Italian]: Italian[K] extends string ? string : { readonly one: string; readonly other: string };
};
