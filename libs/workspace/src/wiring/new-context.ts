import { existsSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { declareImports } from '../declared.mjs';
import { camelOf, pascalOf, serviceManifests } from './manifest.js';

const TEMPLATES = 'libs/workspace/templates/context';
const NAME = /^[a-z]+(-[a-z]+)*$/;

export type NewContext = {
  /** `contact-center`: the context, its service and its address under /api. */
  readonly context: string;
  /** `request`: the thing that its first aggregate is. */
  readonly thing: string;
  /** `requests`; default: the thing and an s. */
  readonly things?: string;
  readonly titles: { readonly it: string; readonly en: string };
};

type PackageFile = { dependencies: Record<string, string>; devDependencies?: Record<string, string>; [field: string]: unknown };
type LockFile = { packages: Record<string, object>; [field: string]: unknown };

const sorted = <V>(entries: Record<string, V>): Record<string, V> =>
  Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/** What is wrong with the request, in a sentence; undefined where nothing is. */
export function whyNot(root: string, { context, thing, things = `${thing}s` }: NewContext): string | undefined {
  for (const [what, name] of Object.entries({ context, thing, things }))
    if (!NAME.test(name)) return `${what} «${name}»: small letters, words joined by dashes`;
  if (thing === things) return `thing and things are both «${thing}»: say how more than one is called (--things)`;
  if (existsSync(join(root, 'services', context))) return `services/${context} is there already`;
  return undefined;
}

function valuesOf(root: string, { context, thing, things = `${thing}s`, titles }: NewContext): Readonly<Record<string, string>> {
  return {
    context,
    contextName: camelOf(context),
    Context: pascalOf(context),
    'thing-name': thing,
    thing: camelOf(thing),
    Thing: pascalOf(thing),
    'things-name': things,
    things: camelOf(things),
    Things: pascalOf(things),
    category: `${camelOf(context)}${pascalOf(thing)}`,
    'title-it': titles.it,
    'title-en': titles.en,
    place: String(1 + Math.max(...serviceManifests(root).map(({ place }) => place))),
  };
}

function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{([\w-]+)\}\}/g, (_whole, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`a template asks for «${name}», which nothing is called`);
    return value;
  });
}

/** The composed process runs the service, and npm finds it before anything is installed anew. */
function enter(root: string, context: string): void {
  const [name, place] = [`@ateneo/${context}`, `services/${context}`];
  const ofAll = join(root, 'services/all-in-one/package.json');
  const all = JSON.parse(readFileSync(ofAll, 'utf8')) as PackageFile;
  writeFileSync(ofAll, json({ ...all, dependencies: { ...all.dependencies, [name]: '*' } }));
  const lockFile = join(root, 'package-lock.json');
  const lock = JSON.parse(readFileSync(lockFile, 'utf8')) as LockFile;
  const own = JSON.parse(readFileSync(join(root, place, 'package.json'), 'utf8')) as PackageFile;
  const composed = lock.packages['services/all-in-one'] as PackageFile;
  const packages = {
    ...lock.packages,
    'services/all-in-one': { ...composed, dependencies: sorted({ ...composed.dependencies, [name]: '*' }) },
    [place]: { name, version: own['version'], license: own['license'], ...declaredBy(own) },
    [`node_modules/${name}`]: { resolved: place, link: true },
  };
  writeFileSync(lockFile, json({ ...lock, packages: sorted(packages) }));
  const link = join(root, 'node_modules', name);
  if (existsSync(dirname(link)) && !existsSync(link)) symlinkSync(join('../..', place), link);
}

/** As npm's lockfile has it: what is empty is not there. */
const declaredBy = ({ dependencies, devDependencies = {} }: PackageFile): object => ({
  dependencies: sorted(dependencies),
  ...(Object.keys(devDependencies).length > 0 && { devDependencies: sorted(devDependencies) }),
});

/** Writes a running, empty context; answers the files it made. «npm run generate» then wires it. Throws where `whyNot` says why. */
export function writeContext(root: string, asked: NewContext): string[] {
  const reason = whyNot(root, asked);
  if (reason) throw new Error(reason);
  const values = valuesOf(root, asked);
  const templates = globSync('**/*.tpl', { cwd: join(root, TEMPLATES) }).sort();
  const written = templates.map((template) => {
    const file = filled(template.slice(0, -'.tpl'.length), values);
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), filled(readFileSync(join(root, TEMPLATES, template), 'utf8'), values));
    return file;
  });
  declareImports(root, `services/${asked.context}`);
  enter(root, asked.context);
  return written;
}
