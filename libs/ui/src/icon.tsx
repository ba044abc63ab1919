const paths = {
  add: 'M12 5v14M5 12h14',
  again: 'M20 5v5h-5m4.500-.500A8 8 0 1 0 20 14',
  back: 'M19 12H5m6-6-6 6 6 6',
  book: 'M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3V4Zm0 13a3 3 0 0 1 3-3h11',
  calendar: 'M4 6h16v14H4V6Zm0 4h16M8 3v4m8-4v4',
  chart: 'M4 20V10m6 10V4m6 16v-8m5 8H2',
  check: 'm4 12.5 5 5L20 6.5',
  chevron: 'm6 9 6 6 6-6',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5l3.5 2',
  close: 'M6 6l12 12M18 6 6 18',
  copy: 'M9 9h11v11H9V9Zm-3 6H4V4h11v2',
  document: 'M6 3h8l5 5v13H6V3Zm8 0v5h5M9 13h7m-7 4h7',
  download: 'M12 4v11m-5-5 5 5 5-5M4 20h16',
  edit: 'M4 20h4L20 8l-4-4L4 16v4Zm9-13 4 4',
  external: 'M14 4h6v6m0-6-9 9M9 5H4v15h15v-5',
  forward: 'm9 6 6 6-6 6',
  home: 'M4 11 12 4l8 7v9h-5v-6H9v6H4v-9Z',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-10v5m0-8.5v.5',
  menu: 'M4 7h16M4 12h16M4 17h16',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6 9c0-3.5 2.5-6 6-6s6 2.5 6 6m1-16a3.5 3.5 0 0 1 0 7m2 3.5c2 .7 3 2.7 3 5.5',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 9c0-4 3-6.5 7-6.5s7 2.5 7 6.5',
  print: 'M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7v-7Z',
  pulse: 'M2 12h5l3-8 4 16 3-8h5',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm9.5 2.5L16 16',
  send: 'M4 12 20 4l-4 16-5-6-7-2Zm7 2 4-5',
  shield: 'M12 3l8 3v6c0 4.5-3.5 7.5-8 9-4.5-1.5-8-4.5-8-9V6l8-3Zm-4 9 3 3 5-6',
  sort: 'M8 4v16m-4-4 4 4 4-4M16 20V4m-4 4 4-4 4 4',
  star: 'm12 4 2.5 5.2 5.7.8-4.100 4 1 5.7L12 17l-5.100 2.7 1-5.7-4.100-4 5.7-.8L12 4Z',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm0-13v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.4M5.6 18.400 7 17M17 7l1.4-1.4',
  undo: 'M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6',
  upload: 'M12 16V5m-5 5 5-5 5 5M4 20h16',
  warning: 'M12 4 2.5 20h19L12 4Zm0 6v5m0 2.5v.5',
} as const;
export type IconName = keyof typeof paths;

/** A drawn sign beside a word; it says nothing to a screen reader. */
export const Icon = ({ name, filled = false }: { name: IconName; filled?: boolean }) => (
  <svg className={filled ? 'at-icon at-icon--filled' : 'at-icon'} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={paths[name]} />
  </svg>
);
