import { readFileSync } from 'node:fs';
import type { RequirementSet } from '@ateneo/contracts';

type CatalogueSchool = { readonly code: string; readonly years: number; readonly credits: number; readonly sets: RequirementSet[] };

/** The schools and sets that the product ships. */
export const catalogue = JSON.parse(
  readFileSync(new URL('../catalogues/requirement-sets.json', import.meta.url), 'utf8'),
) as readonly CatalogueSchool[];
export const sets: readonly RequirementSet[] = catalogue.flatMap((school) => school.sets);

export function setOf(setId: string): RequirementSet {
  const found = sets.find(({ id }) => id === setId);
  if (!found) throw new RangeError(`the catalogue has no set ${setId}`);
  return found;
}
