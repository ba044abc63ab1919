/** What stands between the two marks of a text is derived; the rest is written by hand. */
const region = (name: string): RegExp =>
  new RegExp(`^([ \\t]*)# >>> ${name}, written by npm run generate\\n[^]*?^\\1# <<< ${name}\\n`, 'm');

/** The text with each region filled anew, its lines indented as the mark is. Throws where a region is missing. */
export function withRegions(text: string, regions: Readonly<Record<string, string>>): string {
  return Object.entries(regions).reduce((done, [name, content]) => {
    const mark = region(name);
    if (!mark.test(done)) throw new Error(`there is no region «${name}»`);
    return done.replace(mark, (_all, indent: string) => {
      const lines = content.split('\n').map((line) => (line === '' ? '' : indent + line));
      return `${indent}# >>> ${name}, written by npm run generate\n${lines.join('\n')}\n${indent}# <<< ${name}\n`;
    });
  }, text);
}
