import type { ProblemTexts } from '@ateneo/contracts';
import { ITALIAN } from '@ateneo/contracts/problem-texts/it';

type Keyed = { readonly [Code in keyof ProblemTexts as `refusal.${Code}`]: string };
/** The sentences of the contracts, under keys of the portal. */
export const refusals = Object.fromEntries(Object.entries(ITALIAN).map(([code, text]) => [`refusal.${code}`, text])) as Keyed;
