import { and, not, or } from "../../python/logic/decide.ts";
import type { Value } from "../../python/logic/values.ts";
import { FALSE, TRUE } from "../../python/logic/values.ts";
import { equal } from "../../python/objects/equality.ts";
import { hasApp, holds, isTruthy, type Judge, setting, since, within } from "../judge.ts";
import { isPlaceholder } from "../placeholders.ts";
import { entries, isInside, isLiteral, isMissing, textHolds } from "../questions.ts";
import type { Check, Rule } from "../rule.ts";
import { rule, settingDocs } from "../simple.ts";

/** Keys of storage services, by the settings of django-storages. */
const STORAGE_KEYS =
  /^(AWS_(S3_)?SECRET_ACCESS_KEY|AZURE_ACCOUNT_KEY|AZURE_CONNECTION_STRING|DROPBOX_OAUTH2_TOKEN|B2_APPLICATION_KEY|CLOUDINARY_API_SECRET|SFTP_STORAGE_PASSWORD)$/;
const STORAGE_OPTIONS =
  /^(secret_key|account_key|connection_string|password|api_secret|oauth2_access_token)$/;

/** The dotted path of the storage for uploads. */
function storage(j: Judge): Value {
  return since(j, 4, 2) && j.evaluation.settings.has("STORAGES")
    ? within(j, setting(j, "STORAGES"), "default", "BACKEND")
    : setting(j, "DEFAULT_FILE_STORAGE");
}

const s3 = (j: Judge): Value => textHolds(j, storage(j), (b) => /(^|\.)s3(boto3)?\.\w+$/i.test(b), "is S3");
const local = (j: Judge): Value =>
  or(
    isMissing(j, storage(j)),
    textHolds(j, storage(j), (b) => /(^|\.)FileSystemStorage$/.test(b), "is local"),
  );

/** An option of the default storage, by its setting or in STORAGES. */
const optionIs = (j: Judge, name: string, option: string, test: (v: unknown) => boolean): Value => {
  const is = (v: Value): Value => holds(j, v, (o) => test("v" in o ? o.v : null), "is so");
  return or(is(setting(j, name)), is(within(j, setting(j, "STORAGES"), "default", "OPTIONS", option)));
};

