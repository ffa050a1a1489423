import type { ErrorCode } from '../../errors.js';

/** How one kind of refusal is recognised, whatever its status. */
interface ErrorRule {
  code: ErrorCode;
  /** Codes that mean nothing else, compared as a whole and in lower case: they count under any status. */
  codes?: RegExp;
  /** Beginnings of messages that mean nothing else: they count under any status. */
  phrases?: RegExp;
  /** Words in a code or a message: they count only where the status already says that the request was refused. */
  words?: RegExp;
}

/**
 * Maps the codes and words of services to ours; the first matching rule counts. Sources: the error pages of NanoGPT,
 * OpenAI, Azure OpenAI, OpenRouter, xAI, Google and Volcengine, the sources of FastAPI, Kong, LM Studio, one-api,
 * new-api, LiteLLM and LocalAI.
 */
const errorTable: readonly ErrorRule[] = [
  {
    code: 'moderated',
    codes:
      /^(content_policy_violation|content_policy|content_filter(ed)?|moderation_blocked|content_moderation(_blocked|_failed)?|contentfilter|responsibleaipolicyviolation|safety_violation|safety_block(ed)?|(image_)?safety|(image_)?prohibited_content|(request|content)[ _]moderated|nsfw_content(_detected)?|data_inspection_failed|datainspectionfailed|(in|out)put\w*sensitivecontentdetected(\.\w+)?|sensitive_content_detected)$/,
    words:
      /content[ _-]?(policy|policies|moderation|filter|safety)|moderat(ed|ion)|\bflagged\b|\bnsfw\b|sensitive[ _]?(content|information|word)|sensitivecontent|safety (system|filter|polic|setting|reason)|safety_|(prohibited|inappropriate|disallowed|harmful|explicit) (content|image|material)|violates? (our|the) (usage |content )?polic|usage polic|responsible ai|敏感|违规|不安全/,
  },
  {
    code: 'daily_limit',
    codes: /^(daily_\w*limit(_exceeded|_reached)?|daily_quota_exceeded|requests_per_day(_exceeded)?)$/,
    words:
      /per[- ]day\b|\bdaily (free |request |image |usage |generation |spend(ing)? )*(limit|cap|quota|allowance)|daily_\w*limit|resets? (at|on) midnight|\brpd\b|\btoday'?s? (limit|quota)|perday/,
  },
  {
    code: 'insufficient_balance',
    codes:
      /^((pre_consume_token_quota|quota_exhausted|credits_exhausted|no_credits|payment_required|billing_hard_limit_reached|budget_exceeded|max_budget_exceeded|arrearage|accountoverdue(error)?|quota_not_enough|out_of_credits)|insufficient[_ ](\w+[_ ])?(balance|quota|funds?|credits?))$/,
    words:
      /insufficient[_ ](\w+[_ ]){0,2}(balance|credit|quota|fund)|(not|n't) enough (\w+ ){0,2}(balance|credit|quota|fund|money)|(balance|credits?|quota|funds) (is |are )?(not enough|too low|exhausted|depleted|insufficient|used up)|out of (credits?|funds|quota|balance)|(used|exhausted) (up )?(all|your)( of your)?( available)? (credits?|quota)|(purchase|buy|add) (more )?(credits?|funds)|top[- ]?up|spend(ing)? limit|budget (has been |is |was )?exceeded|exceeded (your |the )?(current quota|(\w+ ){0,2}budget|credit limit)|billing[_ ](hard[_ ])?limit|payment required|check your (plan|billing)|recharge|overdue|arrears|余额不足|额度不足|额度已用尽|欠费/,
  },
  {
    code: 'model_not_found',
    codes:
      /^(model_not_found|model_not_available|model_not_allowed|unknown_model|invalid_model|invalid_model_id|model_not_supported|modelnotfound|modelnotopen|deploymentnotfound|deployment_not_found|all_fallbacks_failed|no_fallback_available|no_available_channel|no such model)$/,
    phrases: /^(no available channel for model|当前分组.{0,60}模型.{0,60}无可用渠道)/,
    words:
      /\bmodels?\b.{0,120}\b(not found|does not exist|doesn't exist|do not exist|not exist|(is |are )?not available|unavailable|no longer (available|supported|offered)|deprecated|decommissioned|retired|could not be found|not supported for|not loaded|is not a valid model)|(unknown|no such|invalid|unrecognized) model\b|(not have|no|without) (access|permission) to (the )?model|not a valid model|no available channel|模型不存在|could not load model|failed to load model|backend not found/,
  },
  // The key is valid, but the user has to do something at the service.
  { code: 'rejected', words: /organization must be verified|verify (your )?organization/ },
  {
    code: 'not_configured',
    phrases:
      /^(unexpected endpoint or method|no route matched with those values|invalid url \(|cannot post \/|404 page not found|unknown request url|the requested url was not found|no such endpoint|unknown endpoint|route not found|route \w+:\/\S* not found|endpoint not found|path not found|the model_not_deployed route)/,
  },
  {
    code: 'too_large',
    codes:
      /^(payload_too_large|request_too_large|image_input_too_large|request_entity_too_large|image_too_large|file_too_large)$/,
  },
  {
    code: 'rate_limited',
    codes:
      /^(rate_limit_exceeded|rate_limit_error|rate_limited|rate_limiter_unavailable|too_many_requests|requests_limit_exceeded|throttling(\.\w+)?)$/,
    phrases: /^model \S+ is currently loading/,
  },
  {
    code: 'unauthorized',
    codes:
      /^(invalid_api_key|incorrect_api_key|missing_api_key|authentication_error|invalid_authentication|unauthorized|unauthenticated|permission_denied|api_key_origin_not_allowed|invalid_token)$/,
  },
  {
    code: 'rejected',
    codes:
      /^(invalid_request_error|invalid_request|invalid_parameter|invalid_value|invalid_size|invalid_image|invalid_argument|bad_request|validation_error|missing_required_parameter|missing_parameter|missing_model|missing_image_input|unknown_parameter|unsupported_parameter|unsupported_value|unsupported_stream|image_input_not_supported|image_input_too_many|conflicting_image_inputs|invalid_input_references|invalid_multipart_body|invalid_image_format|empty_response)$/,
  },
];

/** Whole messages of servers that answer 404 or 405 for an unknown address. */
const unknownAddress =
  /^(not found|file not found|method not allowed|resource not found|the resource could not be found|no handler found.*|page not found|404|not_found)\W*$/;

/** The rule that matches under any status: a whole code, or the beginning of a known message. */
export function matchExactly({ codes, message }: { codes: string[]; message: string }): ErrorCode | undefined {
  const text = message.toLowerCase();
  return errorTable.find((rule) => codes.some((code) => rule.codes?.test(code)) || rule.phrases?.test(text))?.code;
}

/** The rule that matches where the status says that the request was refused: any word counts too. */
export function matchWords({ codes, message }: { codes: string[]; message: string }): ErrorCode | undefined {
  const text = message.toLowerCase();
  const rule = errorTable.find(
    ({ codes: exact, phrases, words }) =>
      // Codes that say only that something is wrong with the request count after the words.
      (words !== undefined && codes.some((code) => exact?.test(code))) ||
      phrases?.test(text) ||
      (words !== undefined && [text, ...codes].some((each) => words.test(each))),
  );
  return rule?.code;
}

/** Whether the server only says that the address is unknown. */
export function isUnknownAddress(message: string): boolean {
  return unknownAddress.test(message.trim().toLowerCase());
}
