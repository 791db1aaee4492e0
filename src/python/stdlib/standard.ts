const STANDARD = new Set(
  `abc argparse array ast asyncio atexit base64 bisect builtins bz2 calendar cmath codecs collections concurrent
  configparser contextlib contextvars copy csv ctypes dataclasses datetime dbm decimal difflib dis distutils email enum
  errno faulthandler fcntl filecmp fnmatch fractions ftplib functools gc getopt getpass gettext glob grp gzip hashlib
  heapq hmac html http imaplib importlib inspect io ipaddress itertools json keyword linecache locale logging lzma
  mimetypes multiprocessing numbers operator os pathlib pickle pkgutil platform pprint pwd queue random re readline
  resource sched secrets select selectors shelve shlex shutil signal site smtplib socket sqlite3 ssl stat statistics
  string struct subprocess sys sysconfig syslog tarfile tempfile textwrap threading time timeit tomllib traceback types
  typing unicodedata unittest urllib uuid venv warnings wave weakref webbrowser wsgiref xml xmlrpc zipfile zlib
  zoneinfo`.split(/\s+/),
);

/** Is a module, or the package it is in, one of Python's own? */
export function isStandard(name: string): boolean {
  return STANDARD.has(name.split(".")[0] as string);
}
