/** A section of the tab, with its heading. */
export function makeSection(title: string): JQuery {
  return $('<section class="nanogpt-section">').append($('<h3>').text(title));
}
