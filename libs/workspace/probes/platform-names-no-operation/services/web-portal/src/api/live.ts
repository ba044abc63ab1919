export const topic = 'reporting.show-counters'; // planted: 1
