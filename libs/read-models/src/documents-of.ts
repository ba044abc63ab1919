import { type AnyOn, Handlers, idOf, type On } from '@ateneo/event-sourcing';
import type { AnyCollectionSpec, CollectionSpec } from './document-store.js';
import type { ProjectedEvent, Projection } from './projection.js';

/** What events make of one document; undefined: there is none. */
type DocumentOn<D, Data = unknown> = AnyOn<ProjectedEvent, D | undefined, D | undefined, Data>;

/** One collection of a projection: each of its events changes one document. */
export type Part = {
  readonly collection: AnyCollectionSpec;
  readonly handlers: Handlers<ProjectedEvent, unknown, unknown>;
  readonly idOf: (event: ProjectedEvent) => string;
};

const part = <D>(collection: CollectionSpec<D>, on: DocumentOn<D>, id: Part['idOf']): Part => ({
  collection: collection as AnyCollectionSpec,
  handlers: new Handlers(on) as Handlers<ProjectedEvent, unknown, unknown>,
  idOf: id,
});

/** Documents by a field of the event's data, which each event must have; else the one document `id`; else by the uuid of the stream. */
export function documentsOf<D, K extends string = never>(
  collection: CollectionSpec<D>,
  { by, id, on }: { readonly by?: K; readonly id?: string; readonly on: DocumentOn<D, { readonly [k in NoInfer<K>]: string }> },
): Part {
  if (by !== undefined) return part(collection, on, ({ data }) => data[by] as string);
  return part(collection, on, id === undefined ? ({ stream }) => idOf(stream) : () => id);
}

/** Documents by what the data holds further down. */
export const documentsBy = <D, Data>(
  collection: CollectionSpec<D>,
  id: (data: NoInfer<Data>) => string,
  on: On<ProjectedEvent, D | undefined, D | undefined, Data>,
): Part => part(collection, on, ({ data }) => id(data as Data));

function change(
  { collection: { name }, handlers, idOf: idIn }: Part,
  event: ProjectedEvent,
  documents: Parameters<Projection['apply']>[1],
) {
  const id = idIn(event);
  const before = documents.get(name, id);
  const after = handlers.handle(event, before);
  if (after === before) return;
  if (after === undefined) documents.delete(name, id);
  else documents.put(name, id, after);
}

const union = (lists: readonly (readonly string[] | undefined)[]): readonly string[] | undefined => {
  const all = new Set(lists.flatMap((list) => list ?? []));
  return all.size > 0 ? [...all] : undefined;
};

/** The usual projection: each event changes one document of each part that handles it. */
export function projection({
  parts,
  ...rest
}: Pick<Projection, 'name' | 'version' | 'references'> & { readonly parts: readonly Part[] }): Projection {
  const [own, publicTypes] = [union(parts.map(({ handlers }) => handlers.own)), union(parts.map(({ handlers }) => handlers.public))];
  const byType = new Map(
    [...(own ?? []), ...(publicTypes ?? [])].map((type) => [type, parts.filter(({ handlers }) => handlers.handles(type))] as const),
  );
  return {
    ...rest,
    collections: parts.map(({ collection }) => collection),
    own,
    public: publicTypes,
    *keys(event) {
      for (const one of byType.get(event.type) ?? []) yield [one.collection.name, one.idOf(event)];
    },
    apply(event, documents) {
      for (const one of byType.get(event.type) ?? []) change(one, event, documents);
    },
  };
}
