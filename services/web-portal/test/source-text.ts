import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

const root = new URL('../../../', import.meta.url);
const parse = (path: string) =>
  ts.createSourceFile(
    path,
    readFileSync(new URL(path, root), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
    path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );

const visit = (node: ts.Node, see: (node: ts.Node) => void): void => {
  see(node);
  ts.forEachChild(node, (child) => visit(child, see));
};

/** Paths of the sources below a folder of the workspace. */
export const sourcesIn = (folder: string): string[] =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.spec.ts'))
    .map((path) => `${folder}/${path}`);

const spoken = new Set(['label', 'title', 'alt', 'placeholder', 'hint', 'aria-label', 'lead', 'act', 'caption']);
const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
const isSentence = (text: string): boolean => /\p{L}{2,}/u.test(text);

/** Words that a component writes by itself, instead of asking for a message. */
export const hardCodedIn = (path: string): string[] => {
  const found: string[] = [];
  visit(parse(path), (node) => {
    if (ts.isJsxText(node) && isSentence(node.text)) found.push(`${path}: ${node.text.trim()}`);
    if (
      ts.isJsxAttribute(node) &&
      spoken.has(node.name.getText()) &&
      node.initializer &&
      ts.isStringLiteral(node.initializer) &&
      isSentence(node.initializer.text)
    )
      found.push(`${path}: ${node.getText()}`);
  });
  return found;
};

/** Message keys that a source may use: its strings, and patterns of its templates and of `codeText('family', …)`. */
export const keysUsedIn = (path: string): { exact: string[]; patterns: RegExp[] } => {
  const exact: string[] = [];
  const patterns: RegExp[] = [];
  const pattern = (text: string) => patterns.push(new RegExp(`^${text}$`));
  visit(parse(path), (node) => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) exact.push(node.text);
    if (ts.isTemplateExpression(node))
      pattern([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].map((text) => escaped(text)).join('.+'));
    if (ts.isCallExpression(node) && node.expression.getText() === 'codeText' && node.arguments[0] && ts.isStringLiteral(node.arguments[0]))
      pattern(`${escaped(node.arguments[0].text)}\\..+`);
  });
  return { exact, patterns: patterns.filter(({ source }) => /^\^[\w-]+\\\./.test(source)) };
};
