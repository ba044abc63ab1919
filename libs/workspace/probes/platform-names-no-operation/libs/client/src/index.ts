export const waited = 'career.show-career'; // planted: 1