/** Family M: what visitors upload. */
export const mediaRules: Rule[] = [
  {
    id: "djdeploy.media-is-static",
    level: "error",
    title: "MEDIA_ROOT lies in STATIC_ROOT",
    why: "Uploads and collected files get into each other's way: collecting anew can overwrite or delete uploads.",
    fix: "Give uploads a folder of their own.",
    docs: settingDocs("MEDIA_ROOT"),
    check: (j) => {
      const [media, statics] = [setting(j, "MEDIA_ROOT"), setting(j, "STATIC_ROOT")];
      const inside = textHolds(
        j,
        media,
        (m) =>
          m !== "" &&
          (statics.t === "str" || statics.t === "path") &&
          statics.v !== "" &&
          isInside(m, statics.v),
        "lies in STATIC_ROOT",
      );
      return [
        {
          when: and(isTruthy(j, "MEDIA_ROOT"), or(equal(j.m, media, statics), inside)),
          setting: "MEDIA_ROOT",
          message: "MEDIA_ROOT is STATIC_ROOT or lies in it",
        },
      ];
    },
  },
  rule({
    id: "djdeploy.media-on-one-host",
    level: "warning",
    setting: "MEDIA_ROOT",
    title: "Uploads stay on the host that took them",
    why: "With several hosts a visitor finds an upload only where it happened to go.",
    fix: "Keep uploads in object storage (django-storages), or share the folder between the hosts.",
    when: (j) => ((j.input.deployment?.hosts ?? 1) > 1 ? and(isTruthy(j, "MEDIA_ROOT"), local(j)) : FALSE),
  }),
  rule({
    id: "djdeploy.media-public-acl",
    level: "info",
    setting: "AWS_DEFAULT_ACL",
    title: "Every upload can be read by everyone",
    why: "The access list public-read is given to each file, also to those that only their owner should see.",
    fix: "Remove AWS_DEFAULT_ACL, and let django-storages sign the addresses.",
    docs: "https://django-storages.readthedocs.io/en/latest/backends/amazon-S3.html",
    when: (j) =>
      and(
        s3(j),
        optionIs(
          j,
          "AWS_DEFAULT_ACL",
          "default_acl",
          (v) => typeof v === "string" && v.startsWith("public-read"),
        ),
      ),
  }),
  rule({
    id: "djdeploy.media-overwritten",
    level: "info",
    setting: "AWS_S3_FILE_OVERWRITE",
    title: "An upload replaces another of the same name",
    why: "django-storages overwrites by default: two users with photo.jpg share the last one.",
    fix: "Set AWS_S3_FILE_OVERWRITE = False, or give every upload a name of its own.",
    docs: "https://django-storages.readthedocs.io/en/latest/backends/amazon-S3.html",
    when: (j) => and(s3(j), not(optionIs(j, "AWS_S3_FILE_OVERWRITE", "file_overwrite", (v) => v === false))),
  }),
  {
    id: "djdeploy.storage-key-literal",
    level: "error",
    title: "A storage key stands in the repository",
    why: "Everyone who can read the repository can read, change and delete what is stored.",
    fix: "Read it from the environment, and replace it at the provider.",
    docs: "https://django-storages.readthedocs.io/",
    check: storageKeys,
  },
  {
    id: "djdeploy.storage-backend-removed",
    // An old enough django-storages still has it.
    level: "warning",
    title: "A storage that its package no longer has",
    why: "The backends for boto 2 are gone from django-storages: the first upload fails.",
    fix: 'Write "storages.backends.s3.S3Storage" and add boto3 to the requirements.',
    docs: "https://django-storages.readthedocs.io/en/latest/backends/amazon-S3.html",
    check: (j) =>
      [
        storage(j),
        within(j, setting(j, "STORAGES"), "staticfiles", "BACKEND"),
        setting(j, "STATICFILES_STORAGE"),
      ].map((backend, i) => ({
        when: textHolds(j, backend, (b) => /^storages\.backends\.s3boto\./.test(b), "is for boto 2"),
        setting: settingOf(j, i),
        message: "storages.backends.s3boto was removed from django-storages",
      })),
  },
  rule({
    id: "djdeploy.media-same-origin",
    level: "info",
    setting: "MEDIA_URL",
    title: "Uploads are served from the site's own address",
    why: "An uploaded page or drawing with a script in it runs with the rights of the site.",
    fix: "Serve uploads from another domain, or only types that browsers do not run.",
    docs: "topics/security/#user-uploaded-content",
    when: (j) =>
      and(
        and(isTruthy(j, "MEDIA_ROOT"), local(j)),
        and(
          or(hasApp(j, "django.contrib.auth"), hasApp(j, "django.contrib.sessions")),
          textHolds(j, setting(j, "MEDIA_URL"), (u) => u !== "" && !/^(https?:)?\/\//.test(u), "is local"),
        ),
      ),
  }),
];

function settingOf(j: Judge, i: number): string {
  if (j.evaluation.settings.has("STORAGES")) return "STORAGES";
  return i === 0 ? "DEFAULT_FILE_STORAGE" : "STATICFILES_STORAGE";
}

function storageKeys(j: Judge): Check[] {
  const found: Check[] = [];
  for (const name of j.evaluation.settings.keys())
    if (STORAGE_KEYS.test(name) && isKeyText(j, setting(j, name)))
      found.push({ when: TRUE, setting: name, message: `${name} is written in the repository` });
  for (const alias of entries(j, setting(j, "STORAGES")))
    for (const { key, value } of entries(j, within(j, alias.value, "OPTIONS")))
      if (STORAGE_OPTIONS.test(key) && isKeyText(j, value))
        found.push({
          when: alias.when,
          setting: "STORAGES",
          message: `${key} of STORAGES["${alias.key}"] is written in the repository`,
        });
  return found;
}

/** Long enough for a provider's key: "minio" and "changeme" are for development. */
const isKeyText = (j: Judge, v: Value): boolean =>
  isLiteral(j, v) &&
  v.t === "str" &&
  v.v.length >= 16 &&
  !isPlaceholder(v.v) &&
  !/^(your|change|example|minio|test|dummy)/i.test(v.v);

export const isStorageKey = (name: string): boolean => STORAGE_KEYS.test(name);
