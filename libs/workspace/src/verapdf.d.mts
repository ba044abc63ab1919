export function prepareVeraPdf(): { available: true } | { available: false; because: string };
export function verifyPdfUa(files: string[]): Promise<{ file: string; passed: boolean; failures: string[] }[]>;
