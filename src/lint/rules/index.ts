import type { Rule } from "../rule.ts";
import { accountRules } from "./accounts.ts";
import { addressRules } from "./address.ts";
import { appRules } from "./apps.ts";
import { assumeRules } from "./assume.ts";
import { cacheRules } from "./caches.ts";
import { contentPolicyRules } from "./content-policy.ts";
import { cookieScopeRules } from "./cookie-scope.ts";
import { cookieRules } from "./cookies.ts";
import { databaseRules } from "./database.ts";
import { databaseUseRules } from "./database-use.ts";
import { debugRules } from "./debug.ts";
import { debugMoreRules } from "./debug-more.ts";
import { environmentRules } from "./environment.ts";
import { errorTrackingRules } from "./error-tracking.ts";
import { gunicornRules } from "./gunicorn.ts";
import { headerRules } from "./headers.ts";
import { hostRules } from "./hosts.ts";
import { keyHandlingRules } from "./key-handling.ts";
import { loggingRules } from "./logging.ts";
import { mailRules } from "./mail.ts";
import { mediaRules } from "./media.ts";
import { notFollowedRule } from "./not-followed.ts";
import { obsoleteRules } from "./obsolete.ts";
import { outsideRules } from "./outside.ts";
import { packageRules } from "./packages.ts";
import { scriptRules } from "./scripts.ts";
import { secretKeyRules } from "./secret-key.ts";
import { secretRules } from "./secrets.ts";
import { settingsRules } from "./settings.ts";
import { settingsCodeRules } from "./settings-code.ts";
import { silencedRules } from "./silenced.ts";
import { staticRules } from "./static.ts";
import { staticFileRules } from "./static-files.ts";
import { translationRules } from "./translations.ts";
import { transportRules } from "./transport.ts";

/** Every rule, in the order in which they are documented. */
export const RULES: Rule[] = [
  ...settingsRules,
  ...outsideRules,
  ...settingsCodeRules,
  ...appRules,
  ...packageRules,
  ...debugRules,
  ...debugMoreRules,
  ...secretKeyRules,
  ...keyHandlingRules,
  ...hostRules,
  ...transportRules,
  ...addressRules,
  ...cookieRules,
  ...cookieScopeRules,
  ...headerRules,
  ...contentPolicyRules,
  ...accountRules,
  ...staticRules,
  ...staticFileRules,
  ...mediaRules,
  ...databaseRules,
  ...databaseUseRules,
  ...cacheRules,
  ...loggingRules,
  ...errorTrackingRules,
  ...mailRules,
  ...environmentRules,
  ...gunicornRules,
  ...secretRules,
  ...scriptRules,
  ...translationRules,
  ...obsoleteRules,
  ...silencedRules,
  notFollowedRule,
  ...assumeRules,
];
