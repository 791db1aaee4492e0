/** The names of configparser that its parsers raise and know. */
export const CONFIG_NAMES = `
DEFAULTSECT = 'DEFAULT'
MAX_INTERPOLATION_DEPTH = 10

class Error(Exception):
    pass

class NoSectionError(Error):
    pass

class NoOptionError(Error):
    pass

class DuplicateSectionError(Error):
    pass

class DuplicateOptionError(Error):
    pass

class InterpolationError(Error):
    pass

class InterpolationMissingOptionError(InterpolationError):
    pass

class InterpolationSyntaxError(InterpolationError):
    pass

class InterpolationDepthError(InterpolationError):
    pass

class ParsingError(Error):
    pass

class MissingSectionHeaderError(ParsingError):
    pass

class Interpolation:
    pass

class BasicInterpolation(Interpolation):
    pass

class ExtendedInterpolation(Interpolation):
    pass

class _Unset:
    pass

_UNSET = _Unset()

def _said():
    return unknown('what configparser says', 'str')
`;

/** A section of a parser, as a mapping. */
export const CONFIG_SECTION = `
class SectionProxy:
    def __init__(self, parser, name):
        self.parser = parser
        self.name = name

    def __getitem__(self, key):
        if not self.parser.has_option(self.name, key):
            raise KeyError(key)
        return self.parser.get(self.name, key)

    def __setitem__(self, key, value):
        self.parser._lose('an option that was set')
        return self.parser._why()

    def __delitem__(self, key):
        self.parser._lose('an option that was taken out')
        return self.parser._why()

    def __contains__(self, key):
        return self.parser.has_option(self.name, key)

    def _options(self):
        if self.name == self.parser.default_section:
            return list(self.parser.defaults())
        return self.parser.options(self.name)

    def __len__(self):
        return len(self._options())

    def __iter__(self):
        return self._options()

    def get(self, option, fallback=None, *, raw=False, vars=None):
        return self.parser.get(self.name, option, raw=raw, vars=vars, fallback=fallback)

    def getint(self, option, fallback=None, **kwargs):
        return self.parser.getint(self.name, option, fallback=fallback, **kwargs)

    def getfloat(self, option, fallback=None, **kwargs):
        return self.parser.getfloat(self.name, option, fallback=fallback, **kwargs)

    def getboolean(self, option, fallback=None, **kwargs):
        return self.parser.getboolean(self.name, option, fallback=fallback, **kwargs)

    def keys(self):
        return dict.fromkeys(self._options()).keys()

    def items(self):
        return {key: self[key] for key in self._options()}.items()

    def values(self):
        return {key: self[key] for key in self._options()}.values()

    def _changed(self, *args, **kwargs):
        self.parser._lose('a section that was changed')
        return self.parser._why()

    update = _changed
    pop = _changed
    popitem = _changed
    setdefault = _changed
    clear = _changed
`;
