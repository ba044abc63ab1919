import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';
import { filesBelow } from './spec-files.mjs';

const json = (file) => JSON.parse(readFileSync(file, 'utf8'));
const nameOf = (specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
const isPackage = (specifier) => /^(@[a-z0-9-]+\/)?[a-z0-9][\w.-]*(\/|$)/.test(specifier) && !isBuiltin(specifier);

const allOf = ({ dependencies = {}, devDependencies = {} }) => ({ ...dependencies, ...devDependencies });

/** What is needed to run stands below src/; of the tools of the repository only what is built does. */
const RUNS = { 'libs/workspace': /^src\/recount\// };
const IN_SRC = /^src\//;
const IS_SPEC = /\.spec\.tsx?$/;
const RESOLVED = /\bresolve\(\s*['`]([^'`./$][^'`$]*)/g;
const SOURCES = /^(src|test|bench|conformance)\/|^[^/]+$/;

/** Names of the packages that a file names in imports, types alone too, or resolves. */
function importsOf(text) {
  const imported = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  return [...imported, ...[...text.matchAll(RESOLVED)].map(([, name]) => name)].filter(isPackage).map(nameOf);
}

/** What a package of the repository imports to run, and what for its tests and tools alone; first file by name. */
export function importedBy(root, folder) {
  const [run, develop] = [new Map(), new Map()];
  const runs = RUNS[folder] ?? IN_SRC;
  for (const file of filesBelow(join(root, folder))) {
    if (!SOURCES.test(file)) continue;
    const into = runs.test(file) && !IS_SPEC.test(file) ? run : develop;
    for (const name of importsOf(readFileSync(join(root, folder, file), 'utf8'))) if (!into.has(name)) into.set(name, file);
  }
  for (const name of run.keys()) develop.delete(name);
  return { run, develop };
}

/** Folders of the packages of the repository. */
export const packageFolders = (root) =>
  ['libs', 'services'].flatMap((kind) =>
    existsSync(join(root, kind))
      ? readdirSync(join(root, kind))
          .map((name) => `${kind}/${name}`)
          .filter((folder) => existsSync(join(root, folder, 'package.json')))
      : [],
  );

/** Imports that a package does not declare where it must, versions that differ between packages, and packages that the root declares though one uses them to run. */
export function declarationFindings(root) {
  const versions = new Map();
  const tell = (file, message) => ({ rule: 'declares-what-it-imports', file, message });
  const findings = packageFolders(root).flatMap((folder) => {
    const file = `${folder}/package.json`;
    const { name: own, dependencies = {}, devDependencies = {} } = json(join(root, file));
    const { run, develop } = importedBy(root, folder);
    for (const [name, version] of Object.entries(allOf({ dependencies, devDependencies }))) {
      if (!versions.has(name)) versions.set(name, new Map());
      versions.get(name).set(version, file);
    }
    return [
      ...[...run]
        .filter(([name]) => name !== own && !(name in dependencies))
        .map(([name, at]) => tell(file, `${name} is no dependency, and ${at} imports it`)),
      ...[...develop]
        .filter(([name]) => name !== own && !(name in dependencies) && !(name in devDependencies))
        .map(([name, at]) => tell(file, `${name} is no devDependency, and ${at} imports it`)),
      ...Object.keys(dependencies)
        .filter((name) => !run.has(name) && develop.has(name))
        .map((name) => tell(file, `${name} is a dependency, and only ${develop.get(name)} and the like import it`)),
    ];
  });
  const differing = [...versions].filter(([, found]) => found.size > 1);
  return [
    ...findings,
    ...differing.map(([name, found]) => tell([...found.values()][0], `${name} in the versions ${[...found.keys()].join(', ')}`)),
  ];
}

const sorted = (versions) => Object.fromEntries(Object.entries(versions).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Declares in a package what it imports, in the versions that other packages of the repository use. Throws where none uses one. */
export function declareImports(root, folder) {
  const known = Object.assign({}, ...packageFolders(root).map((other) => allOf(json(join(root, other, 'package.json')))));
  const file = join(root, folder, 'package.json');
  const own = json(file);
  const { run, develop } = importedBy(root, folder);
  const versionsOf = (imported) =>
    sorted(
      Object.fromEntries([...imported.keys()].filter((name) => name !== own.name).map((name) => [name, versionOf(name, known, folder)])),
    );
  const { dependencies: _, devDependencies: __, ...rest } = own;
  writeFileSync(
    file,
    `${JSON.stringify({ ...rest, dependencies: versionsOf(run), devDependencies: versionsOf(develop) }, undefined, 2)}\n`,
  );
}

function versionOf(name, known, folder) {
  const version = name.startsWith('@ateneo/') ? '*' : known[name];
  if (!version) throw new Error(`${folder} imports ${name}, which no package of the repository uses: npm install it there`);
  return version;
}
