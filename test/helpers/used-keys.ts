import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { filesIn, folders, nodeFolders, readCatalogue } from './catalogues.js';
import { root } from './packed.js';
import { type Possible, possibleTexts } from './possible-texts.js';
import { allIn, sourceNames } from './source-names.js';

/** A key that the sources ask for. */
export interface Use {
  key: string;
  /** The node whose catalogue must have it; `core` where it is one of Node-RED's own. */
  node: string;
  /** File and line. */
  place: string;
}

/** A place in the code that asks for a key; the key itself is not always there to read. */
interface Asked {
  place: ts.Expression;
  keys: Possible[] | undefined;
  isCore?: boolean;
}

const sections = new Set(
  folders.flatMap((folder) => Object.keys(readCatalogue(folder, 'en-US')).map((key) => key.split('.')[0])),
);
/** A text of the code that begins like a key of a catalogue is one. */
const keyLike = new RegExp(`^(\\[[\\w-]+\\])?(${[...sections].join('|')})\\.[\\w.-]*$`);

/**
 * Every key that the sources in nodes/ ask for: in the html by `data-i18n`, in the code by `_(...)` and by what begins like a key.
 * `told` has, by the beginning of a key, the endings that only the running program knows; `untold` are the places where even that
 * does not say which keys are meant.
 */
export function usedKeys(told: Record<string, readonly string[]>): { uses: Use[]; untold: string[] } {
  const files = filesIn(join(root, 'nodes'));
  const code = files.filter((file) => file.endsWith('.ts'));
  const forms = files.filter((file) => file.endsWith('.html') && !file.includes('/locales/'));
  const { uses, untold } = usedInCode(code, told);
  return { uses: [...forms.flatMap(usedInForm), ...uses], untold };
}

function usedInForm(file: string): Use[] {
  return keysInMarkup(readFileSync(file, 'utf8')).map((key) =>
    toUse(key, nodeOf(file) ?? 'shared', relative(root, file)),
  );
}

/** Every key of `data-i18n="key;[attribute]key"`. */
function keysInMarkup(markup: string): string[] {
  return [...markup.matchAll(/data-i18n=\\?["']([^"'\\]+)/g)].flatMap(([, keys = '']) => keys.split(';'));
}

function usedInCode(paths: string[], told: Record<string, readonly string[]>): { uses: Use[]; untold: string[] } {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(root, 'tsconfig.json'),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  const program = ts.createProgram(paths, config?.options ?? {});
  const checker = program.getTypeChecker();
  const files = program.getSourceFiles().filter(({ fileName }) => paths.includes(fileName));
  const names = sourceNames(checker, files);
  const possible = possibleTexts(checker, names, told);

  const asked = files.flatMap((file) => allIn(file, ts.isExpression)).flatMap(askedBy);
  return {
    uses: asked.flatMap(({ place, keys, isCore }) =>
      (keys ?? []).flatMap(({ text, by }) =>
        (isCore ? ['core'] : [...usersOf(by ?? place)]).map((node) => toUse(text, node, placeOf(place))),
      ),
    ),
    untold: asked.filter(({ keys }) => !keys).map(({ place }) => `${placeOf(place)} ${place.getText()}`),
  };

  /** In the browser `RED._` speaks for the editor, everywhere else for the node. */
  function askedBy(node: ts.Expression): Asked[] {
    if (
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      node.expression.name.text === '_' &&
      node.arguments[0]
    ) {
      const speaker = checker.getTypeAtLocation(node.expression.expression);
      return [{ place: node, keys: possible(node.arguments[0]), isCore: speaker.symbol?.name === 'EditorRed' }];
    }
    if (!ts.isStringLiteralLike(node) && !ts.isTemplateExpression(node)) return [];
    if (keyLike.test(ts.isTemplateExpression(node) ? node.head.text : node.text))
      return [{ place: node, keys: possible(node) }];
    return keysInMarkup(node.getText()).map((text) => ({
      place: node,
      keys: text.includes('${') ? undefined : [{ text }],
    }));
  }

  /** The nodes that a place belongs to: its folder's; for what is shared, those that use the function around it. */
  function usersOf(place: ts.Node, seen = new Set<ts.Node>()): Set<string> {
    const node = nodeOf(place.getSourceFile().fileName);
    if (node) return new Set([node]);
    let statement = place;
    while (!ts.isSourceFile(statement.parent)) statement = statement.parent;
    if (seen.has(statement)) return new Set();
    seen.add(statement);
    const users = declaredBy(statement).flatMap((name) => names.usesOf(name));
    return new Set(users.flatMap((user) => [...usersOf(user, seen)]));
  }
}

function declaredBy(statement: ts.Node): ts.Node[] {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map(({ name }) => name);
  return (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name
    ? [statement.name]
    : [];
}

function toUse(key: string, node: string, place: string): Use {
  const bare = key.replace(/^\[[\w-]+\]/, '');
  return { key: bare, node: bare.includes(':') ? 'core' : node, place };
}

function nodeOf(file: string): string | undefined {
  return nodeFolders.find((folder) => file.includes(`/nodes/${folder}/`));
}

function placeOf(node: ts.Node): string {
  const file = node.getSourceFile();
  return `${relative(root, file.fileName)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}
