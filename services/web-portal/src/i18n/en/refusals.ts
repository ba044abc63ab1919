import type { ProblemTexts } from '@ateneo/contracts';
import { ENGLISH_SENTENCES } from '@ateneo/contracts/problem-texts/en';

type Keyed = { readonly [Code in keyof ProblemTexts as `refusal.${Code}`]: string };
/** The sentences of the contracts, under keys of the portal; `useCodeText` fills in what a refusal says. */
export const refusals = Object.fromEntries(Object.entries(ENGLISH_SENTENCES).map(([code, text]) => [`refusal.${code}`, text])) as Keyed;
