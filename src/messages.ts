import { clusterMessages } from './cluster/messages.js';
import { warningMessages } from './warning-messages.js';

/**
 * Messages for the person at the editor, in English, by key; `{{name}}` is filled in. The nodes' catalogues hold the
 * same keys in other languages. Each message says what is wrong and, if anything can be done, what to do.
 */
export const messages = {
  // not_configured
  no_account: 'This node has no account: open it and choose one.',
  account_gone: 'The account of this node was deleted or is disabled: open the node and choose another.',
  no_key: 'The account has no API key: open the account and paste the key.',
  key_variable_unset:
    'The API key of the account is {{variable}}, but no such environment variable is set: set it and restart Node-RED, or type the key.',
  management_key:
    'The API key of the account is a management key (sk-nano-mgmt-…), which cannot run models: make a normal key and use that.',
  bad_key: 'The API key of the account holds characters that no key has: paste it again.',
  key_again:
    'The stored API key goes only to the service and the address it was deployed with: type the key again to use it here.',
  key_variable_elsewhere:
    'The API key {{variable}} is filled in only for the address of the service itself and for the deployed one: deploy the account first, or type the key.',
  no_sign_in: 'The server at the base URL of the account has no sign-in: type the key.',
  sign_in_elsewhere:
    'The key of the sign-in goes only to the service and the address where you signed in: sign in again to use it here.',
  no_base_url: 'The account has no base URL: open the account and give the address of the server.',
  bad_base_url:
    'The base URL of the account is not an http or https address: it must look like https://host or http://host:8080/v1.',
  base_url_and_key:
    'The base URL of the account holds a user and a password, and the account has an API key too: only one of them can be sent, so remove the other.',
  wrong_address:
    'The server at the base URL of the account does not know this API (HTTP {{status}}): check the base URL.',
  no_edits_route:
    'The server at the base URL of the account takes no images as a form: it has no /images/edits (HTTP {{status}}). Choose in the account how images are sent, or use a server that changes images.',
  bad_setting: 'The setting “{{field}}” of the account must be a number from {{min}} to {{max}}.',
  ledger_newer:
    'The spending of this account was recorded by a newer version of this package (format {{version}}): update the package, or move {{file}} away.',
  bad_setting_choice: 'The setting “{{field}}” of the account must be one of {{choices}}.',
  bad_setting_whole: 'The setting “{{field}}” of the account must be a whole number from {{min}} to {{max}}.',
  bad_setting_node:
    'The node chosen as “{{field}}” of the account is missing, disabled, not deployed or not filled in: open the account and choose another.',
  bad_setting_empty:
    'The setting “{{field}}” of the account is {{variable}}, which is empty or not set: set this environment variable, or type a value.',

  // invalid_input
  no_prompt: 'There is no prompt in {{field}}: put text there, or set the prompt in this node.',
  empty_prompt: 'The prompt is empty: type one in this node, or fill what its tags refer to.',
  prompt_not_text: '{{field}} must be the prompt as text, but is {{found}}.',
  no_prompt_beside_image:
    '{{source}} holds an image, so the prompt must be text in {{field}}: set it, or type the prompt in this node.',
  bad_template: 'The prompt has a tag that cannot be read: check its curly brackets.',
  not_an_image:
    '{{field}} is not an image: a Buffer, a data URL or base64 text of a PNG, JPEG, WebP, GIF or AVIF is needed.',
  bytes_as_text:
    '{{field}} holds the bytes of a file that were read as text: let the previous node output a Buffer (http request: “a binary buffer”, read file: “a single Buffer object”, mqtt in: “a Buffer”).',
  base64_damaged: '{{field}} is base64 text that is damaged: send the image as a Buffer, or the text as it was made.',
  image_inside_text: '{{field}} is text with an image inside: send the data URL alone.',
  path_not_read:
    '{{field}} is the path of a file, not the file: read it first, with a “read file” or an “http request” node.',
  object_promise: '{{field}} is a Promise, not the image: put “await” before the call in the function node.',
  object_stream: '{{field}} is a stream, not the whole image: collect it into one Buffer first.',
  object_jimp: '{{field}} is an image that is not encoded yet: send the Buffer that its getBuffer gives.',
  object_class:
    '{{field}} is an instance of the class {{name}}, which is not searched for an image: send a Buffer, a data URL or base64 text.',
  image_in_object: '{{field}} is an object that holds bytes in {{path}}: choose that as the image in this node.',
  too_many_images: '{{field}} is a list of {{count}}: at most {{limit}} images can be sent.',
  too_many_for_model: '{{model}} takes at most {{max}} input images, but {{count}} were given: send fewer.',
  too_small_for_model: '{{field}} is {{size}}, but {{model}} takes images from {{min}}: use a larger one.',
  piece_of_file:
    '{{field}} is a piece of a file: join the pieces to one Buffer first (read file: “a single Buffer object”).',
  image_in_tag:
    'The tag {{tag}} of the prompt finds an image or bytes, not words: choose that as the image in this node, and leave the tag out.',
  object_in_tag: 'The tag {{tag}} of the prompt finds an object, not words: name one of its properties.',
  text_too_long: '{{field}} has over {{limit}} characters: use a shorter text.',
  address_beside_prompt:
    '{{field}} is an address and msg.prompt a prompt: let Image read another property than Prompt, and the image is fetched from there.',
  parameters_too_large: '{{field}} is too large or nested too deep for fields of the API: send fewer of them.',
  format_not_taken: '{{field}} is {{format}}, which the service does not take: convert it to PNG, JPEG, WebP or GIF.',
  input_not_fetched: 'The image at the address in {{field}} could not be fetched: {{reason}}.',
  empty_list: '{{field}} is an empty list: at least one image is needed.',
  one_mask: '{{field}} holds {{count}} images: only one mask can be used.',
  mask_without_image:
    'There is a mask in {{field}} but no image to change: put the image in {{image}}, or remove the mask.',
  images_ignored:
    'This server ignores images that are sent as JSON and would make one from the prompt alone: choose “as a form to /images/edits” in the account.',
  bad_value: '{{field}} could not be read: {{reason}}',
  bad_text: '{{field}} must be text, but is {{found}}.',
  bad_whole_number: '{{field}} must be a whole number from {{min}}, but is {{found}}.',
  bad_range: '{{field}} must be a number from {{min}} to {{max}}, but is {{found}}.',
  bad_whole_range: '{{field}} must be a whole number from {{min}} to {{max}}, but is {{found}}.',
  bad_seed: '{{field}} must be a whole number, but is {{found}}.',
  bad_choice: '{{field}} must be one of {{choices}}, but is {{found}}.',
  bad_parameters: '{{field}} must be an object of further API fields, such as {"style": "vivid"}, but is {{found}}.',
  reserved_parameter:
    'The parameters hold “{{name}}”, which cannot be set there: use the fields and the message for it.',
  deploy_first: '{{field}} can be read once this node is deployed: deploy it, or try another value in its place.',
  nothing_to_ask:
    'This service cannot be asked for its {{what}}: choose something else in this node, or another account.',
  model_needed: '{{service}} needs a model: choose one in the node or the account, such as {{models}}.',
  sharp_to_convert:
    '{{field}} is {{format}}, which the service does not take, and sharp, which converts images, is not installed: use a PNG or JPEG, or try “npm install sharp”.',
  sharp_for_mask:
    '{{field}} is used as it is only where it is a PNG of the size of the image ({{size}}) and the service takes white as “change”: for any other, sharp is needed. Try “npm install sharp”.',
  image_damaged: '{{field}} is damaged and cannot be decoded: use another image. ({{reason}})',
  sharp_for_output:
    'Delivering images in another size or type needs sharp, which is not installed: clear these settings of the node, or try “npm install sharp”.',
  bad_output_size: '{{field}} must look like 800x480, with sides from 1 to {{max}}, but is {{found}}.',
  reuse_without_history:
    '{{field}} answers from the history, which is off in the account: turn the history on there, or clear this setting.',
  image_cut_off:
    '{{field}} is cut off: the file ends inside the image. Use the whole file; if it comes in pieces, join them first.',
  mask_empty: 'Nothing in {{field}} is white, so nothing would change: paint white what is to change.',
  mask_full: 'All of {{field}} says “change”: paint black what is to stay, or send the image without a mask.',

  // too_large
  input_too_large: '{{field}} is over {{megabytes}} MB: use a smaller image.',
  images_too_large:
    'The images cannot be made small enough for the service, which takes {{limit}} MB after encoding: use fewer images or a shorter prompt.',
  sharp_to_shrink:
    '{{field}} does not fit into the {{limit}} MB that the service takes after encoding, and sharp, which makes images smaller, is not installed: use smaller images, or try “npm install sharp”.',
  too_many_pixels:
    '{{field}} has {{megapixels}} megapixels, more than the {{limit}} that an image of its format may have here: use a smaller image.',
  body_too_large:
    'The request has {{megabytes}} MB, but the service takes {{limit}} MB after encoding: use smaller images.',
  too_large_for_service: 'The service refuses the request because it is too large: use smaller images. ({{detail}})',

  // blocked_address
  blocked_address:
    '{{host}} is not on the public internet: allow such addresses in the account, or fetch the image with an http request node.',
  addresses_not_taken:
    '{{field}} is an address, and the account takes none: allow them in the account, or fetch the image with an http request node.',

  // budget_exceeded
  budget_exceeded:
    'This request does not fit into the budget of the account: {{spent}} of {{budget}} {{currency}} are spent or reserved until {{ends}}. Wait, or raise the budget.',

  unpriced_unknown:
    'A request of unknown price, sent {{sent}}, ended without an answer, so the rest of the budget is unknown: use a model with a listed price, or settle that request by hand in the sidebar tab “Images”.',

  // queue_full
  queue_full: 'Already {{limit}} messages wait for this account: send fewer, or raise its queue limit.',
  queue_too_large: 'Images of {{megabytes}} MB already wait for this account: send fewer or smaller ones.',

  ...clusterMessages,

  // what the service says
  unauthorized: 'The service does not accept the API key of the account: check the key. ({{detail}})',
  insufficient_balance: 'The balance of the account is too low: add funds with the service. ({{detail}})',
  model_not_found: 'The service does not know or no longer offers this model: choose another. ({{detail}})',
  rejected: 'The service refuses the request: correct what it complains about. ({{detail}})',
  sign_in_failed: 'The service refuses the sign-in (HTTP {{status}}): type the key.',
  moderated: 'The content policy of the service blocks this request: change the prompt or the image. ({{detail}})',
  rate_limited: 'The service is busy or gets too many requests from this account: wait and send again. ({{detail}})',
  daily_limit: 'The account has used up what the service allows for now: wait until it resets. ({{detail}})',
  daily_limit_until: 'The account has used up what the service allows for now. It resets at {{time}}. ({{detail}})',
  service_timed_out:
    'The service gave up waiting; the image may have been made and charged: check with the service before you send again. ({{detail}})',
  server_failed:
    'The service failed; the image may have been made and charged: check with the service before you send again. ({{detail}})',

  // the connection
  unreachable: 'No connection to {{host}} could be made: check the network and the base URL of the account.',
  unreachable_by_proxy:
    'No connection to {{host}} could be made: the proxy {{proxy}} {{reason}}. Check the proxy of the account, or that of the environment.',
  unreachable_in_time:
    'No connection to {{host}} could be made within {{seconds}} s: check the network and the base URL of the account.',
  timed_out:
    '{{host}} gave no whole answer within {{seconds}} s; the image may have been made and charged: check with the service before you send again.',
  connection_lost:
    'The connection to {{host}} was lost after the request was sent; the image may have been made and charged: check with the service before you send again.',
  connection_lost_early:
    'The connection to {{host}} was lost before the whole request was sent: check the network, and send it again.',

  // bad_response
  answer_too_large:
    'The answer of the service is over {{megabytes}} MB and was dropped: ask for fewer or smaller images.',
  answer_too_long:
    'The answer of the service is far longer than such an answer ever is and was dropped: check the base URL of the account.',
  answer_not_inflated: 'The compressed answer of the service is damaged: check the proxy or gateway on the way to it.',
  answer_not_json: 'The service answered something that is not JSON: check the base URL of the account.',
  error_inside:
    'The service answered with an error and no image: correct what it names, or choose another model. ({{detail}})',
  job_begun:
    'The service has only started a job ({{jobId}}) and does not send the image here: fetch it from the service, or choose another model. The id is in msg.failure.jobId.',
  no_images:
    'The service answered without an image: check with the service whether it was charged, or choose another model.',
  empty_entry: 'An entry of the answer holds no image.',
  made_no_image:
    'The service sent something that is not an image of a known format: choose another file format or model.',
  no_balance: 'The service answered without a balance: check the base URL of the account.',
  no_subscription: 'The service answered without a subscription: check the base URL of the account.',
  sign_in_unreadable: 'The service answered the sign-in with something that cannot be read: type the key.',
  models_unreadable: 'The service answered with a list of models that cannot be read: type the model yourself.',
  not_answered: 'The service did not answer when asked for its {{what}}: ask again later.',

  // download_failed
  download_failed:
    'The image was made and paid for but could not be fetched: {{reason}}. Its address is in msg.failure.urls.',
  download_refused: 'An image could not be downloaded: {{reason}}.',

  // cancelled
  cancelled: 'The message was cancelled.',
  node_closed: 'The node was stopped or removed before the image was there.',

  // unexpected
  unforeseen: 'Something went wrong inside this node, which is a mistake in it: please report it. ({{reason}})',

  ...warningMessages,
} as const satisfies Record<string, string>;

/** The key of a message, by which it is translated. */
export type MessageKey = keyof typeof messages;
