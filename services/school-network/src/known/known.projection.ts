import { careerEvents, identityEvents } from '@ateneo/contracts';
import { on } from '@ateneo/event-sourcing';
import { type CollectionSpec, documentsOf, projection } from '@ateneo/read-models';

type Profile = { readonly profileId: string; readonly schoolId: string | null; readonly from: string; readonly to: string | null };
/** Schools in which a person is or was enrolled, by enrolment. */
export type KnownTrainee = { readonly schools: Readonly<Record<string, string>> };
/** Profiles as a tutor. */
export type KnownTutor = { readonly profiles: readonly Profile[] };

export const trainees: CollectionSpec<KnownTrainee> = { name: 'trainees', version: 1, columns: {} };
export const tutors: CollectionSpec<KnownTutor> = { name: 'tutors', version: 1, columns: {} };

/** Who is a trainee and who a tutor, as career and identity say. */
export const known = projection({
  name: 'known',
  version: 1,
  parts: [
    documentsOf(trainees, {
      by: 'traineeId',
      on: on(careerEvents.traineeEnrolled, ({ data }, before) => ({
        schools: { ...before?.schools, [data.enrolmentId]: data.schoolId },
      })),
    }),
    documentsOf(tutors, {
      by: 'personId',
      on: [
        on(identityEvents.profileGranted, ({ data: { role, profileId, schoolId, from, to } }, before) => {
          if (role !== 'tutor') return before;
          const others = (before?.profiles ?? []).filter((one) => one.profileId !== profileId);
          return { profiles: [...others, { profileId, schoolId, from, to }] };
        }),
        on(identityEvents.profileEnded, ({ data: { profileId, to } }, before) => {
          if (!before?.profiles.some((one) => one.profileId === profileId)) return before;
          return { profiles: before.profiles.map((one) => (one.profileId === profileId ? { ...one, to } : one)) };
        }),
      ],
    }),
  ],
});
