import type { SettingValue } from "../../lint/types.ts";
import type { Owner } from "../../services/types.ts";

/** What a host has to bring for the project itself, whatever djdeploy.yml says. */
export interface ProjectNeeds {
  /** Packages are installed by uv. */
  uv: boolean;
  /** The paths below which nginx serves files; null where they are served from elsewhere (another host's URL). */
  staticUrl: string | null;
  mediaUrl: string | null;
}

/** What a setup before these were recorded wrote, and what a setting that can not be read is taken for. */
const usual = { staticUrl: "/static/", mediaUrl: "/media/" };

/** From the settings as the lint reads them. */
export function needsOf(uv: boolean, settings: Record<string, SettingValue>): ProjectNeeds {
  const path = (name: string, otherwise: string) => {
    const { value, certainty } = settings[name] ?? { value: null, certainty: "unknown" };
    return certainty === "unknown" || typeof value !== "string" ? otherwise : urlPath(value, otherwise);
  };
  return {
    uv,
    staticUrl: path("STATIC_URL", usual.staticUrl),
    mediaUrl: path("MEDIA_URL", usual.mediaUrl),
  };
}

/** What a host was set up for. */
export function needsOfOwner(owner: Owner): ProjectNeeds {
  return { uv: owner.uv !== null, ...usual, ...owner.urls };
}

/**
 * The path of STATIC_URL or MEDIA_URL on the site: Django puts a slash before a relative one; null for another host's.
 * Empty or "/" would take every page from the application, so that stays at the usual one.
 */
export function urlPath(url: string, otherwise: string): string | null {
  if (/^([a-z]+:)?\/\//i.test(url)) return null;
  const path = `/${url.replace(/^\/+/, "")}`;
  return /^(\/[\w.~-]+)+\/$/.test(path) ? path : otherwise;
}

/**
 * One sentence when the release's real settings name other paths than nginx serves: its files would be asked of the
 * application. null when all is well.
 */
export function urlsNote(
  owner: Owner | null,
  live: { staticUrl: string | null; mediaUrl: string | null },
): string | null {
  if (!owner?.urls) return null;
  const served = needsOfOwner(owner);
  const rows = (["staticUrl", "mediaUrl"] as const).flatMap((name) => {
    const path = urlPath(live[name] ?? "", usual[name]);
    if (path === null || path === served[name]) return [];
    const setting = name === "staticUrl" ? "STATIC_URL" : "MEDIA_URL";
    return [`${setting} is ${live[name]}, and nginx serves ${served[name] ?? "nothing"} for it`];
  });
  return rows.length === 0
    ? null
    : `${rows.join("; ")}: djdeploy setup ${owner.environment} --user root mends that`;
}
