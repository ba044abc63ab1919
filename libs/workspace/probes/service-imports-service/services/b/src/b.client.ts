export type Secret = string;
