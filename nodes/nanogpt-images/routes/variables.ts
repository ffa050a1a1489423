import type { Node, NodeAPI } from 'node-red';

/** Where a node of the editor is, or will be once it is deployed. */
export interface NodeLocation {
  id: string;
  /** Its tab; absent for what belongs to all. */
  z?: string;
  name?: string;
}

/** Looks up what stands for `${NAME}`; undefined where nothing does. */
export type Variables = (name: string) => unknown;

/** A node with the flow that knows its variables, which Node-RED keeps to itself. */
type PlacedNode = Pick<Node, 'id' | 'type'> & { _flow?: object };

/** The variables that Node-RED has for a node in its place: of its group, its tab, of all flows, of the environment. */
export function variablesAt(RED: NodeAPI, place: NodeLocation): Variables {
  const node = findNode(RED, place.id);
  const flow = (node ?? findNeighbour(RED, place))?._flow;
  if (!flow) return environment(RED);
  return (name) => RED.util.getSetting((node ?? { ...place, _flow: flow }) as Node, name);
}

/** Settings with each `${NAME}` filled in as Node-RED does before a node is made: where it is the whole of a value and has one. */
export function fillVariables<Settings extends object>(settings: Settings, variables: Variables): Settings {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, filled(value, variables)]),
  ) as Settings;
}

/** The name in a text that is `${NAME}`, or `$(NAME)` as it was written long ago; undefined for any other. */
export function variableIn(text: string): string | undefined {
  return (/^\$\{(\S+)\}$/.exec(text) ?? /^\$\((\S+)\)$/.exec(text))?.[1];
}

function filled(value: unknown, variables: Variables): unknown {
  const name = typeof value === 'string' ? variableIn(value) : undefined;
  return name === undefined ? value : (variables(name) ?? value);
}

function findNode(RED: NodeAPI, id: string): PlacedNode | undefined {
  return RED.nodes.getNode(id) ?? undefined;
}

/** A deployed node that has the same flow: one of the tab, or the one that holds the variables of all flows. */
function findNeighbour(RED: NodeAPI, { z }: NodeLocation): PlacedNode | undefined {
  let found: PlacedNode | undefined;
  RED.nodes.eachNode((definition) => {
    if (z === undefined ? definition.type === 'global-config' : definition.z === z)
      found ??= findNode(RED, definition.id);
  });
  return found;
}

/** Where no flow is deployed that could know more. */
function environment(RED: NodeAPI): Variables {
  const { envVarExcludes } = RED.settings as { envVarExcludes?: unknown };
  return (name) => (Array.isArray(envVarExcludes) && envVarExcludes.includes(name) ? undefined : process.env[name]);
}
