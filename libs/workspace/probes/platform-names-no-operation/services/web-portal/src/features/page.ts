export const asked = 'logbook.list-waiting';
