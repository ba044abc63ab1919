import type { Messages } from '../messages.js';
import { counters } from './counters.js';
import { features } from './features.generated.js';
import { logbook } from './logbook.js';
import { places } from './places.js';
import { refusals } from './refusals.js';
import { school } from './school.js';
import { services } from './services.generated.js';
import { shell } from './shell.js';
import { system } from './system.js';
import { ui } from './ui.js';
import { validation } from './validation.js';
import { words } from './words.js';

export const en: Messages = {
  ...ui,
  ...shell,
  ...places,
  ...words,
  ...logbook,
  ...counters,
  ...validation,
  ...school,
  ...system,
  ...services,
  ...features,
  ...refusals,
};
