// What a container image of one service holds and nothing else: its built code, the libs that it declares, the packages that those do, a list of them all.
// node libs/workspace/src/image.mjs <service> <folder>
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const OWN = '@ateneo/';
const OWN_PARTS = ['package.json', 'dist', 'catalogues'];
/** What a service serves beside its own code. */
const STATIC = { 'api-gateway': ['services/web-portal/dist'] };
const NOT_RUN = /\.(d\.[cm]?ts|[cm]?ts|map|markdown|md|flow)$/i;
const NOT_LOADED = new Set(['test', 'tests', '__tests__', 'docs', 'example', 'examples', 'benchmarks', '.github']);
/** Native code of a C library that the image has not. */
const OTHER_LIBC = /-musl$/;

const json = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** Folders of this repository's packages by name. */
const ownFolders = () =>
  new Map(
    ['libs', 'services'].flatMap((kind) =>
      readdirSync(join(root, kind)).map((name) => [json(join(root, kind, name, 'package.json')).name, join(kind, name)]),
    ),
  );

/** What a service runs on: folders of this repository, and names of packages, as it and each of those folders declare them; a rule keeps that true. */
function closureOf(service) {
  const folders = ownFolders();
  const own = new Set();
  const packages = new Set();
  const add = (folder) => {
    if (own.has(folder)) return;
    own.add(folder);
    for (const name of Object.keys(json(join(root, folder, 'package.json')).dependencies ?? {})) {
      if (folders.has(name)) add(folders.get(name));
      else packages.add(name);
    }
  };
  add(join('services', service));
  return { own: [...own].sort(), packages };
}

/** Where `name` is found from `folder`, as Node looks it up; undefined where it is not installed. */
function installed(name, folder) {
  for (let place = folder; ; place = dirname(place)) {
    const candidate = join(place, 'node_modules', name);
    if (existsSync(join(root, candidate, 'package.json'))) return candidate;
    if (place === '.') return undefined;
  }
}

/** Folders of all packages that `names` need to run. */
function packageClosure(names) {
  const found = new Set();
  const add = (folder) => {
    if (!folder || found.has(folder) || OTHER_LIBC.test(folder)) return;
    found.add(folder);
    const {
      dependencies = {},
      optionalDependencies = {},
      peerDependencies = {},
      peerDependenciesMeta = {},
    } = json(join(root, folder, 'package.json'));
    const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
    for (const name of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]) add(installed(name, folder));
  };
  for (const name of names) add(installed(name, '.'));
  return [...found].sort();
}

/** Whether a file or folder of a package at `place` is copied: not its types, sources, tests and texts, but its licence. */
function isCopied(place, source) {
  const name = basename(source);
  if (/^(licen[cs]e|notice|copying)/i.test(name)) return true;
  return !NOT_RUN.test(name) && name !== 'node_modules' && !(NOT_LOADED.has(name) && dirname(source) === place);
}

/** One package in CycloneDX, as the lockfile knows it. */
function componentOf(place, lock) {
  const { name, version, license } = json(join(root, place, 'package.json'));
  const [, digest] = /^sha512-(.+)$/.exec(lock.packages[place]?.integrity ?? '') ?? [];
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    ...(typeof license === 'string' && { licenses: [{ expression: license }] }),
    ...(digest && { hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }] }),
  };
}

/** The bill of materials in CycloneDX, without time and serial number: the same input gives the same bytes. */
function billOfMaterials(service, packages) {
  const lock = json(join(root, 'package-lock.json'));
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', name: `${OWN}${service}`, licenses: [{ expression: 'EUPL-1.2' }] } },
    components: packages.map((place) => componentOf(place, lock)),
  };
}

function copyPackage(place, folder) {
  const from = join(root, place);
  cpSync(from, join(folder, place), { recursive: true, filter: (source) => source === from || isCopied(from, source) });
}

function copyOwn(place, folder) {
  for (const part of OWN_PARTS)
    if (existsSync(join(root, place, part))) cpSync(join(root, place, part), join(folder, place, part), { recursive: true });
  const link = join(folder, 'node_modules', json(join(root, place, 'package.json')).name);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(relative(dirname(link), join(folder, place)), link);
}

/** Fills `folder`; `main.js` in it starts the service. */
function gather(service, folder) {
  rmSync(folder, { recursive: true, force: true });
  const { own, packages: names } = closureOf(service);
  for (const place of own) copyOwn(place, folder);
  for (const place of STATIC[service] ?? []) cpSync(join(root, place), join(folder, place), { recursive: true });
  const packages = packageClosure(names);
  for (const place of packages) copyPackage(place, folder);
  writeFileSync(join(folder, 'main.js'), `import './services/${service}/dist/main.js';\n`);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ name: 'ateneo', private: true, type: 'module' })}\n`);
  writeFileSync(join(folder, 'sbom.cdx.json'), `${JSON.stringify(billOfMaterials(service, packages), undefined, 1)}\n`);
  return { own: own.length, packages: packages.length };
}

const [service, target] = process.argv.slice(2);
if (!service || !target || !existsSync(join(root, 'services', service, 'dist/main.js'))) {
  console.error('image.mjs <service> <folder>: a service that is built, and where to gather it');
  process.exitCode = 2;
} else {
  const { own, packages } = gather(service, resolve(target));
  console.log(`${service}: ${own} folders of its own, ${packages} packages`);
}
