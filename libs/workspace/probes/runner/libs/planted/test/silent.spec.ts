export const holdsNoTest = true;
