/** Messages of warnings, in English, by key: what did not stop the work. */
export const warningMessages = {
  fewer_images: '{{received}} of {{requested}} images came back.',
  other_size: 'The image is {{received}}, not {{requested}} as asked.',
  empty_tag: 'The tag {{tag}} of the prompt finds nothing.',
  image_changed: '{{field}}: {{before}} -> {{after}}',
  image_not_turned:
    '{{field}} is sent rotated or mirrored, as it is stored: turning it by its EXIF data needs sharp. Try “npm install sharp”.',
  output_not_rendered: 'An image is delivered as it was received, since it cannot be converted: {{reason}}',
  mark_foreign: 'An image is delivered without a mark of this node, since it carries XMP or C2PA metadata of its own.',
  mark_no_place: 'An image is delivered without a mark, since its file ({{format}}) has no room for one.',
  image_end_missing: '{{field}} lacks the marker that ends a JPEG, as some cameras send it: it was added.',
  mask_resized: '{{field}}: {{before}} -> {{after}}, the size of the image',
  mask_cleaned: '{{field}} is not only black and white: what is brighter than half is taken as white.',
  mask_strokes: '{{field}} holds strokes of one colour on nothing: what is painted was taken as what is to change.',
  field_left_out: 'This service does not take {{field}}: it was left out.',
  price_unknown:
    'The price of this model is not known: requests for it go one at a time while the account has a budget.',
  model_ends: 'The service ends {{model}} on {{day}}: choose another model.',
  ledger_in_memory:
    'The spending of this account cannot be written to disk ({{reason}}): it is counted only until Node-RED restarts.',
  ledger_left_over: '{{requests}} requests were under way when Node-RED stopped; they count as possibly paid.',
  history_stopped:
    'No more images are written to the history ({{reason}}): free some disk space or fix the cause, then restart Node-RED.',
  history_cut:
    '{{sent}} of {{found}} images are sent, as many as fit into {{megabytes}} MB: ask for fewer, or for a list only.',
  ledger_shared:
    'Another Node-RED writes to the same user directory: each limits only its own budget, so together they may spend more.',
  ledger_deleted:
    "The record of this account's spending was deleted while Node-RED is running: it will be lost at the next restart.",
  images_not_downloaded: 'An image could not be downloaded: {{reason}}. It is still at: {{addresses}}',
  image_unknown: 'An image has an unknown format: it is passed on unchanged.',
  image_cut: 'An image is incomplete: its data ends too early.',
  answer_cut: 'The answer broke off: there may be more images, and what it cost is not known.',
  plaintext_key: 'The base URL of this account is plain http to {{host}}: the API key is sent unencrypted. Use https.',
  error_beside: 'The answer also holds an error: {{detail}}',
} as const satisfies Record<string, string>;
