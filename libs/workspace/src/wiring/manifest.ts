import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const NAME = /^[a-z]+(-[a-z]+)*$/;

const manifest = z.strictObject({
  /** Where it stands in lists: those whose facts others build on come first. */
  place: z.int().positive(),
  title: z.strictObject({ it: z.string().min(1), en: z.string().min(1) }),
  /** What it holds, in a line; the tag of its operations. */
  about: z.string().min(1),
  /** In production; `by-lag`: as many as what waits for it asks for. */
  instances: z.union([z.int().positive(), z.literal('by-lag')]),
  /** Variables beside those that every service has, as docker-compose.yml gives them. */
  environment: z.record(z.string().regex(/^[A-Z][A-Z_]*$/), z.string()).default({}),
  /** In MiB. `measured`: the most that a process of it held resident under load; the limit is half as much again, or more. */
  memory: z
    .strictObject({ measured: z.int().positive(), reservation: z.int().positive(), limit: z.int().positive() })
    .refine(({ measured, limit }) => limit >= 1.5 * measured, 'the limit is at least 1.5 times what was measured')
    .optional(),
  /** How long it may take to end. */
  stopSeconds: z.int().positive().optional(),
});

/** What a service of a context is, from `services/<name>/service.json`; everything that lists services is derived from it. */
export type ServiceManifest = z.infer<typeof manifest> & {
  readonly name: string;
  /** `schoolNetwork` */
  readonly namespace: string;
  /** `SchoolNetwork` */
  readonly pascal: string;
};

const words = (name: string): string[] => name.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));

/** `school-network` as `SchoolNetwork` */
export const pascalOf = (name: string): string => words(name).join('');
/** `school-network` as `schoolNetwork` */
export const camelOf = (name: string): string => name.charAt(0) + pascalOf(name).slice(1);

function read(root: string, name: string): ServiceManifest {
  const file = `services/${name}/service.json`;
  const parsed = manifest.safeParse(JSON.parse(readFileSync(join(root, file), 'utf8')));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  return { ...parsed.data, name, namespace: camelOf(name), pascal: pascalOf(name) };
}

/** The services of all contexts, by place. Throws where a manifest is wrong, naming the file, the field and the rule. */
export function serviceManifests(root: string): readonly ServiceManifest[] {
  const names = readdirSync(join(root, 'services')).filter((name) => existsSync(join(root, 'services', name, 'service.json')));
  const all = names.map((name) => read(root, name)).sort((a, b) => a.place - b.place);
  for (const { name } of all) if (!NAME.test(name)) throw new Error(`services/${name}: a service is named in small letters and dashes`);
  for (const [i, { name, place }] of all.entries())
    if (all[i + 1]?.place === place) throw new Error(`services/${all[i + 1]?.name}/service.json: place ${place} is that of ${name}`);
  return all;
}
