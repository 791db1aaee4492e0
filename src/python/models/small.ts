/** django-split-settings 1.3: `include`, `optional`. */
export const SPLIT_SETTINGS = String.raw`
import glob, os
from _djdeploy import caller_file, caller_globals, exec_file, host_file

class _Optional(str):
    pass

def optional(filename):
    return ('\0optional', filename or '')

def include(*args, scope=None, **kwargs):
    included = caller_globals().setdefault('__included_files__', [])
    start = os.path.dirname(caller_file())
    for conf_file in args:
        is_optional = isinstance(conf_file, tuple)
        if is_optional:
            conf_file = conf_file[1]
            if not conf_file:
                continue
        pattern = os.path.join(start, conf_file)
        files = sorted(glob.glob(pattern))
        if not files and not is_optional:
            raise OSError('No such file: ' + pattern)
        if not files:
            host_file(conf_file)
        for path in files:
            path = os.path.abspath(path)
            if path in included:
                continue
            included.append(path)
            exec_file(path)
`;

/** dynaconf 3: whatever its files and variables hold becomes a setting. */
export const DYNACONF = `
from _djdeploy import exec_file, unknown

def DjangoDynaconf(*args, **kwargs):
    exec_file(unknown('what dynaconf reads'))
    return unknown('what dynaconf reads')

def LazySettings(*args, **kwargs):
    return unknown('what dynaconf reads')

Dynaconf = LazySettings
`;

/** python-dotenv 1. */
export const DOTENV = `
import os
from _djdeploy import caller_file, load_env_file, read_host_env_file, find_upwards

def find_dotenv(filename='.env', raise_error_if_not_found=False, usecwd=False):
    return find_upwards(os.getcwd() if usecwd else os.path.dirname(caller_file()), filename)

def load_dotenv(dotenv_path=None, stream=None, verbose=False, override=False, interpolate=True, encoding='utf-8'):
    path = dotenv_path or find_dotenv()
    if path:
        load_env_file(str(path), override)
    return bool(path)

def dotenv_values(dotenv_path=None, stream=None, verbose=False, interpolate=True, encoding='utf-8'):
    return read_host_env_file(str(dotenv_path or find_dotenv() or os.path.join(os.path.dirname(caller_file()), '.env')))

def get_key(dotenv_path, key_to_get, encoding='utf-8'):
    return read_host_env_file(str(dotenv_path)).get(key_to_get)

def set_key(*args, **kwargs):
    return None
`;

/** django-heroku 0.3 and its fork django-on-heroku. */
export const DJANGO_HEROKU = `
import os
import dj_database_url

def settings(config, *, db_colors=False, databases=True, test_runner=True, staticfiles=True, allowed_hosts=True, logging=True, secret_key=True):
    if databases:
        if 'DATABASES' not in config:
            config['DATABASES'] = {'default': None}
        if 'DATABASE_URL' in os.environ:
            config['DATABASES']['default'] = dj_database_url.config(conn_max_age=config.get('CONN_MAX_AGE', 600), ssl_require=True)
    if staticfiles:
        config['STATIC_ROOT'] = os.path.join(config['BASE_DIR'], 'staticfiles')
        config['STATIC_URL'] = '/static/'
        whitenoise = ['whitenoise.middleware.WhiteNoiseMiddleware']
        try:
            config['MIDDLEWARE_CLASSES'] = tuple(whitenoise + list(config['MIDDLEWARE_CLASSES']))
        except KeyError:
            config['MIDDLEWARE'] = tuple(whitenoise + list(config['MIDDLEWARE']))
        config['STATICFILES_STORAGE'] = 'whitenoise.storage.CompressedManifestStaticFilesStorage'
    if allowed_hosts:
        config['ALLOWED_HOSTS'] = ['*']
    if logging:
        config['LOGGING'] = {
            'version': 1, 'disable_existing_loggers': False,
            'formatters': {'verbose': {'format': '%(message)s'}},
            'handlers': {'null': {'level': 'DEBUG', 'class': 'logging.NullHandler'}, 'console': {'level': 'DEBUG', 'class': 'logging.StreamHandler', 'formatter': 'verbose'}},
            'loggers': {'testlogger': {'handlers': ['console'], 'level': 'INFO'}},
        }
    if secret_key:
        if 'SECRET_KEY' in os.environ:
            config['SECRET_KEY'] = os.environ['SECRET_KEY']
`;

/** distutils.util, gone from Python 3.12 and from setuptools' copy only later. */
export const DISTUTILS_UTIL = `
def strtobool(val):
    val = val.lower()
    if val in ('y', 'yes', 't', 'true', 'on', '1'):
        return 1
    elif val in ('n', 'no', 'f', 'false', 'off', '0'):
        return 0
    else:
        raise ValueError("invalid truth value %r" % (val,))
`;

/** dataclasses: fields become attributes, nothing else. */
export const DATACLASSES = `
class _Field:
    def __init__(self, default=None, default_factory=None):
        self.default = default
        self.default_factory = default_factory

def field(*, default=None, default_factory=None, **kwargs):
    return _Field(default, default_factory)

def _init(self, *args, **kwargs):
    names = []
    for cls in reversed(type(self).__mro__):
        for name in getattr(cls, '__annotations__', {}):
            if name not in names:
                names.append(name)
    for name in names:
        value = getattr(type(self), name, None)
        if isinstance(value, _Field):
            setattr(self, name, value.default_factory() if value.default_factory else value.default)
    for name, value in zip(names, args):
        setattr(self, name, value)
    for name, value in kwargs.items():
        setattr(self, name, value)
    if hasattr(self, '__post_init__'):
        self.__post_init__()

def dataclass(cls=None, **kwargs):
    if cls is None:
        return lambda c: dataclass(c)
    cls.__init__ = _init
    return cls

def asdict(obj):
    return {name: getattr(obj, name) for name in getattr(type(obj), '__annotations__', {})}

def replace(obj, **kwargs):
    return obj
`;
