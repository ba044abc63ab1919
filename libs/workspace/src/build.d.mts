export function buildWhatIsStale(): Promise<number | undefined>;
