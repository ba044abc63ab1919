import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { careerEvents, type DataOf, schoolNetworkEvents } from '@ateneo/contracts';
import { type Decider, Handlers, on, onStored, publishing, type StoredEvent, told, toldAsStored } from '@ateneo/event-sourcing';
import { type CollectionSpec, documentsBy, documentsOf, type ProjectedEvent, projection, reaction } from '@ateneo/read-models';

const { cohortBoundToRequirementSet, cohortOpened, schoolOpened } = schoolNetworkEvents;
type LoanEvent =
  | { type: 'BookBorrowed'; book: { title: string }; by: string }
  | { type: 'BookReturned' | 'BookLost'; by: string }
  | { type: 'CardRenewed' };
const loan: Decider<null, { type: 'Borrow' }, LoanEvent> = {
  category: 'loan',
  initial: null,
  scope: () => ({}),
  decide: () => [],
  evolve: () => null,
  versions: { BookLost: 2 },
  upcasters: [{ type: 'BookLost', from: 1, up: ({ who }) => ({ by: who }) }],
};
type Cohort = { readonly schoolId: string; readonly sets: number };
const cohorts: CollectionSpec<Cohort> = { name: 'cohorts', version: 1, columns: {} };
const loans: CollectionSpec<{ readonly title: string }> = { name: 'loans', version: 1, columns: {} };
const counts: CollectionSpec<{ readonly n: number }> = { name: 'counts', version: 1, columns: {} };

const cohortsOpened: CollectionSpec<DataOf<typeof cohortOpened>> = { name: 'cohorts-opened', version: 1, columns: {} };

const shelves = projection({
  name: 'shelves',
  version: 1,
  parts: [
    documentsOf(cohorts, {
      by: 'cohortId',
      on: [
        on(cohortOpened, ({ data }) => ({ schoolId: data.schoolId, sets: 1 })),
        on(cohortBoundToRequirementSet, ({ data }, before) => before && { ...before, sets: data.supplementSetIds.length }),
      ],
    }),
    documentsBy(loans, ({ book }) => book.title, onStored(loan, { BookBorrowed: ({ data }) => data.book })),
    documentsOf(counts, {
      id: 'all',
      on: onStored(loan, {
        BookBorrowed: (_, before) => ({ n: (before?.n ?? 0) + 1 }),
        BookLost: () => undefined,
        CardRenewed: (_, before) => before,
      }),
    }),
    documentsOf(cohortsOpened, { id: 'last', on: on(cohortOpened, ({ data }) => data) }),
  ],
});

const seen = (event: { type: string; data: object }) => ({ stream: 'loan-1', ...event }) as ProjectedEvent;

/** What a projection makes of events, by collection and id. */
function folded(...events: readonly { type: string; data: object }[]): Record<string, unknown> {
  const held: Record<string, unknown> = {};
  const documents = {
    get: <D>(collection: string, id: string) => held[`${collection}/${id}`] as D | undefined,
    put: (collection: string, id: string, document: unknown) => void (held[`${collection}/${id}`] = document),
    delete: (collection: string, id: string) => void delete held[`${collection}/${id}`],
  };
  for (const event of events) shelves.apply(seen(event), documents);
  return held;
}
const borrowed = (title: string) => ({ type: 'BookBorrowed', data: { book: { title }, by: 'me' } });

