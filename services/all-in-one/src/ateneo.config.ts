/** The environment of the command line. */
export const commandLineEnvironment: Readonly<Record<string, string | undefined>> = process.env;
