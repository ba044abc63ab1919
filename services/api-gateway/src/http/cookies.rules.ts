/** The value of one cookie of a request. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined;
  for (const part of header.split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return undefined;
}

/** A cookie that scripts cannot read and other sites cannot send along with unsafe requests. */
export function setCookie(
  name: string,
  value: string,
  { secure, seconds, path = '/' }: { readonly secure: boolean; readonly seconds?: number; readonly path?: string },
): string {
  return `${name}=${value}; Path=${path}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}${seconds === undefined ? '' : `; Max-Age=${seconds}`}`;
}
