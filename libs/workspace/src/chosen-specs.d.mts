export function wordsOf(args: readonly string[]): { words: string[]; name: string | undefined };
export function chosenSpecs(root: string, all: readonly string[], words: readonly string[]): readonly string[];
