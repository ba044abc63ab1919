/** A place of this site to come back to, or undefined for anything that could lead elsewhere. */
export function localPath(path: string): string | undefined {
  // browsers drop control characters, so that /\t/host would become //host
  if (!path.startsWith('/') || /^\/[/\\]|[\\\u0000-\u001f]/.test(path) || path.length > 2_000) return undefined;
  try {
    const url = new URL(path, 'http://local.invalid');
    return url.origin === 'http://local.invalid' ? `${url.pathname}${url.search}${url.hash}` : undefined;
  } catch {
    return undefined;
  }
}
