import { waitFor } from "../../../lab/wait.ts";
import type { Running } from "./program.ts";
import type { Site } from "./site.ts";

/** Where a release waits, if it was asked to, until the test has done something to the host. */
const code = `import os, time


def moment(name):
    mark = "/srv/shop/shared/moment-" + name
    try:
        os.rename(mark, mark + ".here")
    except OSError:
        return
    end = time.monotonic() + 60
    while os.path.exists(mark + ".here") and time.monotonic() < end:
        time.sleep(0.01)
`;

/** The first of all finders is asked when collectstatic begins. */
const finder = `from django.contrib.staticfiles.finders import BaseFinder

from .moments import moment


class Finder(BaseFinder):
    def check(self, **kwargs):
        return []

    def find(self, path, *args, **kwargs):
        return []

    def list(self, ignore_patterns):
        moment("collectstatic")
        return iter(())
`;

/**
 * The shop as a release that can be held up: `djd_inspect.py` and `migrate` when their settings are read,
 * `collectstatic` before the first file is collected, `private` when its page is asked on the private socket, `front` through nginx, `hold` at /hold/.
 */
export function withMoments(read: (path: string) => string): Record<string, string> {
  return {
    "shop/moments.py": code,
    "shop/finders.py": finder,
    "shop/production.py": `${read("shop/production.py")}
import sys

from .moments import moment

STATICFILES_FINDERS = [
    "shop.finders.Finder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
for word in (os.path.basename(sys.argv[0]), *sys.argv[1:2]):
    moment(os.path.basename(word))
`,
    "shop/views.py": `${read("shop/views.py")}
from .moments import moment

_home = home


def home(request):
    moment("private" if "X-Real-IP" not in request.headers else "front")
    return _home(request)


def hold(request):
    moment("hold")
    return JsonResponse({"version": version.NUMBER})
`,
    "shop/urls.py": read("shop/urls.py").replace(
      "urlpatterns = [",
      'urlpatterns = [\n    path("hold/", views.hold),',
    ),
  };
}

const fileOf = (moment: string) => `/srv/shop/shared/moment-${moment}`;

/** The next release to come to this moment waits there. */
export const holdAt = (site: Site, moment: string) =>
  site.root(`rm -f ${fileOf(moment)}.gone; touch ${fileOf(moment)} && chown shop: ${fileOf(moment)}`);

/** Waits until one has come there; `by` is shown if none does. */
export const arrival = (site: Site, moment: string, by?: Running) =>
  waitFor(async () => (await site.host.root(`test -e ${fileOf(moment)}.here`)).code === 0, {
    timeoutMs: 120_000,
    what: `the moment ${moment} ${by?.stdout() ?? ""}`,
  });

/** Shell text that lets it go on. Renamed, for a file that is removed would leave an inode. */
export const goOn = (moment: string) => `mv ${fileOf(moment)}.here ${fileOf(moment)}.gone`;