describe('events by type', () => {
  test('a projection reads the types that it handles, own and public, and no others [issue9:1]', () => {
    assert.deepEqual(shelves.public, ['school-network.cohort-opened.v1', 'school-network.cohort-bound-to-requirement-set.v1']);
    assert.deepEqual(shelves.own, ['BookBorrowed', 'BookLost', 'CardRenewed']);
    assert.deepEqual(shelves.collections, [cohorts, loans, counts, cohortsOpened]);
  });
  test('what handles only public events has no own types at all, and the other way round [issue9:1]', () => {
    const react = reaction<null>({ name: 'when-opened-then-act', on: on(schoolOpened, async () => undefined) });
    assert.deepEqual([react.own, react.public], [undefined, ['school-network.school-opened.v1']]);
  });
  test('an event changes a document of each part that handles it, and names them before [issue9:1]', () => {
    assert.deepEqual([...shelves.keys(seen(borrowed('Emma')))].map(String), ['loans,Emma', 'counts,all']);
    assert.deepEqual(folded(borrowed('Emma'), borrowed('Emma')), { 'loans/Emma': { title: 'Emma' }, 'counts/all': { n: 2 } });
    const opened = { type: cohortOpened.type, data: cohortOpened.example };
    const bound = {
      type: cohortBoundToRequirementSet.type,
      data: { ...cohortBoundToRequirementSet.example, supplementSetIds: ['a', 'b'] },
    };
    assert.deepEqual(folded(opened, bound), {
      [`cohorts/${cohortOpened.example.cohortId}`]: { schoolId: cohortOpened.example.schoolId, sets: 2 },
      'cohorts-opened/last': cohortOpened.example,
    });
  });
  test('nothing is written of a document that stays as it was, and one that becomes nothing is deleted [issue9:1]', () => {
    assert.deepEqual(folded({ type: 'CardRenewed', data: {} }), {});
    assert.deepEqual(folded(borrowed('Emma'), { type: 'BookLost', data: { by: 'me' } }), { 'loans/Emma': { title: 'Emma' } });
  });
  test('one type is handled once [issue9:1]', () =>
    assert.throws(() => new Handlers([on(schoolOpened, () => 1), on(schoolOpened, () => 2)]), /school-opened\.v1 is handled twice/));
  test('a mapping answers what the contract says, and nothing for what it keeps [issue9:1]', () => {
    const mapping = publishing(loan, {
      BookBorrowed: ({ data }) => told(careerEvents.trackChosen, { ...careerEvents.trackChosen.example, track: data.book.title }),
      BookReturned: null,
      BookLost: () => undefined,
      CardRenewed: null,
    });
    const stored = (type: string, data: object) => mapping({ type, data, version: type === 'BookLost' ? 2 : 1 } as StoredEvent);
    assert.deepEqual(stored('BookBorrowed', { book: { title: 'Emma' } }), {
      type: 'career.track-chosen.v1',
      data: { ...careerEvents.trackChosen.example, track: 'Emma' },
    });
    assert.deepEqual([stored('BookReturned', {}), stored('BookLost', {}), stored('OfAnotherTime', {})], [undefined, undefined, undefined]);
  });
  test('a mapping sees an event of an earlier release in the shape that it has now [issue9:1]', () => {
    const seen: unknown[] = [];
    const mapping = publishing(loan, {
      BookBorrowed: null,
      BookReturned: null,
      BookLost: ({ data }) => void seen.push(data),
      CardRenewed: null,
    });
    mapping({ type: 'BookLost', version: 1, data: { who: 'me' } } as StoredEvent);
    mapping({ type: 'BookLost', version: 2, data: { by: 'you' } } as StoredEvent);
    assert.deepEqual(seen, [{ by: 'me' }, { by: 'you' }]);
  });
  test('a name that no contract declares does not compile, nor run [issue9:1]', () => {
    // @ts-expect-error -- no such event
    assert.throws(() => on(schoolNetworkEvents.cohortOpend, () => 1), TypeError);
  });
});

/** Each line is refused by the compiler; that the comment stands there unused would be refused too. */
export const refused = {
  wrongField: () =>
    // @ts-expect-error -- it is schoolId
    on(schoolOpened, ({ data }) => data.school),
  wrongStoredType: () =>
    // @ts-expect-error -- it is BookBorrowed
    onStored(loan, { BookBorowed: () => 1 }),
  wrongStoredField: () =>
    onStored(loan, {
      // @ts-expect-error -- it has no title of its own
      BookBorrowed: ({ data }) => data.title as string,
    }),
  wrongKey: () =>
    // @ts-expect-error -- a school that opens has no cohort
    documentsOf(cohorts, { by: 'cohortId', on: on(schoolOpened, (_, before) => before) }),
  wrongDocument: () =>
    // @ts-expect-error -- sets is a number
    documentsOf(cohorts, { by: 'schoolId', on: on(schoolOpened, ({ data }) => ({ schoolId: data.schoolId, sets: data.code })) }),
  wrongPublished: () =>
    // @ts-expect-error -- years is a number
    told(schoolOpened, { ...schoolOpened.example, years: 'four' }),
  tooMuchPublished: (studentNumber: string) =>
    // @ts-expect-error -- a student number is never published
    told(schoolOpened, { ...schoolOpened.example, studentNumber }),
  forgottenPublished: () =>
    // @ts-expect-error -- CardRenewed is published or not: it must be said
    publishing(loan, { BookBorrowed: null, BookReturned: null, BookLost: null }),
  storedOtherwise: () =>
    // @ts-expect-error -- a loan is no track
    publishing(loan, { BookBorrowed: toldAsStored(careerEvents.trackChosen), BookReturned: null, BookLost: null, CardRenewed: null }),
};
