/**
 * Names under which servers put what is wrong, in lower case. Sources: the errors of NanoGPT, OpenAI, Google, FastAPI,
 * Gemini, Zod, Rails, Apigee, Baidu, MiniMax, Venice, LiteLLM and Hugging Face.
 */

/** Names of messages, the most specific first. */
export const messageKeys = [
  'raw',
  'message',
  'error_message',
  'errormessage',
  'error_description',
  'detail',
  'details',
  'error',
  'errors',
  'error_msg',
  'errmsg',
  'err_msg',
  'msg',
  'status_msg',
  'faultstring',
  'issues',
  'description',
  'reason',
  'title',
  'metadata',
  'body',
  'response',
  'innererror',
  'cause',
  'fault',
  'base_resp',
  'violations',
  'extensions',
  'finishmessage',
  'refusal',
  'promptfeedback',
  'candidates',
  'choices',
  'content',
  'parts',
  'text',
  'output',
  'result',
  'data',
];

/** Names of codes. */
export const codeKeys = [
  'code',
  'type',
  'errorkey',
  'error_code',
  'errorcode',
  'errcode',
  'error',
  'status',
  'reason',
  'finishreason',
  'finish_reason',
  'blockreason',
  'quotaid',
  'name',
];

/** Names of objects that hold messages by field, as validators write them. */
export const fieldKeys = ['errors', 'details', 'message', '_errors'];

/** Names of waits in seconds, as a number or as text such as `36.5s` (google.rpc.RetryInfo, Hugging Face). */
export const waitKeys = ['retrydelay', 'retry_after', 'retryafter', 'retry_after_seconds', 'estimated_time'];

/** Whether a message says that nothing is wrong. */
export function isFine(message: string): boolean {
  return /^(success(ful(ly)?)?|ok(ay)?|done|completed?|succeeded|stop|true)\W*$/i.test(message);
}

/** Messages that say nothing, where there is another. */
export const generic =
  /^(provider returned error|(an )?(internal |unknown |upstream )*(server )?error( occurred)?|bad request|request failed|failed|fail|error|unauthorized|forbidden|something went wrong|(invalid|bad) (request|input)( parameters?| data| body)?|invalid param(eter)?s?|validation (error|failed)( error)?|unprocessable( entity| content)?|upstream request failed)\W*$/i;
