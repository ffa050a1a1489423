import ts from 'typescript';
import type { SourceNames } from './source-names.js';

/** A text that an expression may have, and the call that it was handed over in, if it was. */
export interface Possible {
  text: string;
  by?: ts.CallExpression;
}

/** Gives every text that an expression may have; undefined where neither the code nor a type says. */
export type PossibleTexts = (expression: ts.Expression) => Possible[] | undefined;

const callsWithEach = ['forEach', 'map', 'flatMap', 'filter', 'some', 'every', 'find'];

/**
 * Follows texts through the code: literals, templates, choices, constants, loops over lists that are written down, and
 * parameters to all their callers; else a type that is a choice of texts. `told` has, by the beginning of a template, what may
 * follow where only the running program knows.
 */
export function possibleTexts(
  checker: ts.TypeChecker,
  names: SourceNames,
  told: Record<string, readonly string[]>,
): PossibleTexts {
  const underWay = new Set<ts.Node>();
  return of;

  function of(expression: ts.Expression): Possible[] | undefined {
    const node = bare(expression);
    if (ts.isStringLiteralLike(node)) return [{ text: node.text }];
    if (ts.isTemplateExpression(node))
      return joined(node.head.text, ...node.templateSpans.flatMap((span) => [span.expression, span.literal.text]));
    if (ts.isConditionalExpression(node)) return either([node.whenTrue, node.whenFalse].map(of));
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
      return joined(node.left, node.right);
    return (ts.isIdentifier(node) ? ofName(node) : undefined) ?? ofType(checker.getTypeAtLocation(node));
  }

  function joined(...parts: (ts.Expression | string)[]): Possible[] | undefined {
    let begun: Possible[] = [{ text: '' }];
    for (const part of parts) {
      const next =
        typeof part === 'string'
          ? [{ text: part }]
          : (of(part) ?? told[begun.length === 1 ? begun[0]!.text : '']?.map((text) => ({ text })));
      if (!next) return undefined;
      begun = begun.flatMap((one) => next.map((other) => ({ ...one, ...other, text: one.text + other.text })));
    }
    return begun;
  }

  function ofName(name: ts.Identifier): Possible[] | undefined {
    const declaration = names.meant(name)?.valueDeclaration;
    if (!declaration || underWay.has(declaration)) return undefined;
    underWay.add(declaration);
    const found = ofDeclaration(declaration);
    underWay.delete(declaration);
    return found;
  }

  function ofDeclaration(declaration: ts.Declaration): Possible[] | undefined {
    if (ts.isBindingElement(declaration)) return ofFirstOfPair(declaration);
    if (ts.isParameter(declaration)) return ofEach(declaration) ?? ofArguments(declaration);
    if (!ts.isVariableDeclaration(declaration)) return undefined;
    const { parent } = declaration.parent;
    if (ts.isForOfStatement(parent)) return ofList(parent.expression);
    return ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const && declaration.initializer
      ? of(declaration.initializer)
      : undefined;
  }

  /** The first half of each pair of a list, as in `for (const [name, value] of Object.entries(fields))`. */
  function ofFirstOfPair({ parent: pattern, name }: ts.BindingElement): Possible[] | undefined {
    const isFirst =
      ts.isArrayBindingPattern(pattern) &&
      pattern.elements[0] &&
      ts.isBindingElement(pattern.elements[0]) &&
      pattern.elements[0].name === name;
    return isFirst && !ts.isBindingElement(pattern.parent) ? ofDeclaration(pattern.parent) : undefined;
  }

  function ofArguments(parameter: ts.ParameterDeclaration): Possible[] | undefined {
    const { parent: callee } = parameter;
    const name = callee.name ?? (ts.isVariableDeclaration(callee.parent) ? callee.parent.name : undefined);
    const calls = (name ? names.usesOf(name) : []).map(({ parent }) => parent).filter(ts.isCallExpression);
    const index = callee.parameters.indexOf(parameter);
    const given = calls.map((call) => {
      const argument = call.arguments[index] ?? parameter.initializer;
      return argument && of(argument)?.map((one) => ({ by: call, ...one }));
    });
    return calls.length > 0 ? either(given) : undefined;
  }

  /** The parameter of a function that is called with each element of a list. */
  function ofEach({ parent: callback }: ts.ParameterDeclaration): Possible[] | undefined {
    const call = callback.parent;
    if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return undefined;
    return callsWithEach.includes(call.expression.name.text) ? ofList(call.expression.expression) : undefined;
  }

  function ofList(expression: ts.Expression): Possible[] | undefined {
    const node = bare(expression);
    if (ts.isSpreadElement(node)) return ofList(node.expression);
    if (ts.isArrayLiteralExpression(node))
      return either(node.elements.map((element) => (ts.isSpreadElement(element) ? ofList : of)(element)));
    if (ts.isCallExpression(node) && /^Object\.(keys|entries)$/.test(node.expression.getText()))
      return ofKeys(node.arguments[0]!);
    const declaration = ts.isIdentifier(node) ? names.meant(node)?.valueDeclaration : undefined;
    if (declaration && ts.isVariableDeclaration(declaration) && declaration.initializer)
      return ofList(declaration.initializer);
    const element = checker.getIndexTypeOfType(checker.getTypeAtLocation(node), ts.IndexKind.Number);
    return element && ofType(element);
  }

  function ofKeys(expression: ts.Expression): Possible[] | undefined {
    const properties = checker.getPropertiesOfType(checker.getTypeAtLocation(expression));
    return properties.length > 0 ? properties.map(({ name }) => ({ text: name })) : undefined;
  }
}

/** An expression without what only the compiler reads. */
function bare(expression: ts.Expression): ts.Expression {
  const isWrapped = [
    ts.isParenthesizedExpression,
    ts.isAsExpression,
    ts.isSatisfiesExpression,
    ts.isNonNullExpression,
  ].some((isKind) => isKind(expression));
  return isWrapped ? bare((expression as ts.ParenthesizedExpression).expression) : expression;
}

function either(choices: (Possible[] | undefined)[]): Possible[] | undefined {
  return choices.every((choice) => choice !== undefined) ? choices.flat() : undefined;
}

function ofType(type: ts.Type): Possible[] | undefined {
  const types = type.isUnion() ? type.types : [type];
  return types.every((one) => one.isStringLiteral()) ? types.map(({ value }) => ({ text: value })) : undefined;
}
