/** prettyconf 3.0, and 2 where it gives the same: `config(name, cast, default=)`, `config.boolean`, `config.list`. */
export const PRETTYCONF = `
import ast, json as _json, os
from _djdeploy import caller_file, find_upwards, note, read_env_file, MISSING_MARK

_str, _list, _tuple = str, list, tuple

class InvalidConfigurationError(Exception):
    pass

class UnknownConfigurationError(KeyError):
    pass

class Boolean:
    default_values = {
        '1': True, 'true': True, 'yes': True, 'y': True, 'on': True, 't': True,
        '0': False, 'false': False, 'no': False, 'n': False, 'off': False, 'f': False,
    }
    def __init__(self, values=None):
        self.values = dict(self.default_values)
        if isinstance(values, dict):
            self.values.update(values)
    def __call__(self, value):
        try:
            return self.values[_str(value).lower()]
        except KeyError:
            raise InvalidConfigurationError('Value is not a valid boolean')

def _parse(text, delimiter):
    parts = [part.strip() for part in text.split(delimiter)]
    return parts if text and not text.endswith(delimiter) else parts[:-1]

class List:
    def __init__(self, delimiter=',', quotes='"'):
        self.delimiter = delimiter
    def __call__(self, value):
        return _list(_parse(value, self.delimiter))

class Tuple(List):
    def __call__(self, value):
        return _tuple(_parse(value, self.delimiter))

class Option:
    def __init__(self, options):
        self.options = options
    def __call__(self, value):
        try:
            return self.options[value]
        except KeyError:
            raise InvalidConfigurationError('Value is not one of the valid options')

class JSON:
    def __call__(self, value):
        if not isinstance(value, _str):
            return value
        try:
            return _json.loads(value)
        except ValueError:
            raise InvalidConfigurationError('Value is not valid JSON')

class Configuration:
    boolean = Boolean()
    list = List()
    tuple = Tuple()
    json = JSON()
    eval = staticmethod(ast.literal_eval)

    def __init__(self, loaders=None):
        self.files = None

    @staticmethod
    def option(options):
        return Option(options)

    def __call__(self, item, cast=lambda v: v, default=MISSING_MARK):
        name = item.upper()
        if self.files is None:
            found = find_upwards(os.path.dirname(caller_file()), '.env')
            self.files = read_env_file(found, 'decouple') if found else {}
        if name in os.environ:
            value = os.environ[name]
        elif name in self.files:
            value = self.files[name]
        else:
            if default is MISSING_MARK:
                note(name, MISSING_MARK, None)
                raise UnknownConfigurationError("Configuration '" + item + "' not found")
            value = default
        note(name, default, type(cast).__name__.lower())
        return cast(value)

config = Configuration()
`;
