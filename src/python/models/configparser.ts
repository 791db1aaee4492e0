import { CONFIG_NAMES, CONFIG_SECTION } from "./configparser-parts.ts";

/** configparser of Python 3.8 to 3.14, as far as settings use it; whatever else is asked of a parser loses it. */
export const CONFIGPARSER = `
from _djdeploy import ini_files, ini_rows, ini_text, is_unknown, unknown

${CONFIG_NAMES}
class RawConfigParser:
    _basic = False
    BOOLEAN_STATES = {'1': True, 'yes': True, 'true': True, 'on': True, '0': False, 'no': False, 'false': False, 'off': False}

    def __init__(self, defaults=None, dict_type=dict, allow_no_value=False, *, delimiters=('=', ':'), comment_prefixes=('#', ';'), inline_comment_prefixes=None, strict=True, empty_lines_in_values=True, default_section='DEFAULT', interpolation=_UNSET, **more):
        self._lost = False
        self._why = None
        self._sections = {}
        self._defaults = {}
        self._novalue = bool(allow_no_value)
        self._strict = bool(strict)
        self.default_section = default_section
        if interpolation is None:
            self._basic = False
        elif isinstance(interpolation, BasicInterpolation):
            self._basic = True
        elif not isinstance(interpolation, _Unset):
            self._lose('an interpolation that is not modelled')
        if delimiters != ('=', ':') or comment_prefixes != ('#', ';') or inline_comment_prefixes or not empty_lines_in_values or more:
            self._lose('options of configparser that are not modelled')
        if isinstance(defaults, dict):
            for key, value in defaults.items():
                self._defaults[self.optionxform(str(key))] = value if value is None else str(value)
        elif defaults is not None:
            self._lose('defaults of configparser that are not known')

    def _lose(self, why):
        self._lost = True
        self._why = unknown(why)

    def optionxform(self, option):
        return option.lower()

    def _take(self, text):
        rows = ini_rows(text, self._novalue)
        if is_unknown(rows):
            self._lost = True
            self._why = rows
            return
        where = None
        section = None
        seen = {}
        for kind, name, value in rows:
            if kind == 'section':
                where = name
                if name == self.default_section and name not in self._sections:
                    section = self._defaults
                    continue
                if name not in self._sections:
                    self._sections[name] = {}
                elif self._strict and (name,) in seen:
                    self._lose('a file with a section twice')
                    raise DuplicateSectionError(_said())
                seen[(name,)] = True
                section = self._sections[name]
            elif kind == 'option':
                key = self.optionxform(name)
                if self._strict and (where, key) in seen:
                    self._lose('a file with an option twice')
                    raise DuplicateOptionError(_said())
                seen[(where, key)] = True
                section[key] = value
            elif kind == 'headless':
                raise MissingSectionHeaderError(_said())
            else:
                self._lose('a file that configparser refuses')
                raise ParsingError(_said())

    def read(self, filenames, encoding=None):
        done = []
        for filename in ini_files(filenames):
            text = ini_text(filename)
            if is_unknown(text):
                self._lost = True
                self._why = text
                done = text
            else:
                self._take(text)
                if not self._lost:
                    done.append(str(filename))
        return self._why if self._lost else done

    def read_file(self, f, source=None):
        self._take(f.read())

    def read_string(self, string, source='<string>'):
        self._take(string)

    def read_dict(self, *args, **kwargs):
        self._lose('read_dict()')
        return self._why()

    def defaults(self):
        if self._lost:
            return self._why
        return self._defaults

    def sections(self):
        if self._lost:
            return self._why()
        return list(self._sections.keys())

    def has_section(self, section):
        if self._lost:
            return self._why()
        return section in self._sections

    def options(self, section):
        if self._lost:
            return self._why()
        if section not in self._sections:
            self._no_section(section)
        found = dict(self._sections[section])
        found.update(self._defaults)
        return list(found.keys())

    def has_option(self, section, option):
        if self._lost:
            return self._why()
        if not section or section == self.default_section:
            return self.optionxform(option) in self._defaults
        if section not in self._sections:
            return False
        option = self.optionxform(option)
        return option in self._sections[section] or option in self._defaults

    def _no_section(self, section):
        error = NoSectionError('No section: ' + repr(section))
        error.section = section
        error.args = (section,)
        raise error

    def _values(self, section, vars):
        found = dict(self._defaults)
        if section in self._sections:
            found.update(self._sections[section])
        elif section != self.default_section:
            self._no_section(section)
        if vars:
            for key, value in vars.items():
                found[self.optionxform(key)] = value if value is None else str(value)
        return found

    def get(self, section, option, *, raw=False, vars=None, fallback=_UNSET):
        if self._lost or (vars and not isinstance(vars, dict)):
            return self._unclear(section, option)
        try:
            found = self._values(section, vars)
        except NoSectionError:
            if isinstance(fallback, _Unset):
                raise
            return fallback
        option = self.optionxform(option)
        if option not in found:
            if isinstance(fallback, _Unset):
                error = NoOptionError('No option ' + repr(option) + ' in section: ' + repr(section))
                error.option = option
                error.section = section
                error.args = (option, section)
                raise error
            return fallback
        value = found[option]
        if raw or value is None or not self._basic or '%' not in value:
            return value
        parts = []
        self._interpolate(parts, value, found, 1)
        return ''.join(parts)

    def _unclear(self, *args):
        why = self._why if self._lost else unknown('variables given to configparser')
        return why(*args)

    def _interpolate(self, parts, rest, found, depth):
        if depth > MAX_INTERPOLATION_DEPTH:
            raise InterpolationDepthError(_said())
        while rest:
            at = rest.find('%')
            if at < 0:
                parts.append(rest)
                return
            if at > 0:
                parts.append(rest[:at])
                rest = rest[at:]
            if rest[1:2] == '%':
                parts.append('%')
                rest = rest[2:]
                continue
            end = rest.find(')')
            if rest[1:2] != '(' or end <= 2 or rest[end:end + 2] != ')s':
                raise InterpolationSyntaxError(_said())
            name = self.optionxform(rest[2:end])
            rest = rest[end + 2:]
            if name not in found:
                raise InterpolationMissingOptionError(_said())
            value = found[name]
            if '%' in value:
                self._interpolate(parts, value, found, depth + 1)
            else:
                parts.append(value)

    def _converted(self, section, option, conv, kwargs):
        fallback = kwargs.pop('fallback', _UNSET)
        try:
            value = self.get(section, option, **kwargs)
        except (NoSectionError, NoOptionError):
            if isinstance(fallback, _Unset):
                raise
            return fallback
        return conv(value)

    def getint(self, section, option, **kwargs):
        return self._converted(section, option, int, kwargs)

    def getfloat(self, section, option, **kwargs):
        return self._converted(section, option, float, kwargs)

    def getboolean(self, section, option, **kwargs):
        return self._converted(section, option, self._boolean, kwargs)

    def _boolean(self, value):
        if value.lower() not in self.BOOLEAN_STATES:
            raise ValueError('Not a boolean: ' + value)
        return self.BOOLEAN_STATES[value.lower()]

    def items(self, section=_UNSET, raw=False, vars=None):
        if self._lost or vars or isinstance(section, _Unset):
            return self._unclear()
        found = self._values(section, None)
        return [(option, self.get(section, option, raw=raw)) for option in found]

    def add_section(self, section):
        if self._lost:
            return self._why(section)
        if section == self.default_section:
            raise ValueError('Invalid section name: ' + repr(section))
        if section in self._sections:
            raise DuplicateSectionError(_said())
        self._sections[section] = {}

    def set(self, section, option, value=None):
        self._lose('set() of a parser')
        return self._why()

    def remove_option(self, section, option):
        self._lose('remove_option()')
        return self._why()

    def remove_section(self, section):
        self._lose('remove_section()')
        return self._why()

    def __getitem__(self, key):
        if self._lost:
            return self._why(key)
        if key != self.default_section and key not in self._sections:
            raise KeyError(key)
        return SectionProxy(self, key)

    def __setitem__(self, key, value):
        self._lose('a section that was set')
        return self._why()

    def __delitem__(self, key):
        self._lose('a section that was taken out')
        return self._why()

    def __contains__(self, key):
        if self._lost:
            return self._why(key)
        return key == self.default_section or key in self._sections

    def __len__(self):
        return len(self._sections) + 1 if not self._lost else unknown('the number of sections', 'int')

    def __iter__(self):
        if self._lost:
            return self._why()
        return [self.default_section] + list(self._sections.keys())

    def _changed(self, *args, **kwargs):
        self._lose('a parser that was changed')
        return self._why()

    update = _changed
    pop = _changed
    popitem = _changed
    setdefault = _changed
    clear = _changed
    write = _changed
    keys = _changed
    values = _changed

class ConfigParser(RawConfigParser):
    def add_section(self, section):
        if not isinstance(section, str):
            raise TypeError('section names must be strings')
        super().add_section(section)

    _basic = True

${CONFIG_SECTION}`;
