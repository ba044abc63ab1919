import { identity } from '../../../libs/contracts/src/index.js'; // planted: 1
import { logbook } from '../../../libs/contracts/src/index.js'; // planted: 2
import type { schoolNetworkEvents as events } from '../../../libs/contracts/src/index.js'; // planted: 3
import * as contracts from '../../../libs/contracts/src/index.js'; // planted: 4

export const known = [identity, logbook, contracts] satisfies unknown[];
export type Opened = typeof events;
export const named = (id: string): unknown[] => [
  'logbook.start-import', // planted: 9
  'career', // planted: 10
  'rpc.reporting.verify-report', // planted: 11
  'changed.school-network', // planted: 12
  '/api/logbook/imports', // planted: 13
  `logbook.event.entry-validated.${id}`, // planted: 14
  /^logbook\.entry-(recorded|amended)/, // planted: 15
  'changed.identity',
  'identity.set-password',
  'careers of a school', // a word is no name
  '/logbook/new', // an address of the portal
];
