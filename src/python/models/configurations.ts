/** django-configurations 2.5: the classes; `_apply` is what its importer does after the module has run. */
export const CONFIGURATIONS = `
from configurations import values

class Configuration:
    DOTENV_LOADED = None
    @classmethod
    def pre_setup(cls):
        pass
    @classmethod
    def setup(cls):
        for name in dir(cls):
            if name.isupper():
                value = getattr(cls, name)
                if isinstance(value, values.Value):
                    made = value.setup(name)
                    setattr(cls, name, made)
                    if value.multiple:
                        for k, v in made.items():
                            setattr(cls, k, v)
    @classmethod
    def post_setup(cls):
        pass

Settings = Configuration

def _apply(cls, module_globals):
    cls.pre_setup()
    cls.setup()
    instance = cls()
    for name in dir(instance):
        if name.isupper():
            module_globals[name] = getattr(instance, name)
    cls.post_setup()
`;

export const CONFIGURATION_VALUES = `
import ast, os
from _djdeploy import note, unknown, MISSING_MARK

class Value:
    multiple = False
    late_binding = False

    def __new__(cls, *args, **kwargs):
        instance = object.__new__(cls)
        instance.__init__(*args, **kwargs)
        if not kwargs.get('late_binding'):
            if (instance.environ and instance.environ_name) or (not instance.environ and instance.default):
                return instance.setup(instance.environ_name)
        return instance

    def __init__(self, default=None, environ=True, environ_name=None, environ_prefix='DJANGO', environ_required=False, *args, **kwargs):
        if isinstance(default, Value) and default.default is not None:
            default = default.default
        self.default = default
        self.environ = environ
        if environ_prefix and environ_prefix.endswith('_'):
            environ_prefix = environ_prefix[:-1]
        self.environ_prefix = environ_prefix
        self.environ_name = environ_name
        self.environ_required = environ_required

    def full_environ_name(self, name):
        environ_name = self.environ_name if self.environ_name else name.upper()
        return self.environ_prefix + '_' + environ_name if self.environ_prefix else environ_name

    def setup(self, name):
        value = self.default
        if self.environ:
            full = self.full_environ_name(name)
            if full in os.environ:
                text = os.environ[full]
                note(full, MISSING_MARK if self.environ_required else self.default, type(self).__name__)
                value = self.to_python(text)
            else:
                note(full, MISSING_MARK if self.environ_required else self.default, type(self).__name__)
                if self.environ_required:
                    raise ValueError('Value ' + name + ' is required to be set as the environment variable ' + full)
        self.value = value
        return value

    def to_python(self, value):
        return value

class MultipleMixin:
    multiple = True

class BooleanValue(Value):
    true_values = ('yes', 'y', 'true', '1')
    false_values = ('no', 'n', 'false', '0', '')
    def to_python(self, value):
        normalized_value = value.strip().lower()
        if normalized_value in self.true_values:
            return True
        elif normalized_value in self.false_values:
            return False
        raise ValueError('Cannot interpret boolean value ' + value)

class IntegerValue(Value):
    def to_python(self, value):
        return int(value)

class PositiveIntegerValue(IntegerValue):
    def to_python(self, value):
        int_value = int(value)
        if int_value < 0:
            raise ValueError('not positive')
        return int_value

class FloatValue(Value):
    def to_python(self, value):
        return float(value)

class DecimalValue(FloatValue):
    pass

class SequenceValue(Value):
    separator = ','
    sequence_type = list
    def __init__(self, *args, **kwargs):
        self.separator = kwargs.get('separator') or ','
        self.converter = kwargs.get('converter')
        super().__init__(*args, **kwargs)
        self.default = self.sequence_type() if self.default is None else self.sequence_type(self.default)
    def to_python(self, value):
        parts = [v.strip() for v in value.strip().split(self.separator)]
        parts = [v for v in parts if v]
        if self.converter is not None:
            parts = [self.converter(v) for v in parts]
        return self.sequence_type(parts)

class ListValue(SequenceValue):
    sequence_type = list

class TupleValue(SequenceValue):
    sequence_type = tuple

class SetValue(SequenceValue):
    sequence_type = set

class SingleNestedListValue(Value):
    def to_python(self, value):
        return [[v.strip() for v in part.split(',') if v.strip()] for part in value.split(';') if part.strip()]

class SingleNestedTupleValue(Value):
    def to_python(self, value):
        return tuple(tuple(v.strip() for v in part.split(',') if v.strip()) for part in value.split(';') if part.strip())

class BackendsValue(ListValue):
    pass

class DictValue(Value):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.default = {} if self.default is None else dict(self.default)
    def to_python(self, value):
        if not value:
            return {}
        return dict(ast.literal_eval(value))

class JSONValue(Value):
    def to_python(self, value):
        import json
        return json.loads(value)

class ValidationMixin:
    pass

class CastingMixin:
    pass

class EmailValue(Value):
    pass

class URLValue(Value):
    pass

class IPValue(Value):
    pass

class RegexValue(Value):
    pass

class PathValue(Value):
    pass

class SecretValue(Value):
    def __init__(self, *args, **kwargs):
        kwargs['environ'] = True
        kwargs['environ_required'] = True
        super().__init__(*args, **kwargs)
    def setup(self, name):
        value = super().setup(name)
        if not value:
            raise ValueError('Secret value is not set')
        return value

class DatabaseURLValue(Value):
    def __init__(self, default=None, *args, **kwargs):
        self.alias = kwargs.get('alias') or 'default'
        kwargs.setdefault('environ_name', 'DATABASE_URL')
        kwargs.setdefault('environ_prefix', None)
        kwargs['late_binding'] = True
        super().__init__(default, *args, **kwargs)
        if self.default is None:
            self.default = {}
        else:
            self.default = self.to_python(self.default)
    def to_python(self, value):
        import dj_database_url
        return {self.alias: dj_database_url.parse(value)}

class CacheURLValue(Value):
    def __init__(self, default=None, *args, **kwargs):
        kwargs.setdefault('environ_name', 'CACHE_URL')
        kwargs.setdefault('environ_prefix', None)
        kwargs['late_binding'] = True
        super().__init__(default, *args, **kwargs)
    def setup(self, name):
        super().setup(name)
        return unknown('a cache URL', 'dict')
    def to_python(self, value):
        return unknown('a cache URL', 'dict')

class EmailURLValue(CacheURLValue):
    pass

class SearchURLValue(CacheURLValue):
    pass
`;
