import { relative, resolve, sep } from 'node:path';

/** What stands behind `npm test`: words that choose specs, and a pattern that chooses tests in them. */
export function wordsOf(args) {
  const words = [...args];
  const at = words.findIndex((word) => word === '-t' || word === '--name');
  const name = at === -1 ? undefined : words.splice(at, 2)[1];
  if (at !== -1 && name === undefined) throw new Error('-t wants a pattern: npm test -- -t «a sentence of a title»');
  return { words, name };
}

/**
 * The specs that the words choose: those below a folder, a file, or those whose path holds the word; all of them without words.
 * Throws where a word chooses none: a check that runs nothing must not look like one that passed.
 */
export function chosenSpecs(root, all, words) {
  if (words.length === 0) return all;
  const chosen = words.map((word) => {
    const path = relative(root, resolve(word)).split(sep).join('/');
    const below = all.filter((file) => path === '' || file === path || file.startsWith(`${path}/`));
    const found = below.length > 0 ? below : all.filter((file) => file.includes(word));
    if (found.length === 0) throw new Error(`«${word}» is no folder with specs, no spec, and part of the path of none`);
    return found;
  });
  const wanted = new Set(chosen.flat());
  return all.filter((file) => wanted.has(file));
}
