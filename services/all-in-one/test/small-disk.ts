import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const isMounted = (...words: string[]): boolean => {
  try {
    execFileSync('mount', words, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Leaves a few pages. */
export async function fillUp(disk: string): Promise<void> {
  const filler = join(disk, 'filler');
  for (let size = 12 * 1024 * 1024; size >= 64 * 1024; size -= 64 * 1024) {
    const written = await writeFile(filler, Buffer.alloc(size)).then(
      () => true,
      () => false,
    );
    if (written) return writeFile(filler, Buffer.alloc(Math.max(0, size - 64 * 1024)));
  }
}
