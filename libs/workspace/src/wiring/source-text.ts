/** A text as a literal of the code that is written. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;
/** The name of a service as a key of an object. */
export const keyOf = (name: string): string => (name.includes('-') ? quoted(name) : name);
