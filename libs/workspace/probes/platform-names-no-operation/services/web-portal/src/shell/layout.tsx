export const asked = 'identity.show-me';
export const waiting = 'logbook.list-waiting'; // planted: 2
