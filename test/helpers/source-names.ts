import ts from 'typescript';

/** Who calls what by which name, over some source files and their imports of each other. */
export interface SourceNames {
  /** What a name stands for, behind imports. */
  meant(name: ts.Node): ts.Symbol | undefined;
  /** Every place that uses what is declared under a name, the declaration left out. */
  usesOf(name: ts.Node): ts.Identifier[];
}

/** Looks up all names of the files once. */
export function sourceNames(checker: ts.TypeChecker, files: readonly ts.SourceFile[]): SourceNames {
  const found = new Map<ts.Symbol, ts.Identifier[]>();
  const meant = (name: ts.Node): ts.Symbol | undefined => {
    const symbol = checker.getSymbolAtLocation(name);
    const imported = symbol && (takenFromModule(checker, symbol) ?? symbol);
    return imported && imported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(imported) : imported;
  };
  for (const name of files.flatMap((file) => allIn(file, ts.isIdentifier))) {
    const symbol = ts.isShorthandPropertyAssignment(name.parent)
      ? checker.getShorthandAssignmentValueSymbol(name.parent)
      : meant(name);
    const isDeclared = symbol?.declarations?.some((declaration) => ts.getNameOfDeclaration(declaration) === name);
    if (symbol && !isDeclared) found.set(symbol, [...(found.get(symbol) ?? []), name]);
  }
  return {
    meant,
    usesOf(name) {
      const symbol = meant(name);
      return (symbol && found.get(symbol)) ?? [];
    },
  };
}

/** The export that a name is taken from, as in `const { onMessage } = require('./on-message.js') as typeof import('./on-message.js')`. */
function takenFromModule(checker: ts.TypeChecker, { valueDeclaration: taken }: ts.Symbol): ts.Symbol | undefined {
  if (!taken || !ts.isBindingElement(taken) || !ts.isObjectBindingPattern(taken.parent)) return undefined;
  const module = checker.getTypeAtLocation(taken.parent.parent.initializer ?? taken.parent);
  if (!module.symbol || !(module.symbol.flags & ts.SymbolFlags.ValueModule)) return undefined;
  return module.getProperty((taken.propertyName ?? taken.name).getText());
}

/** Every node of one kind below a node. */
export function allIn<Kind extends ts.Node>(top: ts.Node, isKind: (node: ts.Node) => node is Kind): Kind[] {
  const found: Kind[] = [];
  const look = (node: ts.Node): void => {
    if (isKind(node)) found.push(node);
    ts.forEachChild(node, look);
  };
  look(top);
  return found;
}
