const unheard = (_why: string) => (): undefined => undefined;
const fails = (): Promise<void> => Promise.reject(new Error('nobody hears it'));

try {
  await fails();
} catch {} // silent: 6

try {
  await fails();
} catch (error) {
  // silent: 10, whatever a comment says
}

void fails().catch(() => undefined); // silent: 14
void fails().catch(() => {}); // silent: 15
void fails().catch((_error: unknown) => void 0); // silent: 16
void fails().catch(async () => {}); // silent: 17
void fails().catch(function () {}); // silent: 18
void fails().then(unheard('it went well'), () => undefined); // silent: 19
void fails().then(
  () => undefined,
  (_error: unknown) => {}, // silent: 22
);

void fails().catch(unheard('it is closed: nobody asks any more'));
void fails().then(() => undefined, unheard('it is closed: nobody asks any more'));
void fails().catch((error: unknown) => console.error(error));
try {
  await fails();
} catch (error) {
  console.error(error);
}
