import type { Node, NodeAPI } from 'node-red';
import { variableIn } from '../../shared/variable.js';

/** The location of a node, deployed or not. */
export interface NodeLocation {
  id: string;
  /** Its tab; absent for a global node. */
  z?: string;
  name?: string;
}

/** Looks up the value of `${NAME}`; undefined where there is none. */
export type Variables = (name: string) => unknown;

/** A node with its flow, which knows its variables; internal to Node-RED. */
type PlacedNode = Pick<Node, 'id' | 'type'> & { _flow?: object };

/** The variables of a node at a location: of its group, its tab, all flows and the environment. */
export function variablesAt(RED: NodeAPI, place: NodeLocation): Variables {
  const node = findNode(RED, place.id);
  const flow = (node ?? findNeighbour(RED, place))?._flow;
  if (!flow) return environment(RED);
  return (name) => RED.util.getSetting((node ?? { ...place, _flow: flow }) as Node, name);
}

/**
 * Settings with each `${NAME}` filled in like Node-RED does before it
 * creates a node: where it is the whole value and is set.
 */
export function fillVariables<Settings extends object>(settings: Settings, variables: Variables): Settings {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, filled(value, variables)]),
  ) as Settings;
}

function filled(value: unknown, variables: Variables): unknown {
  const name = typeof value === 'string' ? variableIn(value) : undefined;
  return name === undefined ? value : (variables(name) ?? value);
}

function findNode(RED: NodeAPI, id: string): PlacedNode | undefined {
  return RED.nodes.getNode(id) ?? undefined;
}

/** A deployed node of the same flow: one of the tab, or the one that holds the global variables. */
function findNeighbour(RED: NodeAPI, { z }: NodeLocation): PlacedNode | undefined {
  let found: PlacedNode | undefined;
  RED.nodes.eachNode((definition) => {
    if (z === undefined ? definition.type === 'global-config' : definition.z === z)
      found ??= findNode(RED, definition.id);
  });
  return found;
}

/** The variables where no such flow is deployed. */
function environment(RED: NodeAPI): Variables {
  const { envVarExcludes } = RED.settings as { envVarExcludes?: unknown };
  return (name) => (Array.isArray(envVarExcludes) && envVarExcludes.includes(name) ? undefined : process.env[name]);
}
