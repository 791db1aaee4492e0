/** django-environ 0.14, `import environ`. */
export const DJANGO_ENVIRON = String.raw`
import json, os, pathlib, re
from urllib.parse import urlparse
from django.core.exceptions import ImproperlyConfigured
from _djdeploy import note, unknown, is_unknown, caller_file, load_env_file

_str, _int, _float, _bool, _list, _dict, _tuple = str, int, float, bool, list, dict, tuple

from environ_urls import EnvUrls

class NoValue:
    pass

class Env(EnvUrls):
    ENVIRON = os.environ
    NOTSET = NoValue()
    BOOLEAN_TRUE_STRINGS = ('true', 'on', 'ok', 'y', 'yes', '1')

    def __init__(self, **scheme):
        self.smart_cast = True
        self.escape_proxy = False
        self.prefix = ""
        self.scheme = scheme

    def __call__(self, var, cast=None, default=NOTSET, parse_default=False):
        return self.get_value(var, cast=cast, default=default, parse_default=parse_default)

    def __contains__(self, var):
        return var in self.ENVIRON

    def str(self, var, default=NOTSET, multiline=False, choices=NOTSET):
        value = self.get_value(var, cast=_str, default=default)
        if multiline:
            return re.sub(r'(\\r)?\\n', r'\n', value)
        if choices is not self.NOTSET and value not in choices:
            raise ImproperlyConfigured("Invalid value")
        return value

    unicode = str

    def bytes(self, var, default=NOTSET, encoding='utf8'):
        value = self.get_value(var, cast=_str, default=default)
        return value.encode(encoding) if hasattr(value, 'encode') else value

    def bool(self, var, default=NOTSET):
        return self.get_value(var, cast=_bool, default=default)

    def int(self, var, default=NOTSET):
        return self.get_value(var, cast=_int, default=default)

    def float(self, var, default=NOTSET):
        return self.get_value(var, cast=_float, default=default)

    def json(self, var, default=NOTSET):
        return self.get_value(var, cast=json.loads, default=default)

    def list(self, var, cast=None, default=NOTSET):
        return self.get_value(var, cast=_list if not cast else [cast], default=default)

    def tuple(self, var, cast=None, default=NOTSET):
        return self.get_value(var, cast=_tuple if not cast else (cast,), default=default)

    def dict(self, var, cast=_dict, default=NOTSET):
        return self.get_value(var, cast=cast, default=default)

    def url(self, var, default=NOTSET):
        return self.get_value(var, cast=urlparse, default=default, parse_default=True)

    def db_url(self, var='DATABASE_URL', default=NOTSET, engine=None):
        value = self.get_value(var, default=default)
        return self.db_url_config(value, engine=engine)
    db = db_url

    def cache_url(self, var='CACHE_URL', default=NOTSET, backend=None):
        value = self.get_value(var, default=default)
        return self.cache_url_config(value, backend=backend)
    cache = cache_url

    def email_url(self, var='EMAIL_URL', default=NOTSET, backend=None):
        value = self.get_value(var, default=default)
        return self.email_url_config(value, backend=backend)
    email = email_url

    def search_url(self, var='SEARCH_URL', default=NOTSET, engine=None):
        self.get_value(var, default=default)
        return unknown('env.search_url()', 'dict')

    def channels_url(self, var='CHANNELS_URL', default=NOTSET, backend=None):
        self.get_value(var, default=default)
        return unknown('env.channels_url()', 'dict')

    def path(self, var, default=NOTSET, **kwargs):
        return Path(self.get_value(var, default=default), **kwargs)

    def get_value(self, var, cast=None, default=NOTSET, parse_default=False):
        var_name = self.prefix + var
        if var_name in self.scheme:
            var_info = self.scheme[var_name]
            has_default = isinstance(var_info, (_list, _tuple, _str)) and len(var_info) == 2
            if has_default:
                if not cast:
                    cast = var_info[0]
                if default is self.NOTSET:
                    default = var_info[1]
            elif not cast:
                cast = var_info
        try:
            value = self.ENVIRON[var_name]
        except KeyError:
            note(var_name, None, 'required')
            if default is self.NOTSET:
                note_required(var_name)
                raise ImproperlyConfigured('Set the ' + var_name + ' environment variable')
            value = default
        if default is not self.NOTSET:
            note(var_name, default, _cast_name(cast))
        else:
            note_required(var_name, _cast_name(cast))
        if isinstance(value, _str) and not is_unknown(value) and value.startswith('$'):
            value = self.get_value(value.lstrip('$'), cast=cast, default=default)
        if self.smart_cast and cast is None and default is not None and not isinstance(default, NoValue):
            cast = type(default)
        if default is None and value == '':
            value = None
        if value != default or (parse_default and value is not None):
            value = self.parse_value(value, cast)
        return value

    @classmethod
    def parse_value(cls, value, cast):
        if cast is None:
            return value
        if cast is _bool:
            try:
                value = _int(value) != 0
            except ValueError:
                value = value.lower().strip() in cls.BOOLEAN_TRUE_STRINGS
        elif isinstance(cast, _list):
            value = _list(map(cast[0], [x for x in value.split(',') if x]))
        elif isinstance(cast, _tuple):
            val = value.strip('(').strip(')').split(',')
            value = _tuple(map(cast[0], [x for x in val if x]))
        elif isinstance(cast, _dict):
            key_cast = cast.get('key', _str)
            value_cast = cast.get('value', _str)
            value_cast_by_key = cast.get('cast', {})
            value = _dict(
                (key_cast(k), cls.parse_value(v, value_cast_by_key.get(k, value_cast)))
                for k, v in [x.split('=', 1) for x in value.split(';') if x])
        elif cast is _dict:
            value = _dict([v.split('=', 1) for v in value.split(',') if v])
        elif cast is _list:
            value = [x for x in value.split(',') if x]
        elif cast is _tuple:
            val = value.strip('(').strip(')').split(',')
            value = _tuple(x for x in val if x)
        elif cast is _float:
            float_str = re.sub(r'[^\d,.-]', '', value)
            parts = re.split(r'[,.]', float_str)
            if len(parts) == 1:
                float_str = parts[0]
            else:
                float_str = ''.join(parts[0:-1]) + '.' + parts[-1]
            value = _float(float_str)
        else:
            value = cast(value)
        return value

    @classmethod
    def read_env(cls, env_file=None, overwrite=False, parse_comments=False, encoding='utf8', **overrides):
        if env_file is None:
            env_file = os.path.join(os.path.dirname(caller_file()), '.env')
        load_env_file(_str(env_file), overwrite, 'environ')
        for key, value in overrides.items():
            cls.ENVIRON.setdefault(key, value)

def note_required(name, cast=None):
    note(name, _MISSING, cast)

def _cast_name(cast):
    if isinstance(cast, (_list, _tuple)):
        return 'list'
    return getattr(cast, '__name__', None)

from _djdeploy import MISSING_MARK as _MISSING

class FileAwareEnv(Env):
    pass

class Path:
    def __init__(self, start='', *paths, **kwargs):
        if kwargs.get('is_file', False):
            start = os.path.dirname(start)
        self.__root__ = os.path.abspath(os.path.join(start, *paths))

    root = property(lambda self: self.__root__)

    def path(self, *paths, **kwargs):
        return Path(self.__root__, *paths, **kwargs)

    def __call__(self, *paths, **kwargs):
        return os.path.abspath(os.path.join(self.__root__, *paths))

    def file(self, name, *args, **kwargs):
        return open(self(name), *args, **kwargs)

    def __add__(self, other):
        if isinstance(other, Path):
            return Path(self.__root__, other.__root__)
        return Path(self.__root__, other)

    def __sub__(self, other):
        if isinstance(other, _int):
            return self.path('../' * other)
        return Path(self.__root__.rstrip(other))

    def __getitem__(self, *args, **kwargs):
        return _str(self).__getitem__(*args, **kwargs)

    def __str__(self):
        return self.__root__

    def __fspath__(self):
        return self.__root__

    def rfind(self, *args):
        return self.__root__.rfind(*args)

    def find(self, *args):
        return self.__root__.find(*args)

PathLike = Path
`;
