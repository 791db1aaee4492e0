import { CONFIGPARSER } from "./configparser.ts";
import { CONFIGURATION_VALUES, CONFIGURATIONS } from "./configurations.ts";
import { DATABASE_URL } from "./database-url.ts";
import { DECOUPLE } from "./decouple.ts";
import { DJANGO_ENVIRON } from "./django-environ.ts";
import { DJANGO_ENVIRON_URLS } from "./django-environ-urls.ts";
import { ENVIRONS } from "./environs.ts";
import { IPADDRESS } from "./ipaddress.ts";
import { PRETTYCONF } from "./prettyconf.ts";
import { PYDANTIC, PYDANTIC_SETTINGS } from "./pydantic.ts";
import { DATACLASSES, DISTUTILS_UTIL, DJANGO_HEROKU, DOTENV, DYNACONF, SPLIT_SETTINGS } from "./small.ts";
import { CACHE_URL, EMAIL_URL } from "./urls.ts";

/**
 * Libraries by the name they are imported by, as Python text that our own evaluator executes: what they do with
 * names, defaults and texts, to the letter, and nothing else.
 */
export const MODELS: Record<string, string> = {
  environ: DJANGO_ENVIRON,
  environ_urls: DJANGO_ENVIRON_URLS,
  configparser: CONFIGPARSER,
  ipaddress: IPADDRESS,
  dataclasses: DATACLASSES,
  decouple: DECOUPLE,
  environs: ENVIRONS,
  dotenv: DOTENV,
  dj_database_url: DATABASE_URL,
  "split_settings.tools": SPLIT_SETTINGS,
  dynaconf: DYNACONF,
  configurations: CONFIGURATIONS,
  "configurations.values": CONFIGURATION_VALUES,
  pydantic: PYDANTIC,
  pydantic_settings: PYDANTIC_SETTINGS,
  django_heroku: DJANGO_HEROKU,
  django_on_heroku: DJANGO_HEROKU,
  "distutils.util": DISTUTILS_UTIL,
  dj_email_url: EMAIL_URL,
  django_cache_url: CACHE_URL,
  prettyconf: PRETTYCONF,
  "prettyconf.casts": PRETTYCONF,
};
