/**
 * An engine that djdeploy does not know for SQLite, so that several hosts may each have a file of their own: no page that
 * the tests ask for needs the tables of another host. `files` go into the project, `settings` behind its own.
 */
export const ownEngine = {
  files: {
    "shop/own/__init__.py": "",
    "shop/own/base.py": "from django.db.backends.sqlite3.base import DatabaseWrapper as DatabaseWrapper\n",
  },
  settings: `
DATABASES["default"] = {"ENGINE": "shop.own", "NAME": "/srv/shop/shared/own.sqlite3"}
`,
};
