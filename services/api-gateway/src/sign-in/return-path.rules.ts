const HERE = 'http://local.invalid';
const MOST = 2_000;
/** A path may be encoded more than once on its way through proxies. */
const DECODINGS = 4;
/** Browsers drop control characters and read a back slash as a slash, so that /\t/host would become //host. */
const TRICKS = /[\\\u0000-\u001f\u007f]/;

/** A place of this site to come back to, or undefined for anything that could lead elsewhere: judged by what it becomes. */
export function localPath(path: string): string | undefined {
  if (!path.startsWith('/') || TRICKS.test(path) || path.length > MOST || !URL.canParse(path, HERE)) return undefined;
  const { origin, pathname, search, hash } = new URL(path, HERE);
  return origin === HERE && isPlain(pathname) ? `${pathname}${search}${hash}` : undefined;
}

/** One slash at its beginning, however often it is decoded and its dots are resolved. */
function isPlain(pathname: string): boolean {
  let seen = pathname;
  for (let i = 0; i < DECODINGS; i++) {
    if (seen.startsWith('//') || TRICKS.test(seen)) return false;
    const next = decoded(seen);
    if (next === undefined) return false;
    if (next === seen) return true;
    if (!URL.canParse(next, HERE) || new URL(next, HERE).origin !== HERE) return false;
    seen = new URL(next, HERE).pathname.startsWith('//') ? '//' : next;
  }
  return false;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
