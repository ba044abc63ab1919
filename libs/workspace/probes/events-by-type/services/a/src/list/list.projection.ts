export const list = { name: 'list', version: 1, public: ['logbook.entry-recorded.v1'] };
