const send = (): Promise<void> => Promise.resolve();
export const forget = (): void => {
  send();
};
