import type { DemoPerson, DemoPlan, DemoSchool, Profile } from './plan.js';

/** Someone whom anyone may be in the demo, with one click, and what there is to see. */
export type Introduced = { readonly personId: string; readonly role: Profile; readonly note: { readonly it: string; readonly en: string } };

/** The people that the front page offers, in its order. */
export function demoPeople({ schools, universitySecretary, administrator }: DemoPlan): Introduced[] {
  const school = (code: string) => schools.find(({ catalogue }) => catalogue.code === code) as DemoSchool;
  const [chir, meu, card, ped, gine] = ['CHIR', 'MEU', 'CARD', 'PED', 'GINE'].map(school) as [
    DemoSchool,
    DemoSchool,
    DemoSchool,
    DemoSchool,
    DemoSchool,
  ];
  const trainee = ({ trainees }: DemoSchool, n: number) => trainees[n] as DemoPerson;
  const ahead = schools.flatMap(({ trainees }) => trainees).find(({ pace }) => pace === 'ahead') as DemoPerson;
  const behind = schools.flatMap(({ trainees }) => trainees).find(({ pace }) => pace === 'behind') as DemoPerson;
  const of = ({ personId }: DemoPerson, role: Profile, it: string, en: string): Introduced => ({ personId, role, note: { it, en } });
  const tutorOf = (one: DemoSchool, n: number) => one.trainees[n]?.tutor as DemoPerson;
  return [
    of(trainee(chir, 1), 'trainee', 'Chirurgia generale, con una registrazione rifiutata', 'General surgery, with a rejected entry'),
    of(trainee(chir, 4), 'trainee', 'Chirurgia generale, coorte con il D.I. 68/2015', 'General surgery, cohort under the 2015 act'),
    of(trainee(meu, 2), 'trainee', "Medicina d'emergenza, oggi in sospensione", 'Emergency medicine, suspended today'),
    of(trainee(ped, 1), 'trainee', 'Pediatria, con un percorso scelto', 'Paediatrics, with a chosen track'),
    of(ahead, 'trainee', 'Avanti sul percorso', 'Ahead of the course'),
    of(behind, 'trainee', 'Indietro sul percorso', 'Behind the course'),
    of(tutorOf(chir, 1), 'tutor', 'Tutor in Chirurgia generale', 'Tutor in general surgery'),
    of(tutorOf(gine, 0), 'tutor', 'Tutor in Ginecologia, con crediti incrociati', 'Tutor in gynaecology, with cross credits'),
    of(tutorOf(card, 0), 'tutor', 'Tutor in Cardiologia', 'Tutor in cardiology'),
    of(chir.director, 'director', 'Direzione di Chirurgia generale', 'Director of general surgery'),
    of(
      chir.secretary,
      'school-secretariat',
      'Segreteria di Chirurgia generale e Ortopedia',
      'Secretariat of general surgery and orthopaedics',
    ),
    of(universitySecretary, 'university-secretariat', 'Segreteria di ateneo, tutte le scuole', 'University secretariat, all schools'),
    of(administrator, 'administrator', 'Amministrazione della piattaforma', 'Administration of the platform'),
  ];
}
