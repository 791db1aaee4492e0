/** dj-email-url 1: what `vars().update(dj_email_url.config())` sets, and nothing else. */
export const EMAIL_URL = `
import os
import urllib.parse
from _djdeploy import is_unknown, like, note, unknown

SCHEMES = {
    'smtp': 'django.core.mail.backends.smtp.EmailBackend',
    'smtps': 'django.core.mail.backends.smtp.EmailBackend',
    'submission': 'django.core.mail.backends.smtp.EmailBackend',
    'submit': 'django.core.mail.backends.smtp.EmailBackend',
    'console': 'django.core.mail.backends.console.EmailBackend',
    'file': 'django.core.mail.backends.filebased.EmailBackend',
    'memory': 'django.core.mail.backends.locmem.EmailBackend',
    'dummy': 'django.core.mail.backends.dummy.EmailBackend',
}

def config(env='EMAIL_URL', default=None):
    s = os.environ.get(env, default)
    note(env, default, 'url')
    like(s, 'smtp://user:password@mail.example.com:25', 'dummy://')
    return parse(s) if s else {}

def parse(url):
    names = ['EMAIL_FILE_PATH', 'EMAIL_HOST_USER', 'EMAIL_HOST_PASSWORD', 'EMAIL_HOST', 'EMAIL_PORT',
             'EMAIL_USE_SSL', 'EMAIL_USE_TLS', 'EMAIL_TIMEOUT', 'EMAIL_BACKEND']
    if is_unknown(url):
        return {name: unknown('a mail URL') for name in names}
    found = urllib.parse.urlparse(url)
    conf = {name: unknown('a mail URL') for name in names}
    conf['EMAIL_HOST'] = found.hostname
    conf['EMAIL_PORT'] = found.port
    conf['EMAIL_USE_TLS'] = found.scheme in ('smtps', 'submission', 'submit') or 'tls=' in found.query
    conf['EMAIL_USE_SSL'] = 'ssl=' in found.query
    if found.scheme in SCHEMES:
        conf['EMAIL_BACKEND'] = SCHEMES[found.scheme]
    else:
        del conf['EMAIL_BACKEND']
    return conf
`;

/** django-cache-url 3: one cache's dictionary; what is in it nobody here asks. */
export const CACHE_URL = `
import os
from _djdeploy import note, unknown

def config(env='CACHE_URL', default='locmem://'):
    found = os.environ.get(env, default)
    note(env, default, 'url')
    return parse(found) if found else {}

def parse(url):
    return unknown('a cache URL', 'dict')
`;
