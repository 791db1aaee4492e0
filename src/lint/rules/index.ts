import type { Rule } from "../rule.ts";
import { cookieRules } from "./cookies.ts";
import { databaseRules } from "./database.ts";
import { debugRules } from "./debug.ts";
import { headerRules } from "./headers.ts";
import { hostRules } from "./hosts.ts";
import { obsoleteRules } from "./obsolete.ts";
import { repositoryRules } from "./repository.ts";
import { secretKeyRules } from "./secret-key.ts";
import { serviceRules } from "./services.ts";
import { settingsRules } from "./settings.ts";
import { staticRules } from "./static.ts";
import { transportRules } from "./transport.ts";

/** Every rule, in the order in which they are documented. */
export const RULES: Rule[] = [
  ...settingsRules,
  ...debugRules,
  ...secretKeyRules,
  ...hostRules,
  ...transportRules,
  ...cookieRules,
  ...headerRules,
  ...staticRules,
  ...databaseRules,
  ...serviceRules,
  ...repositoryRules,
  ...obsoleteRules,
];
