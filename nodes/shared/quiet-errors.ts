import type { Node } from 'node-red';

/** A node with the flow that knows its Catch nodes, which Node-RED keeps to itself. */
type FlowNode = Node & { _flow?: { handleError?(node: Node, error: unknown, msg: unknown): boolean } };

/** Errors that only Catch nodes hear of, each with what is done where there is none. */
export type QuietErrors = WeakMap<object, () => void>;

/**
 * Keeps some errors of a node out of the log: hundreds of messages that end for one reason would fill the debug
 * sidebar. `done` gives each error to `node.error`, which asks the Catch nodes first and then writes to the log; this
 * replaces the second step for an error in the map it returns.
 */
export function quietErrors(node: Node): QuietErrors {
  const quiet: QuietErrors = new WeakMap();
  const { _flow: flow } = node as FlowNode;
  if (!flow?.handleError) return quiet;
  const log = node.error.bind(node);
  node.error = (error: unknown, msg?: unknown): void => {
    const otherwise = typeof error === 'object' && error !== null ? quiet.get(error) : undefined;
    if (!otherwise) return log(error, msg as never);
    if (!flow.handleError!(node, error, msg)) otherwise();
  };
  return quiet;
}
