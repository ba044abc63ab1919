import type { Chance } from './random.js';

const WOMEN = [
  'Giulia',
  'Chiara',
  'Francesca',
  'Martina',
  'Elena',
  'Alice',
  'Sara',
  'Federica',
  'Valentina',
  'Beatrice',
  'Ilaria',
  'Anna',
  'Marta',
  'Silvia',
  'Camilla',
  'Lucia',
  'Irene',
  'Noemi',
  'Caterina',
  'Laura',
  'Nicoletta',
  'Miriam',
  'Agnese',
  'Rebecca',
];
const MEN = [
  'Marco',
  'Luca',
  'Andrea',
  'Matteo',
  'Davide',
  'Lorenzo',
  'Simone',
  'Alessandro',
  'Nicolò',
  'Tommaso',
  'Pietro',
  'Giacomo',
  'Stefano',
  'Emanuele',
  'Filippo',
  'Riccardo',
  'Samuele',
  'Daniele',
  'Enrico',
  'Paolo',
  'Vittorio',
  'Elia',
  'Saverio',
  'Dario',
];
const FAMILIES = [
  'Bianchi',
  'Colombo',
  'Ferrari',
  'Russo',
  'Romano',
  'Gallo',
  'Conti',
  'De Luca',
  'Mancini',
  'Costa',
  'Giordano',
  'Rizzo',
  'Lombardi',
  'Moretti',
  'Barbieri',
  'Fontana',
  'Santoro',
  'Mariani',
  'Rinaldi',
  'Caruso',
  'Ferrara',
  'Galli',
  'Martini',
  'Leone',
  'Longo',
  'Gentile',
  'Martinelli',
  'Vitale',
  'Lombardo',
  'Serra',
  'Coppola',
  'De Santis',
  "D'Angelo",
  'Marchetti',
  'Parisi',
  'Villa',
  'Conte',
  'Ferraro',
  'Ferri',
  'Fabbri',
  'Bianco',
  'Marini',
  'Grasso',
  'Valentini',
  'Messina',
  'Sala',
  'De Angelis',
  'Gatti',
  'Pellegrini',
  'Palumbo',
  'Sanna',
  'Farina',
  'Rizzi',
  'Monti',
  'Cattaneo',
  'Morelli',
  'Amato',
  'Silvestri',
  'Mazza',
  'Testa',
  'Niccolò',
  'Però',
  'Dalla Libera',
  'Öttl',
];

export type Named = { readonly givenName: string; readonly familyName: string; readonly username: string };

/** People's names without repeats; user names are plain letters. */
export function namer(chance: Chance): () => Named {
  const taken = new Set<string>();
  return () => {
    for (;;) {
      const givenName = chance.pick(chance.happens(0.55) ? WOMEN : MEN);
      const familyName = chance.pick(FAMILIES);
      const username = `${givenName}.${familyName}`
        .normalize('NFD')
        .replace(/[^A-Za-z.]/g, '')
        .toLowerCase();
      if (taken.has(username)) continue;
      taken.add(username);
      return { givenName, familyName, username };
    }
  };
}
