export const ROUTES = { 'logbook.start-import': '/logbook/imports' };
