/** Two student numbers are one where they differ only in leading zeros, spaces around them or case (services.md 4.7). */
export const normalNumber = (studentNumber: string): string =>
  studentNumber
    .trim()
    .toUpperCase()
    .replace(/^0+(?=.)/, '');
