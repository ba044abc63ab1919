import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pageHeaders } from '../http/security-headers.rules.js';
import { sendProblem } from '../http/replies.controller.js';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json',
};
const HASHED = /[-.][\w-]{8,}\.\w+$/;
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

type Asset = {
  readonly type: string;
  readonly etag: string;
  readonly cache: string;
  readonly plain: Buffer;
  readonly encoded: readonly { readonly name: string; readonly bytes: Buffer }[];
};

/** Where the portal keeps its typeface, for the sign-in page to look the same; undefined where it is not built. */
export function fontOf(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const file = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) =>
    /titillium-?web[^/]*(400|regular)[^/]*\.woff2$/i.test(name),
  );
  return file && `/${file.replaceAll('\\', '/')}`;
}

/** The built portal, read once at start; any page route answers the one page there is. */
export class PortalController {
  readonly #assets = new Map<string, Asset>();
  readonly #headers: Readonly<Record<string, string>>;

  constructor(folder: string, publicUrl: string, issuer: string) {
    this.#headers = pageHeaders(publicUrl, issuer);
    if (existsSync(folder)) this.#load(folder);
  }

  mount(scope: FastifyInstance): void {
    scope.get('/*', (request, reply) => this.#serve(request, reply));
  }

  #serve(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const path = request.url.split('?')[0] as string;
    const asset = this.#assets.get(path) ?? (extname(path) === '' ? this.#assets.get('/index.html') : undefined);
    if (!asset) return sendProblem(request, reply.headers(this.#headers), { status: 404, code: 'route-not-found' });
    reply.headers({
      ...this.#headers,
      'content-type': asset.type,
      'cache-control': asset.cache,
      etag: asset.etag,
      vary: 'accept-encoding',
    });
    if (request.headers['if-none-match'] === asset.etag) return reply.code(304).send();
    const accepted = request.headers['accept-encoding'] ?? '';
    const encoded = asset.encoded.find(({ name }) => accepted.includes(name));
    return encoded ? reply.header('content-encoding', encoded.name).send(encoded.bytes) : reply.send(asset.plain);
  }

  #load(folder: string): void {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { name, parentPath } of files) {
      const file = join(parentPath, name);
      if (ENCODINGS.some(([, ending]) => name.endsWith(ending))) continue;
      const plain = readFileSync(file);
      const encoded = ENCODINGS.flatMap(([encoding, ending]) =>
        existsSync(`${file}${ending}`) ? [{ name: encoding, bytes: readFileSync(`${file}${ending}`) }] : [],
      );
      const cache = HASHED.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache';
      const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
      this.#assets.set(`/${relative(folder, file).replaceAll('\\', '/')}`, {
        type: TYPES[extname(name)] ?? 'application/octet-stream',
        etag,
        cache,
        plain,
        encoded,
      });
    }
  }
}
