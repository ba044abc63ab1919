// Gets the servers and checkers that tests use and npm does not bring; what cannot be had is said, and its tests skip with the reason.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

for (const name of ['nats', 'mongo', 'verapdf', 'keycloak']) {
  const file = join(import.meta.dirname, `${name}.mjs`);
  if (!existsSync(file)) continue;
  const prepare = Object.entries(await import(file)).find(([key]) => key.startsWith('prepare'))?.[1];
  if (!prepare) continue;
  try {
    const { available = true, because } = (await prepare()) ?? {};
    console.log(available ? `${name} is here` : because);
  } catch (error) {
    console.log(`${name} could not be had: ${error.message}`);
  }
}
