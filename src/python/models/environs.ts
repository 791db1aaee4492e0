/** environs 15 with marshmallow 4. */
export const ENVIRONS = `
import json as pyjson, os
from pathlib import Path
from urllib.parse import urlparse
from _djdeploy import note, unknown, caller_file, load_env_file, find_upwards, MISSING_MARK

_str, _int, _float, _bool, _list, _dict = str, int, float, bool, list, dict

class ValidationError(ValueError):
    pass

class EnvError(ValueError):
    pass

class EnvNotSetError(EnvError):
    pass

class EnvValidationError(EnvError):
    pass

class EnvSealedError(TypeError):
    pass

TRUTHY = ("t", "T", "true", "True", "TRUE", "on", "On", "ON", "y", "Y", "yes", "Yes", "YES", "1")
FALSY = ("f", "F", "false", "False", "FALSE", "off", "Off", "OFF", "n", "N", "no", "No", "NO", "0")

def _to_bool(value):
    if value in TRUTHY:
        return True
    if value in FALSY:
        return False
    raise ValidationError("Not a valid boolean.")

def _cast(subcast):
    if subcast is None:
        return lambda v: v
    if subcast is _bool:
        return _to_bool
    return subcast

class Env:
    def __init__(self, *, eager=True, expand_vars=False, prefix=None):
        self.eager = eager
        self.expand_vars = expand_vars
        self._prefix = prefix
        self._parsers = {}

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return None

    def _raw(self, name, default, cast):
        key = (self._prefix or '') + name
        found = os.environ.get(key, MISSING_MARK)
        note(key, MISSING_MARK if default is Ellipsis else default, cast)
        return key, found

    def _parse(self, name, default, cast, convert, kwargs):
        key, found = self._raw(name, default, cast)
        if found is MISSING_MARK:
            if default is Ellipsis:
                if self.eager:
                    raise EnvNotSetError('Environment variable "' + key + '" not set')
                return None
            return default
        try:
            value = convert(found)
        except (ValueError, TypeError):
            if self.eager:
                raise EnvValidationError('Environment variable "' + key + '" invalid')
            return None
        validate = kwargs.get('validate')
        if validate is not None:
            for check in (validate if isinstance(validate, (_list, tuple)) else [validate]):
                check(value)
        return value

    def __call__(self, name, default=..., subcast=None, **kwargs):
        return self._parse(name, default, None, lambda v: v, kwargs)

    def str(self, name, default=..., subcast=None, **kwargs):
        return self._parse(name, default, 'str', lambda v: v, kwargs)

    def bool(self, name, default=..., subcast=None, **kwargs):
        return self._parse(name, default, 'bool', _to_bool, kwargs)

    def int(self, name, default=..., subcast=None, **kwargs):
        return self._parse(name, default, 'int', _int, kwargs)

    def float(self, name, default=..., subcast=None, **kwargs):
        return self._parse(name, default, 'float', _float, kwargs)

    decimal = float

    def list(self, name, default=..., subcast=None, *, delimiter=',', **kwargs):
        item = _cast(subcast)
        return self._parse(name, default, 'list', lambda v: [item(x) for x in v.split(delimiter)] if v != '' else [], kwargs)

    def dict(self, name, default=..., subcast=None, *, subcast_keys=None, subcast_values=None, delimiter=',', key_value_delimiter='=', **kwargs):
        key, val = _cast(subcast_keys), _cast(subcast_values or subcast)
        return self._parse(name, default, 'dict', lambda v: {key(a.strip()): val(b.strip()) for a, b in (x.split(key_value_delimiter, 1) for x in v.split(delimiter) if v)}, kwargs)

    def json(self, name, default=..., subcast=None, **kwargs):
        return self._parse(name, default, 'json', pyjson.loads, kwargs)

    def path(self, name, default=..., subcast=None, **kwargs):
        return self._parse(name, default, 'path', Path, kwargs)

    def url(self, name, default=..., subcast=None, **kwargs):
        return self._parse(name, default, 'url', urlparse, kwargs)

    def log_level(self, name, default=..., subcast=None, **kwargs):
        return self._parse(name, default, 'log_level', lambda v: unknown('a log level', 'int'), kwargs)

    def timedelta(self, name, default=..., subcast=None, **kwargs):
        return self._parse(name, default, 'timedelta', lambda v: unknown('a duration'), kwargs)

    datetime = date = time = timedelta
    uuid = timedelta
    enum = timedelta

    def dj_db_url(self, name, default=..., **kwargs):
        import dj_database_url
        key, found = self._raw(name, default, 'dj_db_url')
        if found is MISSING_MARK:
            found = default
        if found is Ellipsis:
            raise EnvNotSetError('Environment variable "' + key + '" not set')
        try:
            return dj_database_url.parse(found, **kwargs)
        except Exception:
            raise EnvValidationError('Environment variable "' + key + '" invalid: Not a valid database URL.')

    def dj_email_url(self, name, default=..., **kwargs):
        from environ import Env as Other
        key, found = self._raw(name, default, 'dj_email_url')
        if found is MISSING_MARK:
            found = default
        if found is Ellipsis:
            raise EnvNotSetError('Environment variable "' + key + '" not set')
        config = {'EMAIL_USE_TLS': unknown('a mail URL', 'bool'), 'EMAIL_USE_SSL': unknown('a mail URL', 'bool'), 'EMAIL_BACKEND': 'django.core.mail.backends.smtp.EmailBackend'}
        config.update(Other.email_url_config(found))
        return config

    def dj_cache_url(self, name, default=..., **kwargs):
        from environ import Env as Other
        key, found = self._raw(name, default, 'dj_cache_url')
        if found is MISSING_MARK:
            found = default
        if found is Ellipsis:
            raise EnvNotSetError('Environment variable "' + key + '" not set')
        return Other.cache_url_config(found)

    def read_env(self, path=None, *, recurse=True, override=False, return_path=False, **kwargs):
        if path is None:
            path = find_upwards(os.path.dirname(caller_file()), '.env')
        elif recurse:
            path = find_upwards(os.path.dirname(os.path.abspath(path)), os.path.basename(path)) or path
        if path:
            load_env_file(_str(path), override)
        return path if return_path else True

    def prefixed(self, prefix):
        return _Prefixed(self, prefix)

    def seal(self):
        return None

    def dump(self):
        return unknown('env.dump()', 'dict')

    def add_parser(self, name, func):
        setattr(self, name, _Parser(self, func))

    def parser_for(self, name):
        def decorator(func):
            self.add_parser(name, func)
            return func
        return decorator

class _Parser:
    def __init__(self, env, func):
        self.env = env
        self.func = func

    def __call__(self, name, default=..., **kwargs):
        key, found = self.env._raw(name, default, 'parser')
        if found is MISSING_MARK:
            found = default
        if found is Ellipsis:
            raise EnvNotSetError('Environment variable "' + key + '" not set')
        return self.func(found, **kwargs)

class _Prefixed:
    def __init__(self, env, prefix):
        self.env = env
        env._prefix = (env._prefix or '') + prefix

    def __enter__(self):
        return self.env

FileAwareEnv = Env
env = Env()
`;
