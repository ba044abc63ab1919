import type { careerEvents, DataOf, identityEvents } from '@ateneo/contracts';
import type { CollectionSpec, Projection } from '@ateneo/read-models';

type Profile = { readonly profileId: string; readonly schoolId: string | null; readonly from: string; readonly to: string | null };
/** Schools in which a person is or was enrolled, by enrolment. */
export type KnownTrainee = { readonly schools: Readonly<Record<string, string>> };
/** Profiles as a tutor. */
export type KnownTutor = { readonly profiles: readonly Profile[] };

export const trainees: CollectionSpec<KnownTrainee> = { name: 'trainees', version: 1, columns: {} };
export const tutors: CollectionSpec<KnownTutor> = { name: 'tutors', version: 1, columns: {} };

type Enrolled = DataOf<typeof careerEvents.traineeEnrolled>;
type Granted = DataOf<typeof identityEvents.profileGranted>;
type Ended = DataOf<typeof identityEvents.profileEnded>;

/** Who is a trainee and who a tutor, as career and identity say. */
export const known: Projection = {
  name: 'known',
  version: 1,
  collections: [trainees, tutors],
  public: ['career.trainee-enrolled.v1', 'identity.profile-granted.v1', 'identity.profile-ended.v1'],
  keys: ({ type, data }) => [
    type === 'career.trainee-enrolled.v1' ? [trainees.name, data.traineeId as string] : [tutors.name, data.personId as string],
  ],
  apply({ type, data }, documents) {
    if (type === 'career.trainee-enrolled.v1') {
      const { enrolmentId, traineeId, schoolId } = data as Enrolled;
      return documents.put(trainees.name, traineeId, {
        schools: { ...documents.get<KnownTrainee>(trainees.name, traineeId)?.schools, [enrolmentId]: schoolId },
      });
    }
    const { personId, profileId } = data as Granted | Ended;
    const profiles = documents.get<KnownTutor>(tutors.name, personId)?.profiles ?? [];
    if (type === 'identity.profile-ended.v1') {
      if (!profiles.some((one) => one.profileId === profileId)) return;
      return documents.put(tutors.name, personId, {
        profiles: profiles.map((one) => (one.profileId === profileId ? { ...one, to: (data as Ended).to } : one)),
      });
    }
    const { role, schoolId, from, to } = data as Granted;
    if (role === 'tutor')
      documents.put(tutors.name, personId, {
        profiles: [...profiles.filter((one) => one.profileId !== profileId), { profileId, schoolId, from, to }],
      });
  },
};
