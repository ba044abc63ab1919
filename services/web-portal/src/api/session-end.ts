/** Session ended while the page is open: calls wait here until the person has signed in again, so that no form is lost. */
type Waiting = (signedIn: boolean) => void;

let signedIn = false;
let waiting: Waiting[] = [];
let onEnd: () => void = () => undefined;
const channelName = 'ateneo-session';

/** Told by the shell once it knows that someone is signed in. */
export const sessionIs = (value: boolean): void => {
  signedIn = value;
};
/** Resolves to true after a new sign-in, to false where nobody was signed in or the person gave up. */
export const signedInAgain = (): Promise<boolean> => {
  if (!signedIn) return Promise.resolve(false);
  onEnd();
  return new Promise((resolve) => waiting.push(resolve));
};
const answer = (value: boolean) => {
  const all = waiting;
  waiting = [];
  for (const resolve of all) resolve(value);
};
export const giveUpSigningIn = (): void => answer(false);

/** Shows the dialog when the session ends, hides it when another window has signed in; returns the way to stop. */
export const watchSession = (ended: () => void, back: () => void): (() => void) => {
  onEnd = ended;
  const listen = () => {
    back();
    answer(true);
  };
  const channel = new BroadcastChannel(channelName);
  channel.addEventListener('message', listen);
  return () => channel.close();
};
/** Said by the window in which the person signed in again. */
export const announceSignIn = (): void => {
  const channel = new BroadcastChannel(channelName);
  channel.postMessage('signed-in');
  channel.close();
};
