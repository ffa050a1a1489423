/** SVG groups between the grid and the links: those of node groups and of their selection (Node-RED 4.0 to 5.0). */
const GROUP_LAYERS = 2;

/** At least so many SVG groups follow: links, junctions, dragged items, nodes. */
const UPPER_LAYERS = 3;

/**
 * Makes a layer of the view for previews, behind links and nodes and in front of node groups. Undefined where the view
 * has other layers than expected.
 */
export function findPreviewLayer(): SVGGElement | undefined {
  const grid = document.querySelector('#red-ui-workspace-chart .red-ui-workspace-chart-grid');
  const layers = [...(grid?.parentElement?.children ?? [])];
  const above = layers.slice(layers.indexOf(grid as Element) + 1).filter(({ tagName }) => tagName === 'g');
  const links = above[GROUP_LAYERS];
  if (!grid || !links || above.length < GROUP_LAYERS + UPPER_LAYERS) return undefined;
  const layer = document.createElementNS('http://www.w3.org/2000/svg', 'g');
  layer.classList.add('nanogpt-previews');
  links.before(layer);
  return layer;
}
