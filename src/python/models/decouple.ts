/** python-decouple 3.8. */
export const DECOUPLE = String.raw`
import os
from _djdeploy import note, caller_file, read_env_file, MISSING_MARK, split_list, find_upwards

TRUE_VALUES = ("y", "yes", "t", "true", "on", "1")
FALSE_VALUES = ("n", "no", "f", "false", "off", "0")

def strtobool(value):
    if isinstance(value, bool):
        return value
    value = value.lower()
    if value in TRUE_VALUES:
        return True
    elif value in FALSE_VALUES:
        return False
    raise ValueError("Invalid truth value: " + value)

class UndefinedValueError(Exception):
    pass

class Undefined:
    pass

undefined = Undefined()

class Config:
    def __init__(self, repository):
        self.repository = repository

    def _cast_boolean(self, value):
        value = str(value)
        return bool(value) if value == '' else bool(strtobool(value))

    def get(self, option, default=undefined, cast=undefined):
        if option in os.environ:
            value = os.environ[option]
        elif option in self.repository:
            value = self.repository[option]
        else:
            if isinstance(default, Undefined):
                raise UndefinedValueError(option + ' not found. Declare it as envvar or define a default value.')
            value = default
        note(option, MISSING_MARK if isinstance(default, Undefined) else default, None if isinstance(cast, Undefined) else getattr(cast, '__name__', None))
        if isinstance(cast, Undefined):
            return value
        if cast is bool:
            return self._cast_boolean(value)
        return cast(value)

    def __call__(self, *args, **kwargs):
        return self.get(*args, **kwargs)

def RepositoryEmpty(source='', encoding='UTF-8'):
    return {}

def RepositoryEnv(source, encoding='UTF-8'):
    return read_env_file(source, 'decouple')

RepositoryIni = RepositoryEnv

def RepositorySecret(source='/run/secrets/'):
    return {}

class AutoConfig:
    def __init__(self, search_path=None):
        self.search_path = search_path
        self.config = None

    def __call__(self, *args, **kwargs):
        if not self.config:
            start = self.search_path or os.path.dirname(caller_file())
            found = find_upwards(start, '.env')
            self.config = Config(read_env_file(found, 'decouple') if found else {})
        return self.config(*args, **kwargs)

config = AutoConfig()

class Csv:
    def __init__(self, cast=str, delimiter=',', strip=' \t\n\r\x0b\x0c', post_process=list):
        self.cast = cast
        self.delimiter = delimiter
        self.strip = strip
        self.post_process = post_process

    def __call__(self, value):
        if value is None:
            return self.post_process()
        return self.post_process([self.cast(s.strip(self.strip)) for s in split_list(value, self.delimiter)])

class Choices:
    def __init__(self, flat=None, cast=str, choices=None):
        self.flat = flat or []
        self.cast = cast
        self.choices = choices or []
        self._valid_values = list(self.flat) + [value for value, _ in self.choices]

    def __call__(self, value):
        transform = self.cast(value)
        if transform not in self._valid_values:
            raise ValueError('Value not in list')
        return transform
`;
