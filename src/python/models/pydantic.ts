/** pydantic 2 as far as settings classes use it. */
export const PYDANTIC = `
from _djdeploy import unknown

class _Undefined:
    pass

UNDEFINED = _Undefined()

class FieldInfo:
    def __init__(self, default=UNDEFINED, default_factory=None, alias=None, validation_alias=None, env=None, **kwargs):
        self.default = default
        self.default_factory = default_factory
        self.alias = env or validation_alias or alias

def Field(default=UNDEFINED, **kwargs):
    if default is Ellipsis:
        default = UNDEFINED
    return FieldInfo(default, **kwargs)

class AliasChoices:
    def __init__(self, *choices):
        self.choices = choices

class SecretStr:
    def __init__(self, value):
        self._value = value
    def get_secret_value(self):
        return self._value

class ValidationError(ValueError):
    pass

def field_validator(*args, **kwargs):
    return lambda f: f

def model_validator(*args, **kwargs):
    return lambda f: f

def validator(*args, **kwargs):
    return lambda f: f

class BaseModel:
    def __init__(self, **kwargs):
        for k, v in kwargs.items():
            setattr(self, k, v)
`;

/** pydantic-settings 2: names are case-insensitive, an environment variable beats a default. */
export const PYDANTIC_SETTINGS = `
import json, os
from _djdeploy import is_unknown, note, unknown, MISSING_MARK, read_env_file
from pydantic import FieldInfo, SecretStr, UNDEFINED, ValidationError

TRUE = ('1', 'true', 't', 'yes', 'y', 'on')
FALSE = ('0', 'false', 'f', 'no', 'n', 'off')

def SettingsConfigDict(**kwargs):
    return kwargs

def _convert(text, kind):
    kind = kind.replace('Optional[', '').replace('|None', '').rstrip(']') if kind.startswith('Optional') else kind.replace('|None', '').replace('|none', '')
    if kind == 'bool':
        lowered = text.lower()
        if lowered in TRUE:
            return True
        if lowered in FALSE:
            return False
        raise ValidationError('Input should be a valid boolean')
    if kind == 'int':
        return int(text)
    if kind == 'float':
        return float(text)
    if kind == 'str':
        return text
    if kind == 'SecretStr':
        return SecretStr(text)
    shape = kind.lower()
    if shape.startswith(('list', 'dict', 'tuple', 'set')):
        value = json.loads(text)
        if is_unknown(value):
            return value
        if not isinstance(value, dict if shape.startswith('dict') else list):
            raise ValidationError('Input should be a valid ' + kind)
        return tuple(value) if shape.startswith('tuple') else set(value) if shape.startswith('set') else value
    if kind == 'Path':
        from pathlib import Path
        return Path(text)
    return unknown('a value of type ' + kind)

class BaseSettings:
    def __init__(self, **given):
        cls = type(self)
        config = getattr(cls, 'model_config', None)
        old = getattr(cls, 'Config', None)
        if isinstance(config, dict):
            prefix, paths = config.get('env_prefix', ''), config.get('env_file')
        else:
            prefix, paths = getattr(old, 'env_prefix', ''), getattr(old, 'env_file', None)
        self._env_file = {}
        if paths:
            for path in paths if isinstance(paths, (list, tuple)) else [paths]:
                for k, v in read_env_file(os.path.abspath(path)).items():
                    self._env_file[k.upper()] = v
        for base in reversed(cls.__mro__):
            kinds = getattr(base, '__annotations__', {})
            for name, kind in kinds.items():
                if name == 'model_config' or kind.startswith('ClassVar'):
                    continue
                setattr(self, name, self._value(cls, name, kind, prefix, given))

    def _value(self, cls, name, kind, prefix, given):
        if name in given:
            return given[name]
        default = getattr(cls, name, UNDEFINED)
        alias = None
        if isinstance(default, FieldInfo):
            alias = default.alias
            if default.default is not UNDEFINED:
                default = default.default
            elif default.default_factory is not None:
                default = default.default_factory()
            else:
                default = UNDEFINED
        key = alias if isinstance(alias, str) else (prefix + name)
        for spelled in (key.upper(), key):
            if spelled in os.environ:
                note(spelled, MISSING_MARK if default is UNDEFINED else default, kind)
                return _convert(os.environ[spelled], kind)
            if key.upper() in self._env_file:
                return _convert(self._env_file[key.upper()], kind)
            note(spelled, MISSING_MARK if default is UNDEFINED else default, kind)
            if key.upper() == key:
                break
            break
        if default is UNDEFINED:
            raise ValidationError(name + ' Field required')
        return default
`;
