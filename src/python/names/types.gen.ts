// Made by `npm run python-names` from CPython 3.11, 3.14: see scripts/python-names. Do not edit.

/** A type a line: its name, the nearest type above it that is here too, and its own names. `=`: no method; `?`: not in every Python. */
export const TYPE_NAMES = `
object - __class__ __delattr__ __dir__ __doc__= __eq__ __format__ __ge__ __getattribute__ __getstate__ __gt__ __hash__ __init__ __init_subclass__ __le__ __lt__ __ne__ __new__ __reduce__ __reduce_ex__ __repr__ __setattr__ __sizeof__ __str__ __subclasshook__
type object __abstractmethods__= __annotate__=? __annotations__= __base__ __bases__= __basicsize__= __call__ __dict__= __dictoffset__= __flags__= __instancecheck__ __itemsize__= __module__= __mro__= __name__= __or__ __prepare__ __qualname__= __ror__ __subclasscheck__ __subclasses__ __text_signature__= __type_params__=? __weakrefoffset__= mro
NoneType object __bool__
bool int 
int object __abs__ __add__ __and__ __bool__ __ceil__ __divmod__ __float__ __floor__ __floordiv__ __getnewargs__ __index__ __int__ __invert__ __lshift__ __mod__ __mul__ __neg__ __or__ __pos__ __pow__ __radd__ __rand__ __rdivmod__ __rfloordiv__ __rlshift__ __rmod__ __rmul__ __ror__ __round__ __rpow__ __rrshift__ __rshift__ __rsub__ __rtruediv__ __rxor__ __sub__ __truediv__ __trunc__ __xor__ as_integer_ratio bit_count bit_length conjugate denominator= from_bytes imag= is_integer? numerator= real= to_bytes
float object __abs__ __add__ __bool__ __ceil__ __divmod__ __float__ __floor__ __floordiv__ __getformat__ __getnewargs__ __int__ __mod__ __mul__ __neg__ __pos__ __pow__ __radd__ __rdivmod__ __rfloordiv__ __rmod__ __rmul__ __round__ __rpow__ __rsub__ __rtruediv__ __sub__ __truediv__ __trunc__ as_integer_ratio conjugate from_number? fromhex hex imag= is_integer real=
complex object __abs__ __add__ __bool__ __complex__ __getnewargs__ __mul__ __neg__ __pos__ __pow__ __radd__ __rmul__ __rpow__ __rsub__ __rtruediv__ __sub__ __truediv__ conjugate from_number? imag= real=
str object __add__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ __mod__ __mul__ __rmod__ __rmul__ capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill
bytes object __add__ __buffer__? __bytes__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ __mod__ __mul__ __rmod__ __rmul__ capitalize center count decode endswith expandtabs find fromhex hex index isalnum isalpha isascii isdigit islower isspace istitle isupper join ljust lower lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill
bytearray object __add__ __alloc__ __buffer__? __contains__ __delitem__ __getitem__ __hash__= __iadd__ __imul__ __iter__ __len__ __mod__ __mul__ __release_buffer__? __rmod__ __rmul__ __setitem__ append capitalize center clear copy count decode endswith expandtabs extend find fromhex hex index insert isalnum isalpha isascii isdigit islower isspace istitle isupper join ljust lower lstrip maketrans partition pop remove removeprefix removesuffix replace resize? reverse rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill
memoryview object __buffer__? __class_getitem__? __delitem__ __enter__ __exit__ __getitem__ __iter__ __len__ __release_buffer__? __setitem__ c_contiguous= cast contiguous= count? f_contiguous= format= hex index? itemsize= nbytes= ndim= obj= readonly= release shape= strides= suboffsets= tobytes tolist toreadonly
list object __add__ __class_getitem__ __contains__ __delitem__ __getitem__ __hash__= __iadd__ __imul__ __iter__ __len__ __mul__ __reversed__ __rmul__ __setitem__ append clear copy count extend index insert pop remove reverse sort
tuple object __add__ __class_getitem__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ __mul__ __rmul__ count index
range object __bool__ __contains__ __getitem__ __iter__ __len__ __reversed__ count index start= step= stop=
set object __and__ __class_getitem__ __contains__ __hash__= __iand__ __ior__ __isub__ __iter__ __ixor__ __len__ __or__ __rand__ __ror__ __rsub__ __rxor__ __sub__ __xor__ add clear copy difference difference_update discard intersection intersection_update isdisjoint issubset issuperset pop remove symmetric_difference symmetric_difference_update union update
frozenset object __and__ __class_getitem__ __contains__ __iter__ __len__ __or__ __rand__ __ror__ __rsub__ __rxor__ __sub__ __xor__ copy difference intersection isdisjoint issubset issuperset symmetric_difference union
dict object __class_getitem__ __contains__ __delitem__ __getitem__ __hash__= __ior__ __iter__ __len__ __or__ __reversed__ __ror__ __setitem__ clear copy fromkeys get items keys pop popitem setdefault update values
slice object __hash__=? indices start= step= stop=
dict_keys object __and__ __contains__ __hash__= __iter__ __len__ __or__ __rand__ __reversed__ __ror__ __rsub__ __rxor__ __sub__ __xor__ isdisjoint mapping=
dict_values object __iter__ __len__ __reversed__ mapping=
dict_items object __and__ __contains__ __hash__= __iter__ __len__ __or__ __rand__ __reversed__ __ror__ __rsub__ __rxor__ __sub__ __xor__ isdisjoint mapping=
map object __iter__ __next__ __setstate__?
filter object __iter__ __next__
zip object __iter__ __next__ __setstate__
enumerate object __class_getitem__ __iter__ __next__
reversed object __iter__ __length_hint__ __next__ __setstate__
generator object __class_getitem__? __del__ __iter__ __name__= __next__ __qualname__= close gi_code= gi_frame= gi_running= gi_suspended= gi_yieldfrom= send throw
list_iterator object __iter__ __length_hint__ __next__ __setstate__
function object __annotate__=? __annotations__= __builtins__= __call__ __closure__= __code__= __defaults__= __dict__= __get__ __globals__= __kwdefaults__= __module__= __name__= __qualname__= __type_params__=?
builtin_function_or_method object __call__ __module__= __name__= __qualname__= __self__= __text_signature__=
method object __call__ __func__= __get__? __self__=
module object __annotate__=? __annotations__= __dict__=
property object __delete__ __get__ __isabstractmethod__= __name__=? __set__ __set_name__ deleter fdel= fget= fset= getter setter
staticmethod object __annotate__=? __annotations__=? __call__ __class_getitem__? __dict__= __func__= __get__ __isabstractmethod__= __wrapped__=
classmethod object __annotate__=? __annotations__=? __class_getitem__? __dict__= __func__= __get__ __isabstractmethod__= __wrapped__=
super object __get__ __self__= __self_class__= __thisclass__=
ellipsis object 
NotImplementedType object __bool__
_Environ object __abstractmethods__= __annotate_func__=? __annotations_cache__=? __class_getitem__ __contains__ __delitem__ __dict__= __firstlineno__=? __getitem__ __hash__= __ior__ __iter__ __len__ __module__= __or__ __reversed__= __ror__ __setitem__ __slots__= __static_attributes__=? __weakref__= clear copy get items keys pop popitem setdefault update values
TextIOWrapper object __del__ __dict__= __enter__ __exit__ __iter__ __module__=? __next__ buffer= close closed= detach encoding= errors= fileno flush isatty line_buffering= name= newlines= read readable readline readlines reconfigure seek seekable tell truncate writable write write_through= writelines
PurePosixPath object __bytes__ __firstlineno__=? __fspath__ __module__= __rtruediv__ __slots__= __static_attributes__=? __truediv__ anchor= as_posix as_uri drive= full_match? is_absolute is_relative_to is_reserved joinpath match name= parent= parents= parser=? parts= relative_to root= stem= suffix= suffixes= with_name with_segments? with_stem with_suffix
PosixPath PurePosixPath __enter__? __exit__? absolute chmod copy? copy_into? cwd exists expanduser from_uri? glob group hardlink_to home info=? is_block_device is_char_device is_dir is_fifo is_file is_junction? is_mount is_socket is_symlink iterdir lchmod link_to? lstat mkdir move? move_into? open owner read_bytes read_text readlink rename replace resolve rglob rmdir samefile stat symlink_to touch unlink walk? write_bytes write_text
timedelta object __abs__ __add__ __bool__ __divmod__ __floordiv__ __mod__ __mul__ __neg__ __pos__ __radd__ __rdivmod__ __rfloordiv__ __rmod__ __rmul__ __rsub__ __rtruediv__ __sub__ __truediv__ days= max= microseconds= min= resolution= seconds= total_seconds
date object __add__ __radd__ __replace__? __rsub__ __sub__ ctime day= fromisocalendar fromisoformat fromordinal fromtimestamp isocalendar isoformat isoweekday max= min= month= replace resolution= strftime strptime? timetuple today toordinal weekday year=
datetime date astimezone combine date dst fold= hour= microsecond= minute= now second= strptime? time timestamp timetz tzinfo= tzname utcfromtimestamp utcnow utcoffset utctimetuple
time object __replace__? dst fold= fromisoformat hour= isoformat max= microsecond= min= minute= replace resolution= second= strftime strptime? tzinfo= tzname utcoffset
timezone object __getinitargs__ dst fromutc max= min= tzname utc= utcoffset
OrderedDict dict __dict__= __hash__= move_to_end
defaultdict dict __copy__ __hash__= __missing__ __module__=? default_factory=
deque object __add__ __class_getitem__ __contains__ __copy__ __delitem__ __getitem__ __hash__= __iadd__ __imul__ __iter__ __len__ __module__=? __mul__ __reversed__ __rmul__ __setitem__ append appendleft clear copy count extend extendleft index insert maxlen= pop popleft remove reverse rotate
Counter dict __add__ __and__ __dict__= __firstlineno__=? __hash__= __iadd__ __iand__ __isub__ __missing__ __module__= __neg__ __pos__ __static_attributes__=? __sub__ __weakref__= elements most_common subtract total
ChainMap object __abstractmethods__= __annotate_func__=? __annotations_cache__=? __bool__ __class_getitem__ __contains__ __copy__ __delitem__ __dict__= __firstlineno__=? __getitem__ __hash__= __ior__ __iter__ __len__ __missing__ __module__= __or__ __reversed__= __ror__ __setitem__ __slots__= __static_attributes__=? __weakref__= clear copy fromkeys get items keys new_child parents= pop popitem setdefault update values
partial object __call__ __class_getitem__ __dict__= __get__? __module__= __setstate__ __vectorcalloffset__= args= func= keywords=
Pattern object __class_getitem__ __copy__ __deepcopy__ __module__= findall finditer flags= fullmatch groupindex= groups= match pattern= scanner search split sub subn
Match object __class_getitem__ __copy__ __deepcopy__ __getitem__ __module__= end endpos= expand group groupdict groups lastgroup= lastindex= pos= re= regs= span start string=
ParseResult tuple __firstlineno__=? __match_args__= __module__= __replace__? __slots__= __static_attributes__=? encode fragment= geturl hostname= netloc= params= password= path= port= query= scheme= username=
SplitResult tuple __firstlineno__=? __match_args__= __module__= __replace__? __slots__= __static_attributes__=? encode fragment= geturl hostname= netloc= password= path= port= query= scheme= username=
Decimal object __abs__ __add__ __bool__ __ceil__ __complex__ __copy__ __deepcopy__ __divmod__ __float__ __floor__ __floordiv__ __int__ __mod__ __module__= __mul__ __neg__ __pos__ __pow__ __radd__ __rdivmod__ __rfloordiv__ __rmod__ __rmul__ __round__ __rpow__ __rsub__ __rtruediv__ __sub__ __truediv__ __trunc__ adjusted as_integer_ratio as_tuple canonical compare compare_signal compare_total compare_total_mag conjugate copy_abs copy_negate copy_sign exp fma from_float from_number? imag= is_canonical is_finite is_infinite is_nan is_normal is_qnan is_signed is_snan is_subnormal is_zero ln log10 logb logical_and logical_invert logical_or logical_xor max max_mag min min_mag next_minus next_plus next_toward normalize number_class quantize radix real= remainder_near rotate same_quantum scaleb shift sqrt to_eng_string to_integral to_integral_exact to_integral_value
Fraction object __abs__ __abstractmethods__= __add__ __bool__ __ceil__ __complex__ __copy__ __deepcopy__ __divmod__ __firstlineno__=? __float__ __floor__ __floordiv__ __int__ __mod__ __module__= __mul__ __neg__ __pos__ __pow__ __radd__ __rdivmod__ __rfloordiv__ __rmod__ __rmul__ __round__ __rpow__ __rsub__ __rtruediv__ __slots__= __static_attributes__=? __sub__ __truediv__ __trunc__ as_integer_ratio conjugate denominator= from_decimal from_float from_number? imag= is_integer? limit_denominator numerator= real=
UUID object __firstlineno__=? __int__ __module__= __setstate__ __slots__= __static_attributes__=? __weakref__= bytes= bytes_le= clock_seq= clock_seq_hi_variant= clock_seq_low= fields= hex= int= is_safe= node= time= time_hi_version= time_low= time_mid= urn= variant= version=
SimpleNamespace object __dict__= __hash__= __replace__?
Logger object __dict__= __firstlineno__=? __module__= __static_attributes__=? __weakref__= addFilter addHandler callHandlers critical debug error exception fatal filter findCaller getChild getChildren? getEffectiveLevel handle hasHandlers info isEnabledFor log makeRecord manager= removeFilter removeHandler root= setLevel warn warning
BaseException object __cause__= __context__= __dict__= __setstate__ __suppress_context__= __traceback__= add_note args= with_traceback
BaseExceptionGroup BaseException __class_getitem__ derive exceptions= message= split subgroup
Exception BaseException 
GeneratorExit BaseException 
KeyboardInterrupt BaseException 
SystemExit BaseException code=
ArithmeticError Exception 
AssertionError Exception 
AttributeError Exception name= obj=
BufferError Exception 
EOFError Exception 
ImportError Exception msg= name= name_from=? path=
LookupError Exception 
MemoryError Exception 
NameError Exception name=
OSError Exception characters_written= errno= filename2= filename= strerror=
ReferenceError Exception 
RuntimeError Exception 
StopAsyncIteration Exception 
StopIteration Exception value=
SyntaxError Exception end_lineno= end_offset= filename= lineno= msg= offset= print_file_and_line= text=
SystemError Exception 
TypeError Exception 
ValueError Exception 
Warning Exception 
FloatingPointError ArithmeticError 
OverflowError ArithmeticError 
ZeroDivisionError ArithmeticError 
BytesWarning Warning 
DeprecationWarning Warning 
EncodingWarning Warning 
FutureWarning Warning 
ImportWarning Warning 
PendingDeprecationWarning Warning 
ResourceWarning Warning 
RuntimeWarning Warning 
SyntaxWarning Warning 
UnicodeWarning Warning 
UserWarning Warning 
BlockingIOError OSError 
ChildProcessError OSError 
ConnectionError OSError 
FileExistsError OSError 
FileNotFoundError OSError 
InterruptedError OSError 
IsADirectoryError OSError 
NotADirectoryError OSError 
PermissionError OSError 
ProcessLookupError OSError 
TimeoutError OSError 
IndentationError SyntaxError 
IndexError LookupError 
KeyError LookupError 
ModuleNotFoundError ImportError 
NotImplementedError RuntimeError 
RecursionError RuntimeError 
UnboundLocalError NameError 
UnicodeError ValueError 
BrokenPipeError ConnectionError 
ConnectionAbortedError ConnectionError 
ConnectionRefusedError ConnectionError 
ConnectionResetError ConnectionError 
TabError IndentationError 
UnicodeDecodeError UnicodeError encoding= end= object= reason= start=
UnicodeEncodeError UnicodeError encoding= end= object= reason= start=
UnicodeTranslateError UnicodeError encoding= end= object= reason= start=
ExceptionGroup BaseExceptionGroup __module__= __weakref__=
_IncompleteInputError SyntaxError 
PythonFinalizationError RuntimeError 
`;
